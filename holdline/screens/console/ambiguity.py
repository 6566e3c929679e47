"""When the desk asks for whom something is, instead of guessing: the question, and between whom to choose."""

from dataclasses import dataclass, replace

from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.screens.forms import resend
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import EPOCH, Tx
from holdline.texts import say

FOR_WHOM = "for_whom"
"""The question about words for a customer; every other one is about notes and commands."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A customer's dialog, or without a number the customer outside any dialog."""

    customer_id: int
    name: str
    dialog_id: int | None

    @property
    def caption(self) -> str:
        return self.name if self.dialog_id is None else f"{self.name} · #{self.dialog_id}"


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """`ended_dialog_id`: the dialog whose topic this was; the way to it is offered too."""

    question: str
    choices: list[Choice]
    ended_dialog_id: int | None = None


def find_ambiguity(
    tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content, *, newer: str = FOR_WHOM
) -> Ambiguity | None:
    """None where it is clear. `newer` asks where another customer's words are newer than the dialog entered."""
    if meaning.kind not in ("dialog", "general", "form"):
        return None
    is_for_customer = newer == FOR_WHOM
    choice = _choice(tx, meaning.dialog_id, meaning.customer_id)
    if meaning.doubt:
        other = _choice(tx, meaning.other_dialog_id, meaning.other_customer_id)
        key = f"manager.doubt_{meaning.doubt}"
        captions = {"here": choice.caption if choice else "", "other": other.caption if other else ""}
        question = say(key, manager.language, **captions)
        ended = meaning.dialog_id if meaning.doubt == "ended" else None
        return Ambiguity(question, _distinct_choices(tx, (other, choice), is_for_customer), ended)
    other = _others_words(tx, manager, content, choice) if meaning.entered and choice else None
    if other is None or choice is None:
        return None
    words = {"id": meaning.dialog_id, "here": choice.name, "name": other.name}
    question = say(f"manager.{newer}", manager.language, **words)
    return Ambiguity(question, _distinct_choices(tx, (other, choice), is_for_customer))


def _distinct_choices(tx: Tx, choices: tuple[Choice | None, ...], is_for_customer: bool) -> list[Choice]:
    """Each once. Words go where they can be received: instead of a dialog that takes none, to its customer."""
    there = [choice for choice in choices if choice is not None]
    if is_for_customer:
        there = [_with_active_dialog(tx, choice) for choice in there]
    return list(dict.fromkeys(there))


def _with_active_dialog(tx: Tx, choice: Choice) -> Choice:
    """The customer's active dialog, or outside any; a paused or closed one would refuse the words."""
    return replace(choice, dialog_id=dialogs.active_id(tx, choice.customer_id))


def _choice(tx: Tx, dialog_id: int | None, customer_id: int | None) -> Choice | None:
    if dialog_id is not None:
        customer_id = dialogs.by_id(tx, dialog_id).customer_id
    if customer_id is None:
        return None
    return Choice(customer_id, resend.customer_name(tx, customer_id), dialog_id)


def _others_words(tx: Tx, manager: Manager, content: Content, choice: Choice) -> Choice | None:
    """Another customer whose words stand below everything of the dialog entered, where a plain line seems to answer.

    What was shown before the manager entered misled nobody: entering came after it.
    """
    assert content.chat_id is not None and content.tg_message_id is not None
    newest = telegram_messages.nearest_message_above(
        tx, content.chat_id, customer_id=choice.customer_id, before=content.tg_message_id
    )
    if newest is None or newest["of_customer_id"] == choice.customer_id:
        return None
    if newest["created_at"] <= (manager.entered_at or EPOCH):
        return None
    return _choice(tx, newest["dialog_id"], newest["of_customer_id"])
