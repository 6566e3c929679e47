"""Moves enrolments: a decision of course.py is carried out and saved in one transaction, under the customer's lock."""

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.entries import enrol_by_tag
from holdline.desk.funnels.goals import end_reached
from holdline.desk.funnels.leaving import end_enrolment
from holdline.desk.funnels.messages import queue_message
from holdline.desk.funnels.step_counts import count_step
from holdline.dialogs.funnels.conditions import FunnelProfile
from holdline.dialogs.funnels.course import Finish, FunnelTurn, Rest, Say, advance, on_press, position_now
from holdline.dialogs.funnels.effects import (
    AnswerEffect,
    BranchEffect,
    FieldEffect,
    FunnelEffect,
    GoalEffect,
    TagEffect,
    with_effects,
)
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.dialogs.funnels.steps import FunnelMessage, QuestionStep, SendStep
from holdline.store.delivery import chats, outbound
from holdline.store.dialogs import dialogs
from holdline.store.funnels import enrolments, funnels, profiles
from holdline.store.people import customers
from holdline.store.tx import Tx

_AFTER_FAULT = timedelta(minutes=5)


def move_due(tx: Tx, *, enrolment_id: int, customer_id: int) -> bool:
    """Moves the enrolment on if it is due; returns False if it has moved, ended or been paused meanwhile. While a
    dialog is active the customer does not count as silent: an answer or a press is awaited until the dialog is over.
    """
    chats.lock_for_customer(tx, customer_id)
    enrolment = enrolments.load_locked(tx, enrolment_id)
    if enrolment is None or not enrolment.is_running or not funnels.is_active(tx, enrolment.funnel_id):
        return False
    if not _is_due(tx, enrolment):
        return False
    patience = patience_of(tx, enrolment)
    if patience is not None and dialogs.active_id(tx, customer_id) is not None:
        _save(tx, replace(enrolment, next_at=tx.at + patience))
        return False
    go_on(tx, enrolment)
    return True


def patience_of(tx: Tx, enrolment: Enrolment) -> timedelta | None:
    """How long an answer or a press is awaited; None if nothing was asked or a press is already stored."""
    if enrolment.phase != "waiting" or enrolment.outbox_id is None or enrolment.kept_press is not None:
        return None
    step = definition_of(tx, enrolment.version_id).by_address.get(enrolment.position)
    return step.within if isinstance(step, SendStep | QuestionStep) and step.awaits else None


def _is_due(tx: Tx, enrolment: Enrolment) -> bool:
    """Whether its time has come; not if it has moved and waits for its message or for another time."""
    return enrolment.next_at is not None and enrolment.next_at <= tx.at


def put_off(tx: Tx, *, enrolment_id: int, customer_id: int) -> None:
    """Postpones the enrolment after an unexpected error, so that others behind it do not wait."""
    chats.lock_for_customer(tx, customer_id)
    enrolment = enrolments.load_locked(tx, enrolment_id)
    if enrolment is not None and enrolment.is_running and _is_due(tx, enrolment):
        enrolments.save(tx, replace(enrolment, next_at=tx.at + _AFTER_FAULT))


def recover(tx: Tx, *, enrolment_id: int, customer_id: int) -> None:
    """Repairs an enrolment whose message has ended without moving it on: it goes on now."""
    chats.lock_for_customer(tx, customer_id)
    enrolment = enrolments.load_locked(tx, enrolment_id)
    if enrolment is None or not enrolment.is_running or enrolment.next_at is not None:
        return
    parts = outbound.parts_of(tx, enrolment.outbox_id) if enrolment.outbox_id is not None else []
    sent_at = outbound.combine_parts(parts)["sent_at"] if parts else None
    enrolments.save(tx, replace(enrolment, sent_at=sent_at or tx.at, next_at=tx.at))


def go_on(tx: Tx, enrolment: Enrolment) -> Enrolment:
    """Takes the next step of a due enrolment, a stored press first; the caller holds the customer's chat."""
    definition, profile = definition_of(tx, enrolment.version_id), profiles.profile_of(tx, enrolment)
    if enrolment.kept_press is not None:
        if dialogs.active_id(tx, enrolment.customer_id) is not None:
            return _save(tx, replace(enrolment, next_at=None))
        pressed = (enrolment.position, enrolment.kept_press)
        turn = on_press(definition, enrolment.stands_at, pressed, profile, tx.at)
        enrolment = replace(enrolment, kept_press=None)
        if turn is not None:
            return carry_out(tx, enrolment, turn, profile)
    said_at = enrolment.sent_at if enrolment.phase == "saying" else None
    position = position_now(definition, enrolment.stands_at, enrolment.next_at, profile.time_zone)
    turn = advance(definition, position, profile, said_at or tx.at)
    return carry_out(tx, enrolment, turn, profile)


def carry_out(tx: Tx, enrolment: Enrolment, turn: FunnelTurn, profile: FunnelProfile) -> Enrolment:
    """Applies the effects, then sends, waits or ends, and saves the new position, all in one transaction."""
    for effect in turn.effects:
        enrolment = _apply(tx, enrolment, effect)
    if any(isinstance(effect, TagEffect | FieldEffect) for effect in turn.effects):
        end_reached(tx, enrolment.customer_id, besides=enrolment.id)
    match turn.what:
        case Say(step):
            return _say(tx, _at_place(enrolment, turn), step.message, with_effects(profile, turn.effects))
        case Rest(until):
            return _save(tx, replace(_at_place(enrolment, turn), next_at=until))
        case Finish(reason):
            return end_enrolment(tx, enrolment, state="done", reason=reason)
        case _:
            assert_never(turn.what)


def rest_if_nothing_else(tx: Tx, enrolment: Enrolment, turn: FunnelTurn) -> bool:
    """Saves the position if only a wait follows; otherwise returns False and does nothing."""
    if turn.effects or not isinstance(turn.what, Rest):
        return False
    _save(tx, replace(_at_place(enrolment, turn), next_at=turn.what.until))
    return True


def _say(tx: Tx, enrolment: Enrolment, message: FunnelMessage, profile: FunnelProfile) -> Enrolment:
    """Queues the message and waits for its result; the next step counts from that, even if the message is held or
    postponed.
    """
    saying = replace(enrolment, visit=enrolment.visit + 1, next_at=None, sent_at=None)
    customer = customers.load(tx, enrolment.customer_id)
    outbox_id = queue_message(tx, customer, saying, message, profile)
    return _save(tx, replace(saying, outbox_id=outbox_id))


def _apply(tx: Tx, enrolment: Enrolment, effect: FunnelEffect) -> Enrolment:
    match effect:
        case TagEffect(tag, added=True):
            if profiles.add_tag(tx, enrolment.customer_id, tag):
                enrol_by_tag(tx, enrolment.customer_id, [tag], once=True)
        case TagEffect(tag):
            profiles.remove_tag(tx, enrolment.customer_id, tag)
        case FieldEffect(name, value):
            profiles.set_field(tx, enrolment.customer_id, name, value)
        case AnswerEffect(name, value):
            return replace(enrolment, answers={**enrolment.answers, name: value})
        case GoalEffect(goal):
            count_step(tx, enrolment, "goal", address=goal)
            return replace(enrolment, goal=goal)
        case BranchEffect(address, branch):
            count_step(tx, enrolment, "branch", address=address, branch=branch)
        case _:
            assert_never(effect)
    return enrolment


def _at_place(enrolment: Enrolment, turn: FunnelTurn) -> Enrolment:
    return replace(enrolment, position=turn.position.address, phase=turn.position.phase)


def _save(tx: Tx, enrolment: Enrolment) -> Enrolment:
    enrolments.save(tx, enrolment)
    return enrolment
