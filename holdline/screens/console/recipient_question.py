"""For whom words, notes and commands are, where the desk would have to guess: one button for each answer."""

from dataclasses import asdict, replace

from holdline.desk.routing.reply_target import Meaning
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.screens.console.ambiguity import Doubt, doubt_about
from holdline.screens.console.reply_position import show, spot_of
from holdline.screens.dialog_link import way
from holdline.screens.forms import resend
from holdline.screens.forms.form import Form, FormSpot, Kind, opened, saved
from holdline.screens.keyboards import Button, Rows, press
from holdline.screens.screen import Window
from holdline.store.delivery.album_parts import signed
from holdline.store.tx import Tx
from holdline.texts import say

WHICH = "which"
"""A form that keeps a note or a command until a tap says which dialog is meant; it never leads to a customer."""


def ask_for_whom(tx: Tx, manager: Manager, meaning: Meaning, content: Content) -> bool:
    """Whether the desk has asked; the words wait for the tap, and nothing has gone out.

    A Telegram reply points at its customer, so where no topic says otherwise only the dialog entered can be wrong.
    """
    doubt = doubt_about(tx, manager, meaning, content)
    if doubt is None:
        return _joins_its_album(tx, manager, content)
    first = doubt.choices[-1]
    form = resend.keep(tx, manager, content, customer_id=first.customer_id, meaning=asdict(meaning))
    if form is None:
        return False
    buttons = [
        resend.to_customer(form, f"💬 {one.name}", one.customer_id)
        if one.dialog_id is None
        else resend.in_dialog(form, f"💬 {one.caption}", one.dialog_id)
        for one in doubt.choices
    ]
    _show(tx, manager, content, doubt=doubt, buttons=buttons, drop=resend.drop(form, manager.language))
    return True


def ask_which(tx: Tx, manager: Manager, meaning: Meaning, parts: list[Content]) -> bool:
    """The same for a note or a command, the first of `parts`: nothing has been done with them."""
    doubt = doubt_about(tx, manager, meaning, parts[0], newer="which_newer")
    if doubt is None:
        return False
    assert parts[0].chat_id is not None
    spot = FormSpot(parts[0].chat_id, parts[0].thread_id)
    values = {"contents": [asdict(part) for part in parts]}
    form = opened(tx, manager, Kind(WHICH), spot=spot, values=values)
    saved(tx, form)
    buttons = [_chosen(form, one.caption, one.dialog_id or 0, one.customer_id) for one in doubt.choices]
    drop = _chosen(form, say("windows.cancel", manager.language), 0, 0)
    _show(tx, manager, parts[0], doubt=doubt, buttons=buttons, drop=drop)
    return True


def _chosen(form: Form, caption: str, dialog_id: int, customer_id: int) -> Button:
    """Two zeros: neither."""
    return press(caption, WHICH, form.id, dialog_id, customer_id)


def _joins_its_album(tx: Tx, manager: Manager, content: Content) -> bool:
    """The first part was asked about, so the others wait with it."""
    form = resend.kept_album(tx, manager, content)
    if form is None:
        return False
    resend.keep(tx, manager, content, customer_id=form.values["customer_id"], meaning=form.values["meaning"])
    return True


def _show(
    tx: Tx, manager: Manager, content: Content, *, doubt: Doubt, buttons: list[Button], drop: Button
) -> None:
    """Once for an album."""
    rows: Rows = [[button] for button in (*buttons, drop)]
    if doubt.ended_dialog_id is not None:
        there = doubt.ended_dialog_id
        rows.insert(0, [way(tx, there, say("manager.go", manager.language, id=there))])
    spot = spot_of(content)
    if content.album_id is not None:
        spot = replace(spot, cause=signed(spot.chat_id, content.album_id))
    show(tx, spot, Window(doubt.question, rows), name="whom")
