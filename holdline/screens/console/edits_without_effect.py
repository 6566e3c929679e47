"""An edit of a message that became nothing: a command, or words that were refused. Nobody could see the new words.

People correct a slip by editing, so silence would look like success. What could be meant for a customer is kept, and
one tap sends it; a command never runs by an edit.
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
    """Whether it was told; what colleagues say to each other in the group is nobody's business."""
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
    """Where it is clear for whom it would be; not a part of an album, whose others nobody has kept."""
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
