"""When the desk asks for whom something is, instead of guessing: the question, and between whom to choose."""

from dataclasses import dataclass

from holdline.bot.handlers.pointing import Meaning, customer_of
from holdline.bot.windows import kept
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store import copies, dialogs
from holdline.store.tx import EPOCH, Row, Tx
from holdline.texts import say


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
class Doubt:
    """`ended_dialog_id`: the dialog whose topic this was; the way to it is offered too."""

    question: str
    choices: list[Choice]
    ended_dialog_id: int | None = None


def doubt_about(
    tx: Tx, manager: Manager, meaning: Meaning, content: Content, *, newer: str = "for_whom"
) -> Doubt | None:
    """None where it is clear. `newer` asks where the newest thing in the chat is another's than the dialog entered."""
    if meaning.kind not in ("dialog", "general"):
        return None
    here = _choice(tx, meaning.dialog_id, meaning.customer_id)
    if meaning.doubt:
        other = _choice(tx, meaning.other_dialog_id, meaning.other_customer_id)
        key = f"manager.doubt_{meaning.doubt}"
        captions = {"here": here.caption if here else "", "other": other.caption if other else ""}
        question = say(key, manager.language, **captions)
        ended = meaning.dialog_id if meaning.doubt == "ended" else None
        return Doubt(question, [one for one in (other, here) if one is not None], ended)
    newest = _newest_since_entering(tx, manager, content) if meaning.entered else None
    other = _choice(tx, newest["dialog_id"], customer_of(tx, newest)) if newest else None
    if other is None or here is None or other.customer_id == here.customer_id:
        return None
    words = {"id": meaning.dialog_id, "here": here.name, "name": other.name}
    return Doubt(say(f"manager.{newer}", manager.language, **words), [other, here])


def _choice(tx: Tx, dialog_id: int | None, customer_id: int | None) -> Choice | None:
    if dialog_id is not None:
        customer_id = dialogs.by_id(tx, dialog_id).customer_id
    if customer_id is None:
        return None
    return Choice(customer_id, kept.name_of(tx, customer_id), dialog_id)


def _newest_since_entering(tx: Tx, manager: Manager, content: Content) -> Row | None:
    """What was shown before the manager entered misled nobody: entering came after it."""
    assert content.chat_id is not None and content.tg_message_id is not None
    newest = copies.newest_matter(tx, content.chat_id, before=content.tg_message_id)
    if newest is None or newest["created_at"] <= (manager.entered_at or EPOCH):
        return None
    return newest
