"""Moves an enrolment on by the result of its message, in the transaction that settles the message."""

from dataclasses import replace

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.leaving import end_enrolment
from holdline.desk.funnels.moving import rest_if_nothing_else
from holdline.desk.funnels.refused_steps import count_refused_step
from holdline.desk.funnels.step_counts import count_step
from holdline.dialogs.event import Event
from holdline.dialogs.funnels.course import advance
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.store.funnels import enrolments, profiles, step_refusals
from holdline.store.people import customers
from holdline.store.tx import Tx


def follow_sent_step(tx: Tx, event: Event) -> None:
    """After a message was sent: the next wait counts from now. Anything but a wait is left to the timers, at once."""
    enrolment = _enrolment_of(tx, event)
    if enrolment is None:
        return
    count_step(tx, enrolment, "sent")
    step_refusals.forget(tx, version_id=enrolment.version_id, address=enrolment.position)
    sent = replace(enrolment, sent_at=tx.at, next_at=tx.at)
    if sent.kept_press is None:
        profile = profiles.profile_of(tx, sent)
        turn = advance(definition_of(tx, sent.version_id), sent.stands_at, profile, tx.at)
        if rest_if_nothing_else(tx, sent, turn):
            return
    enrolments.save(tx, sent)


def follow_ended_step(tx: Tx, event: Event) -> None:
    """After a message ended unsent: a customer who takes no marketing has left; otherwise the funnel goes on as if it
    were sent now.
    """
    enrolment = _enrolment_of(tx, event)
    if enrolment is None:
        return
    customer = customers.load(tx, enrolment.customer_id)
    if customer.opted_out_at is not None or customer.reach != "ok":
        end_enrolment(tx, enrolment, state="left", reason=str(event.data["reason"]))
        return
    count_step(tx, enrolment, "unsent", branch=str(event.data["status"]))
    count_refused_step(
        tx, enrolment, outbox_id=event.data["outbox_id"], reason=str(event.data["reason"] or "")
    )
    enrolments.save(tx, replace(enrolment, phase="waiting", outbox_id=None, sent_at=tx.at, next_at=tx.at))


def _enrolment_of(tx: Tx, event: Event) -> Enrolment | None:
    """The enrolment that waits for this message, or None; earlier messages of it change nothing."""
    if event.data["enrolment_id"] is None:
        return None
    enrolment = enrolments.load_locked(tx, event.data["enrolment_id"])
    if enrolment is None or not enrolment.is_running or enrolment.outbox_id != event.data["outbox_id"]:
        return None
    return enrolment if enrolment.phase == "saying" and enrolment.sent_at is None else None
