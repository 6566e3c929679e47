"""Asks whom a message, a note or a command is for if that is unclear, with one button per answer."""

from dataclasses import asdict, dataclass, replace

from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.console.reply_position import reply_position_of, show
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.forms import resend
from holdline.screens.forms.form import Form, FormKind, FormPosition, open_form, save_form
from holdline.screens.keyboards import Button, ButtonRows, callback_button
from holdline.screens.screen import Screen
from holdline.store.delivery import telegram_messages
from holdline.store.delivery.album_parts import album_key
from holdline.store.dialogs import dialogs
from holdline.store.tx import EPOCH, Tx
from holdline.texts import say

WHICH = "which"
"""A form that keeps a note or a command until a tap says which dialog is meant. It never sends to a customer."""
FOR_WHOM = "for_whom"
"""The question about messages for a customer. All others are about notes and commands."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A customer's dialog; without a dialog, the customer outside any dialog."""

    customer_id: int
    name: str
    dialog_id: int | None

    @property
    def caption(self) -> str:
        return self.name if self.dialog_id is None else f"{self.name} · #{self.dialog_id}"


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """`ended_dialog_id`: the dialog whose topic this was. A link to it is offered too."""

    question: str
    choices: list[Choice]
    ended_dialog_id: int | None = None


def find_ambiguity(
    tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content, *, newer: str = FOR_WHOM
) -> Ambiguity | None:
    """None if it is clear. `newer` is the question if another customer's message is newer than the entered dialog's."""
    if meaning.kind not in ("dialog", "general", "form") or not (meaning.doubt or meaning.entered):
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
    other = _newer_message_of_another(tx, manager, content, choice) if choice else None
    if other is None or choice is None:
        return None
    words = {"id": meaning.dialog_id, "here": choice.name, "name": other.name}
    question = say(f"manager.{newer}", manager.language, **words)
    return Ambiguity(question, _distinct_choices(tx, (other, choice), is_for_customer))


def _distinct_choices(tx: Tx, choices: tuple[Choice | None, ...], is_for_customer: bool) -> list[Choice]:
    """The choices without duplicates. For a message, a dialog that accepts none is replaced by its customer."""
    there = [choice for choice in choices if choice is not None]
    if is_for_customer:
        there = [_with_active_dialog(tx, choice) for choice in there]
    return list(dict.fromkeys(there))


def _with_active_dialog(tx: Tx, choice: Choice) -> Choice:
    """The customer's active dialog, or none. A paused or closed one would refuse the message."""
    return replace(choice, dialog_id=dialogs.active_id(tx, choice.customer_id))


def _choice(tx: Tx, dialog_id: int | None, customer_id: int | None) -> Choice | None:
    if dialog_id is not None:
        customer_id = dialogs.by_id(tx, dialog_id).customer_id
    if customer_id is None:
        return None
    return Choice(customer_id, resend.customer_name(tx, customer_id), dialog_id)


def _newer_message_of_another(tx: Tx, manager: Manager, content: Content, choice: Choice) -> Choice | None:
    """Another customer whose message is below the entered dialog's latest, so that a plain message seems to answer it.

    Messages shown before the manager entered the dialog do not count.
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


def ask_recipient(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> bool:
    """Whether the manager was asked. The message waits for the tap, and nothing was sent.

    A Telegram reply points at its customer. Without it, only the entered dialog can be wrong, unless a topic says
    otherwise.
    """
    doubt = find_ambiguity(tx, manager, meaning, content)
    if doubt is None:
        return content.album_id is not None and _joins_its_album(tx, manager, content)
    first = doubt.choices[-1]
    form = resend.keep(tx, manager, content, customer_id=first.customer_id, meaning=asdict(meaning))
    if form is None:
        return False
    buttons = [
        resend.send_to_customer_button(form, f"💬 {choice.name}", choice.customer_id)
        if choice.dialog_id is None
        else resend.send_in_dialog_button(form, f"💬 {choice.caption}", choice.dialog_id)
        for choice in doubt.choices
    ]
    _show(tx, manager, content, doubt=doubt, buttons=buttons, drop=resend.drop_button(form, manager.language))
    return True


def ask_dialog(tx: Tx, manager: Manager, meaning: ReplyTarget, parts: list[Content]) -> bool:
    """The same for a note or a command, the first of `parts`. Nothing was done with them."""
    doubt = find_ambiguity(tx, manager, meaning, parts[0], newer="which_newer")
    if doubt is None:
        return False
    assert parts[0].chat_id is not None
    spot = FormPosition(parts[0].chat_id, parts[0].thread_id)
    values = {"contents": [asdict(part) for part in parts]}
    form = open_form(tx, manager, FormKind(WHICH), spot=spot, values=values)
    save_form(tx, form)
    buttons = [
        _choice_button(form, choice.caption, choice.dialog_id or 0, choice.customer_id)
        for choice in doubt.choices
    ]
    drop = _choice_button(form, say("windows.cancel", manager.language), 0, 0)
    _show(tx, manager, parts[0], doubt=doubt, buttons=buttons, drop=drop)
    return True


def _choice_button(form: Form, caption: str, dialog_id: int, customer_id: int) -> Button:
    """Two zeros mean neither."""
    return callback_button(caption, DeskVerb.CHOOSE_DIALOG, form.id, dialog_id, customer_id)


def _joins_its_album(tx: Tx, manager: Manager, content: Content) -> bool:
    """If the first part was asked about, the other parts wait with it."""
    form = resend.album_form(tx, manager, content)
    if form is None:
        return False
    resend.keep(tx, manager, content, customer_id=form.values["customer_id"], meaning=form.values["meaning"])
    return True


def _show(
    tx: Tx, manager: Manager, content: Content, *, doubt: Ambiguity, buttons: list[Button], drop: Button
) -> None:
    """Once per album."""
    rows: ButtonRows = [[button] for button in (*buttons, drop)]
    if doubt.ended_dialog_id is not None:
        there = doubt.ended_dialog_id
        rows.insert(0, [dialog_link_button(tx, there, say("manager.go", manager.language, id=there))])
    spot = reply_position_of(content)
    if content.album_id is not None:
        spot = replace(spot, cause=album_key(spot.chat_id, content.album_id))
    show(tx, spot, Screen(doubt.question, rows), name="whom")
