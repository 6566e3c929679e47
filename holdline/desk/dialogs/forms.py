"""Wizards and windows as rows: whoever restarts the process finds every half-filled form again."""

from datetime import timedelta
from typing import Any

from holdline.desk.people.participants import refuse_if_left
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.store.screens import forms
from holdline.store.tx import EPOCH, Row, Tx

KEPT = timedelta(days=30)


def open_form(
    tx: Tx, *, manager: Manager, chat_id: int, kind: str, step: str, values: dict[str, Any] | None = None
) -> int:
    """The form's id; `values["thread_id"]`, where there is one, says in which thread it stands."""
    refuse_if_left(tx, manager)
    filled = values or {}
    return forms.insert(
        tx,
        {
            "manager_id": manager.id,
            "chat_id": chat_id,
            "thread_id": filled.get("thread_id"),
            "kind": kind,
            "step": step,
            "values": filled,
        },
    )


def form_by_id(tx: Tx, *, form_id: int) -> Row:
    """The row, done or not, held until the end of the unit: two taps at once come one after the other."""
    row = forms.load_locked(tx, form_id)
    if row is None:
        raise NotFound("form", form_id)
    return row


def save_form(
    tx: Tx,
    *,
    form_id: int,
    step: str,
    values: dict[str, Any],
    awaits_text: bool = False,
    asks: bool = True,
    tg_message_id: int | None = None,
) -> None:
    """A form that waits for text takes that over from the manager's others in the same spot; a done one stays done.

    One that `asks` takes a plain line for a while; else it waits for a reply to its own message alone.
    """
    fields = {
        "step": step,
        "values": values,
        "awaits_text": awaits_text,
        "asked_at": tx.at if asks else EPOCH,
        "tg_message_id": tg_message_id,
    }
    if awaits_text:
        forms.stop_awaiting(tx, form_by_id(tx, form_id=form_id))
    forms.save(tx, form_id, fields)


def finish_form(tx: Tx, *, form_id: int) -> bool:
    """Whether it was open until now: of two taps on “Send” only one does the work."""
    return forms.finish(tx, form_id)


def forget_old_forms(tx: Tx) -> int:
    """A chore of the timers: a form opened more than 30 days ago is gone; how many."""
    return forms.forget_before(tx, tx.at - KEPT)
