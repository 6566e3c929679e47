"""Wizards and windows, stored as rows, so that half-filled forms survive a restart."""

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
    """Opens a form and returns its id; `values["thread_id"]`, if given, is the thread in which it is shown."""
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
    """The form's row, finished or not, locked until the end of the transaction, so that two taps are handled one after
    the other.
    """
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
    """Saves a form; a finished one stays finished. If it `awaits_text`, the manager's other forms in the same spot stop
    waiting for text. A form that `asks` takes a plain line for a while; otherwise only a reply to its own message.
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
    """Finishes the form; returns whether it was open until now, so that only one of two taps on “Send” takes effect."""
    return forms.finish(tx, form_id)


def forget_old_forms(tx: Tx) -> int:
    """Deletes forms opened more than 30 days ago and returns their number. A chore of the timers."""
    return forms.forget_before(tx, tx.at - KEPT)
