"""Managers' messages: everything in the staff group, and managers' own chats with the bot."""

from collections.abc import Callable
from functools import partial
from typing import Any

from aiogram import Router
from aiogram.types import Message

from holdline.bot.content import content_of, sender_of
from holdline.bot.handlers.albums import decide_earlier_albums
from holdline.bot.handlers.desk_filters import AnonymousSender, AtDesk, IsCommand
from holdline.bot.handlers.replied import find_replied_parts
from holdline.bot.handlers.ui_response import update_form_message
from holdline.bot.work import Work
from holdline.dialogs.refusal import DeskError
from holdline.screens.console.commands import (
    is_about_replied,
    read_only_command,
    receive_manager_command,
    run_read_only_command,
    show_reply,
)
from holdline.screens.console.manager_message import receive_manager_message
from holdline.screens.console.refusals import refuse_anonymous, refuse_message
from holdline.screens.screen import UiResponse
from holdline.store.delivery import waiting_albums
from holdline.store.engine import Store


def staff_router() -> Router:
    """The router for managers, before the customers' router. It takes all messages of the staff group and of managers'
    private chats.
    """
    router = Router(name="staff")
    router.message.filter(AtDesk())
    router.message.register(on_anonymous, AnonymousSender())
    router.message.register(on_command, IsCommand())
    router.message.register(on_message)
    return router


async def on_anonymous(message: Message, work: Work, unnamed_as: str) -> None:
    """Refuses an anonymous administrator or a channel, because history could not name them."""
    content = content_of(message)
    if content is None:
        await work.ignore("a service message")
        return
    await work.act(refuse_anonymous, content=content, key=f"manager.unnamed_{unnamed_as}")


async def on_command(message: Message, work: Work, store: Store, gateway: Any) -> None:
    """Handles a command. Commands that only read use a reader connection, and then one short transaction for the
    answer.
    """
    command = read_only_command(message.text or "")
    if command is None:
        use_case: Callable[..., None] = receive_manager_command
        if is_about_replied(message.text or ""):
            use_case = partial(receive_manager_command, replied=await find_replied_parts(message, store))
        await _act(message, work, (store, gateway), use_case)
        return
    content, sender = content_of(message), sender_of(message)
    assert content is not None and sender is not None, "a command is a text of a person"
    try:
        read = store.read_heavy if command.reads_much else store.read
        reply = await read(run_read_only_command, sender=sender, content=content)
    except DeskError as error:
        await work.act(refuse_message, sender=sender, content=content, error=error)
        return
    await work.act(show_reply, found=reply)


async def on_message(message: Message, work: Work, store: Store, gateway: Any) -> None:
    await _act(message, work, (store, gateway), receive_manager_message)


async def _act(
    message: Message, work: Work, at: tuple[Store, Any], use_case: Callable[..., UiResponse | None]
) -> None:
    """Handles the message in one transaction, and a refusal, shown below the message, in another. A part of an album
    waits for the others.
    """
    content, sender = content_of(message), sender_of(message)
    if content is None or sender is None:
        await work.ignore("a service message")
        return
    store, gateway = at
    await decide_earlier_albums(store, gateway, sender=sender, content=content)
    if content.album_id is not None:
        await work.act(waiting_albums.add_part, sender, content)
        return
    try:
        response = await work.act(use_case, sender=sender, content=content)
    except DeskError as error:
        await work.act(refuse_message, sender=sender, content=content, error=error)
        return
    await update_form_message(gateway, response)
