"""Edits in both directions: a customer's for the desk, and a manager's for the customer."""

import hashlib
from typing import Any

from aiogram import Router
from aiogram.types import Message

from holdline.bot.content import UNSUPPORTED, content_of, sender_of
from holdline.bot.filters import FromManager, PrivateCustomer
from holdline.bot.handlers.errors import act_or_refuse
from holdline.bot.handlers.ui_response import update_form_message
from holdline.bot.work import Work
from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.drafts import edit_draft
from holdline.desk.conversation.incoming import apply_customer_edit, apply_former_customer_edit
from holdline.desk.conversation.notes import edit_note, is_note_of
from holdline.desk.conversation.replies import Origin
from holdline.desk.people.managers import get_acting_manager
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.text.marks import is_for_desk_only, is_other_command
from holdline.screens.console.edits_without_effect import answer_edit_without_effect
from holdline.screens.console.recipient_question import WHICH
from holdline.screens.console.refusals import refuse_message
from holdline.screens.console.reply_position import reply_position_of, show
from holdline.screens.forms import form_line, resend
from holdline.screens.forms.form import Form
from holdline.screens.screen import Screen, UiResponse
from holdline.store.delivery import waiting_albums
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
    await act_or_refuse(work, sender, apply_customer_edit, sender=sender, content=content)


async def on_manager(message: Message, work: Work, gateway: Any) -> None:
    """Shows a refusal, for example of a paused dialog, under the edited message."""
    sender, content = sender_of(message), content_of(message)
    if sender is None or content is None:
        await work.ignore("a service message")
        return
    try:
        response = await work.act(
            receive_manager_edit, sender=sender, content=content, edit=_edit_of(message)
        )
    except DeskError as error:
        await work.act(
            refuse_message,
            sender=sender,
            content=content,
            error=error,
            name=f"refused:{_edit_of(message)}",
        )
        return
    await update_form_message(gateway, response)


def _edit_of(message: Message) -> str:
    """A key that is equal if the same update is handled twice, and different for each edit."""
    words = (message.text or message.caption or "").encode()
    return f"{message.edit_date}:{hashlib.sha256(words).hexdigest()[:8]}"


def receive_manager_edit(tx: Tx, *, sender: MessageSender, content: Content, edit: str) -> UiResponse | None:
    """Applies a manager's edit, also to a part of an album that is still collected, or to a message from the time when
    the manager was a customer in the same chat.

    `edit` distinguishes the edits of one message, so that each is answered once.
    """
    if waiting_albums.edit_part(tx, content):
        return None
    assert content.chat_id is not None and content.tg_message_id is not None
    manager = get_acting_manager(tx, sender.telegram_id)
    form = resend.form_of_message(tx, manager, content.chat_id, content.tg_message_id)
    if form is not None and not form.values.get("edited"):
        return _edit_waiting_message(tx, manager, form, content, edit=edit)
    if edit_draft(tx, manager=manager, content=content) or _edit_note(tx, manager, content, edit):
        return None
    if apply_manager_edit(tx, manager=manager, content=content):
        if form is not None:
            resend.remove_message(tx, form, content.tg_message_id)  # the customer has the newest words now
        return None
    if not apply_former_customer_edit(tx, sender=sender, content=content):
        answer_edit_without_effect(tx, manager, content, edit=edit)
    return None


def _edit_waiting_message(
    tx: Tx, manager: Manager, form: Form, content: Content, *, edit: str
) -> UiResponse | None:
    """Changes a message that waits for a choice of the recipient, and the question below it."""
    before, response, name = resend.replace_message(tx, form, content), None, "kept"
    if form.kind == WHICH:
        name = "which"
    elif is_for_desk_only(content.text):
        name = "kept_mark"
    elif form.kind == form_line.KIND and not form.values["asks"]:
        response = form_line.replace_answer(tx, form, manager, content, before=before)
        name = "form" if response is not None else "form_not"
    answer = Screen(say(f"manager.edit_{name}", manager.language))
    show(tx, reply_position_of(content), answer, name=f"edit_kept:{edit}")
    return response


def _edit_note(tx: Tx, manager: Manager, content: Content, edit: str) -> bool:
    """Confirms each edit of a note, because nothing else shows that it was accepted. A command is not accepted as a
    note's new text.
    """
    origin = Origin.of(content)
    assert origin is not None
    if is_other_command(content.text) and is_note_of(tx, manager=manager, origin=origin):
        return answer_edit_without_effect(tx, manager, content, edit=edit)
    dialog_id = edit_note(tx, manager=manager, text=content.text, origin=origin)
    if dialog_id is not None:
        answer = Screen(say("manager.note_edited", manager.language, id=dialog_id))
        show(tx, reply_position_of(content), answer, name=f"note_edited:{edit}")
    return dialog_id is not None
