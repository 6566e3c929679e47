"""Closes a dialog whose customer is silent, after a warning to them, if the desk has turned on this habit.

Silence is read from the messages: an answer, a further reply, a pause or a close needs no extra record to count, and
a timer that was stopped gets the same result.
"""

from dataclasses import replace
from math import ceil

from holdline.desk.automation.habits import actor_of, habits_of
from holdline.desk.automation.steps import Occasion
from holdline.desk.automation.triggers import run_rules
from holdline.desk.customers.customers import send_standard_message
from holdline.desk.dialogs.transitions import apply_close
from holdline.desk.notices import views
from holdline.desk.record import record
from holdline.dialogs.automation.habits import Habits
from holdline.dialogs.automation.silence import GRACE, LastReply, Outlook, Warned, outlook, time_of_close
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.text.times import moment_text, to_rfc3339
from holdline.store.automation import silences
from holdline.store.automation.silences import SilenceWarning
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.screens import outbox_by_key
from holdline.store.tx import Tx, to_micros

_HABIT = "close_after"


def list_possibly_silent(tx: Tx) -> list[int]:
    """Dialogs that may have to be warned or closed. Searches no silent dialogs if the habit is off."""
    habits = habits_of(tx)
    silent = []
    if habits.closes_after is not None:
        silent = silences.list_silent(tx, since=tx.at - habits.closes_after + habits.warns_before)
    return list(dict.fromkeys([*silences.list_due(tx), *silent]))


def follow_silence(tx: Tx, *, dialog_id: int) -> bool:
    """Checks one dialog under its customer's lock and warns or closes if due; returns whether it did."""
    habits, dialog = habits_of(tx), dialogs.load_locked(tx, dialog_id)
    reply, warning = _reply_of(tx, dialog), silences.warning_of(tx, dialog_id)
    match outlook(habits, reply, _state_of(tx, warning), at=tx.at):
        case Outlook.WARN if reply is not None:
            _warn(tx, dialog, reply, habits)
        case Outlook.WAIT if warning is not None:
            silences.put_warning(tx, replace(warning, closes_at=tx.at + GRACE))
            return False
        case Outlook.CLOSE:
            _close(tx, dialog)
        case Outlook.FORGET:
            silences.delete_warning(tx, dialog_id)
            return False
        case _:
            return False
    return True


def warn_customer(tx: Tx, event: Event) -> None:
    """Sends the warning in the customer's language, in words that the desk may edit."""
    dialog, customer = dialogs.of_event(tx, event), customers.of_event(tx, event)
    warning = silences.warning_of(tx, dialog.id)
    if warning is not None:
        words = {"title": dialog.title, "id": dialog.id, "hours": event.data["hours"]}
        send_standard_message(
            tx, customer, "silence_warning", key=warning.said_as, dialog_id=dialog.id, **words
        )


def notify_of_close_warning(tx: Tx, event: Event) -> None:
    """Notifies the dialog's places when it will close, and what keeps it open."""
    dialog = dialogs.of_event(tx, event)
    warning = silences.warning_of(tx, dialog.id)
    if warning is not None:
        at = moment_text(warning.closes_at, tx.rules.time_zone)
        views.notify_dialog(tx, dialog, "habits.warned", {"id": dialog.id, "title": dialog.title, "at": at})


def _reply_of(tx: Tx, dialog: Dialog) -> LastReply | None:
    last = silences.last_reply(tx, dialog.id) if dialog.state == "active" else None
    return LastReply(last["id"], last["created_at"]) if last is not None else None


def _state_of(tx: Tx, warning: SilenceWarning | None) -> Warned | None:
    if warning is None:
        return None
    item = outbox_by_key.outcome_of(tx, warning.said_as)
    if item is None:
        return Warned(
            warning.message_id, warning.closes_at, warning.warned_at
        )  # the item is so old that it was deleted
    is_under_way = item["status"] in ("queued", "sending")
    delivered_at = item["settled_at"] if item["status"] == "sent" else None
    lost = delivered_at is None and not is_under_way
    return Warned(warning.message_id, warning.closes_at, delivered_at, lost=lost)


def _warn(tx: Tx, dialog: Dialog, reply: LastReply, habits: Habits) -> None:
    closes_at = time_of_close(habits, reply, at=tx.at)
    said_as = f"silence:{dialog.id}:{reply.message_id}:{to_micros(tx.at)}"  # a lost warning had another
    silences.put_warning(tx, SilenceWarning(dialog.id, reply.message_id, tx.at, closes_at, said_as))
    hours = ceil((closes_at - tx.at).total_seconds() / 3600)
    data = {"closes_at": to_rfc3339(closes_at), "hours": hours, "message_id": reply.message_id}
    by = actor_of(tx, _HABIT)
    record(tx, [Event(EventKind.SILENCE_WARNED, by, dialog.customer_id, dialog.id, data=data, before=dialog)])


def _close(tx: Tx, dialog: Dialog) -> None:
    """Closes the dialog as a manager would: with the rating form, the gate, tags, and rules for closed dialogs."""
    silences.delete_warning(tx, dialog.id)
    apply_close(tx, actor_of(tx, _HABIT), dialog, Closing())
    run_rules(tx, "dialog_closed", Occasion(dialog.customer_id, dialog.id))
