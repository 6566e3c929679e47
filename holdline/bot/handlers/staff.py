"""The managers' side: every message of the staff group, and what managers write in their own chat with the bot."""

from collections.abc import Callable
from typing import Any

from aiogram import Router
from aiogram.types import Message

from holdline.bot.content import content_of, sender_of
from holdline.bot.handlers.albums import decide_earlier
from holdline.bot.handlers.desk_filters import AtDesk, Ordered, Unnamed
from holdline.bot.handlers.ui_response import shown_elsewhere
from holdline.bot.work import Work
from holdline.dialogs.refusal import DeskError
from holdline.screens.console.commands import answer_by_reading, manager_ordered, reading_command, show_found
from holdline.screens.console.manager_message import manager_wrote
from holdline.screens.console.refusals import refuse_message, unnamed
from holdline.screens.screen import Reaction
from holdline.store.delivery import waiting_albums
from holdline.store.engine import Store


def staff_router() -> Router:
    """Asked before the customers' router: it takes the staff group whole, and managers' private chats."""
    router = Router(name="staff")
    router.message.filter(AtDesk())
    router.message.register(on_unnamed, Unnamed())
    router.message.register(on_command, Ordered())
    router.message.register(on_message)
    return router


async def on_unnamed(message: Message, work: Work, unnamed_as: str) -> None:
    """An anonymous administrator or a channel: history could not say who it was."""
    content = content_of(message)
    if content is None:
        await work.ignore("a service message")
        return
    await work.act(unnamed, content=content, key=f"manager.unnamed_{unnamed_as}")


async def on_command(message: Message, work: Work, store: Store, gateway: Any) -> None:
    """What only looks through the desk does so beside the writer; the answer is then one short write."""
    command = reading_command(message.text or "")
    if command is None:
        await _act(message, work, (store, gateway), manager_ordered)
        return
    content, sender = content_of(message), sender_of(message)
    assert content is not None and sender is not None, "a command is a text of a person"
    try:
        read = store.read_much if command.reads_much else store.read
        found = await read(answer_by_reading, sender=sender, content=content)
    except DeskError as error:
        await work.act(refuse_message, sender=sender, content=content, error=error)
        return
    await work.act(show_found, found=found)


async def on_message(message: Message, work: Work, store: Store, gateway: Any) -> None:
    await _act(message, work, (store, gateway), manager_wrote)


async def _act(
    message: Message, work: Work, at: tuple[Store, Any], use_case: Callable[..., Reaction | None]
) -> None:
    """One unit; its refusal is another, in words under the very message. A part of an album waits for the others."""
    content, sender = content_of(message), sender_of(message)
    if content is None or sender is None:
        await work.ignore("a service message")
        return
    store, gateway = at
    await decide_earlier(store, gateway, sender=sender, content=content)
    if content.album_id is not None:
        await work.act(waiting_albums.keep, sender, content)
        return
    try:
        reaction = await work.act(use_case, sender=sender, content=content)
    except DeskError as error:
        await work.act(refuse_message, sender=sender, content=content, error=error)
        return
    await shown_elsewhere(gateway, reaction)
