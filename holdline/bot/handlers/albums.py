"""Managers' albums. The parts are collected first and then handled together, as one message."""

import asyncio
from typing import Any

import structlog

from holdline.bot.handlers.ui_response import EphemeralGateway, update_form_message
from holdline.bot.intake.interruptible import run_unless_stopped
from holdline.dialogs.album import main_part, with_one_reply
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.text.marks import parse_typed_command
from holdline.screens.console.commands import receive_manager_command
from holdline.screens.console.manager_message import receive_manager_album
from holdline.screens.console.refusals import refuse_album
from holdline.screens.console.reply_position import ReplyPosition, show
from holdline.screens.screen import Screen, UiResponse
from holdline.store.delivery import waiting_albums
from holdline.store.delivery.waiting_albums import WaitingAlbum
from holdline.store.engine import Store
from holdline.store.errors import StoreConflict, StoreUnavailable
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.texts import say

TRIES = 3
LOOK_SECONDS = 5.0
"""The interval of checks without a bell. A bell rings when a part arrives."""
_SOONEST_SECONDS = 0.05

log = structlog.get_logger("albums")


class AlbumLoop:
    """Handles albums that are complete. It also finds those that a dead process left behind."""

    def __init__(self, store: Store, gateway: EphemeralGateway) -> None:
        self._store = store
        self._gateway = gateway

    async def tick(self) -> int:
        """Handles every album that is complete now, and returns how many there were."""
        complete = await self._store.read(waiting_albums.list_complete)
        for album in complete:
            try:
                await decide_album(self._store, self._gateway, album)
            except (StoreUnavailable, StoreConflict) as later:
                log.info("album_waits", reason=type(later).__name__)
        return len(complete)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.tick()
            await run_unless_stopped(
                stop, self._store.bells.wait("albums", await self._store.read(_rest_seconds))
            )


async def decide_earlier_albums(
    store: Store, gateway: Any, *, sender: MessageSender, content: Content
) -> None:
    """Handles the sender's earlier album in that chat first, complete or not, so that the order is kept."""
    assert content.chat_id is not None
    where = {"chat_id": content.chat_id, "telegram_id": sender.telegram_id}
    for album in await store.read(waiting_albums.of_person, **where, except_album=content.album_id):
        await decide_album(store, gateway, album)


async def decide_album(store: Store, gateway: EphemeralGateway, album: WaitingAlbum) -> None:
    """Handles the whole album in one transaction, and a refusal in another. An album that fails three times is reported
    and dropped.
    """
    try:
        response = await store.act(receive_album, album=album)
    except DeskError as error:
        await store.act(_refuse, album=album, error=error)
    except (StoreUnavailable, StoreConflict):
        raise
    except Exception as broken:
        log.error("album_failed", reason=type(broken).__name__, chat_id=album.chat_id)  # noqa: TRY400 - a trace may quote people
        await store.act(_count_failure, album=album)
    else:
        await update_form_message(gateway, response)


def receive_album(tx: Tx, *, album: WaitingAlbum) -> UiResponse | None:
    """Handles the album as a command, an answer to a form, a note, or a message for a customer."""
    waiting = waiting_albums.take(tx, album)
    if waiting is None:
        return None
    sender, parts = waiting[0], with_one_reply(waiting[1])
    speaker = main_part(parts)
    if parse_typed_command(speaker.text) is None:
        return receive_manager_album(tx, sender=sender, parts=parts)
    others = [part for part in parts if part is not speaker]
    receive_manager_command(tx, sender=sender, content=speaker, others=others)
    return None


def _refuse(tx: Tx, *, album: WaitingAlbum, error: DeskError) -> None:
    if waiting := waiting_albums.take(tx, album):
        refuse_album(tx, sender=waiting[0], parts=with_one_reply(waiting[1]), error=error)


def _count_failure(tx: Tx, *, album: WaitingAlbum) -> None:
    if waiting_albums.record_failure(tx, album) < TRIES:
        return
    first = waiting_albums.drop(tx, album)
    if first is not None:
        manager = managers.by_telegram_id(tx, album.telegram_id)
        language = manager.language if manager else tx.rules.language
        spot = ReplyPosition(album.chat_id, first.thread_id, first.tg_message_id, f"album:{album.album_id}")
        show(tx, spot, Screen(say("manager.album_failed", language)), name="refused")


def _rest_seconds(tx: Tx) -> float:
    due = waiting_albums.next_complete_at(tx)
    rest = (due - tx.at).total_seconds() if due else LOOK_SECONDS
    return min(max(rest, _SOONEST_SECONDS), LOOK_SECONDS)
