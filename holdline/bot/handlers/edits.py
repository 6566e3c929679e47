"""Edits travel both ways: a customer's to the desk, a manager's to the customer."""

from aiogram import Router
from aiogram.types import Message

from holdline.bot.content import UNSUPPORTED, content_of, sender_of
from holdline.bot.filters import FromManager, PrivateCustomer
from holdline.bot.handlers.errors import done_or_told
from holdline.bot.handlers.refusals import refuse_message
from holdline.bot.handlers.said import origin_of
from holdline.bot.handlers.spot import show, spot_of
from holdline.bot.windows import kept
from holdline.bot.windows.window import Window
from holdline.bot.work import Work
from holdline.desk.corrections import manager_edited
from holdline.desk.incoming import customer_edited, edit_own_words_as_customer
from holdline.desk.managers import acting
from holdline.desk.notes import edit_note
from holdline.dialogs.customer import Sender
from holdline.dialogs.manager import Manager
from holdline.dialogs.marks import words_of_note
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError
from holdline.store import waiting_albums
from holdline.store.tx import Tx
from holdline.texts import say


def router() -> Router:
    built = Router(name="edits")
    built.edited_message.register(on_manager, FromManager())
    built.edited_message.register(on_customer, PrivateCustomer())
    return built


async def on_customer(message: Message, work: Work) -> None:
    sender, content = sender_of(message), content_of(message)
    if sender is None or content is None or content.kind == UNSUPPORTED:
        await work.ignore("nothing that a copy could show was edited")
        return
    await done_or_told(work, sender, customer_edited, sender=sender, content=content)


async def on_manager(message: Message, work: Work) -> None:
    """What is refused (a dialog paused meanwhile) is said under the edited message."""
    sender, content = sender_of(message), content_of(message)
    if sender is None or content is None:
        await work.ignore("a service message")
        return
    try:
        await work.act(edited, sender=sender, content=content)
    except DeskError as error:
        await work.act(refuse_message, telegram_id=sender.telegram_id, content=content, error=error)


def edited(tx: Tx, *, sender: Sender, content: Content) -> bool:
    """A part of an album that waits is changed there. A manager may have been a customer before, in the same chat."""
    if waiting_albums.change(tx, content):
        return True
    manager = acting(tx, sender.telegram_id)
    if kept.change(tx, manager, content) or _edited_note(tx, manager, content):
        return True
    if manager_edited(tx, manager=manager, content=content):
        return True
    return edit_own_words_as_customer(tx, sender=sender, content=content)


def _edited_note(tx: Tx, manager: Manager, content: Content) -> bool:
    """Confirmed as a new note is: nothing else shows that it was taken."""
    words, spot = words_of_note(content.text), spot_of(content)
    dialog_id = edit_note(tx, manager=manager, text=words, origin=origin_of(content))
    if dialog_id is not None:
        show(tx, spot, Window(say("manager.noted", manager.language, id=dialog_id)), name="note_edited")
    return dialog_id is not None
