"""An edit of a message that had no effect: a command, or text that was refused. Nobody would see the new text.

People correct mistakes by editing, so without an answer the edit would look successful. Text that may be meant for a
customer is kept, and one tap sends it. An edit never runs a command.
"""

from dataclasses import asdict

from holdline.desk.routing.intent import resolve_target
from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.marks import is_for_desk_only, parse_typed_command
from holdline.screens.console.recipient_question import find_ambiguity
from holdline.screens.console.reply_position import reply_position_of, show
from holdline.screens.forms import resend
from holdline.screens.screen import Screen
from holdline.store.dialogs import dialogs
from holdline.store.people import bots
from holdline.store.tx import Tx
from holdline.telegram.chats import is_group
from holdline.texts import say


def answer_edit_without_effect(tx: Tx, manager: Manager, content: Content, *, edit: str) -> bool:
    """Whether an answer was given. Talk between colleagues in the group gets none."""
    if not content.text.strip() or _is_for_another_bot(tx, content):
        return False
    if is_for_desk_only(content.text):
        answer = Screen(say("manager.edit_is_no_command", manager.language))
    else:
        meaning = resolve_target(tx, manager=manager, content=content, forms_count=False)
        if meaning.kind in ("nowhere", "inbox", "window") and is_group(content.chat_id or 0):
            return False
        answer = _offer_to_send(tx, manager, content, meaning) or Screen(
            say("manager.edit_to_nobody", manager.language)
        )
    show(tx, reply_position_of(content), answer, name=f"edit_of_nothing:{edit}")
    return True


def _is_for_another_bot(tx: Tx, content: Content) -> bool:
    command = parse_typed_command(content.text)
    return command is not None and command[1] is not None and not bots.is_own_username(tx, command[1])


def _offer_to_send(tx: Tx, manager: Manager, content: Content, meaning: ReplyTarget) -> Screen | None:
    """Only if the customer is clear. Not for a part of an album, because its other parts were not kept."""
    customer_id = meaning.customer_id
    if customer_id is None and meaning.kind == "dialog" and meaning.dialog_id is not None:
        customer_id = dialogs.by_id(tx, meaning.dialog_id).customer_id
    if customer_id is None or content.album_id is not None or not is_allowed(manager, Act.REPLY):
        return None
    if meaning.kind not in ("dialog", "general") or find_ambiguity(tx, manager, meaning, content):
        return None
    form = resend.keep(tx, manager, content, customer_id=customer_id, meaning=asdict(meaning))
    if form is None:
        return None
    words = say("manager.edit_not_sent", manager.language, name=resend.customer_name(tx, customer_id))
    rows = [resend.send_buttons(tx, form, manager.language), [resend.drop_button(form, manager.language)]]
    return Screen(words, rows)
