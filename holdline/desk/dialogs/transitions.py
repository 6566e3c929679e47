"""Pause, resume, close: the state, the gate and the release are one transaction."""

import secrets

from holdline.desk.customers.customers import send_standard_message
from holdline.desk.dialogs.assignment import assign_on_intervention
from holdline.desk.dialogs.close_requests import ask_for_close, request_for
from holdline.desk.dialogs.inbox_items import take_up
from holdline.desk.dialogs.labels import root_cause_id, stage_id
from holdline.desk.dialogs.opening import refuse_if_active
from holdline.desk.dialogs.transition_notices import end_offers_after_transition, tell_transition
from holdline.desk.notices import places, recap, views
from holdline.desk.people import actors
from holdline.desk.people.customer_colleagues import tell_if_colleague
from holdline.desk.people.managers import require_active, require_permission
from holdline.desk.people.participants import MOVE
from holdline.desk.record import record
from holdline.dialogs import life, rating
from holdline.dialogs.audience import Audience
from holdline.dialogs.closing import Closing, fill_from_request, scorer_of
from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.gate import Gate, MessageClass
from holdline.dialogs.manager import Manager
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import ClosedBefore, NotAllowed, WrongState
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.store.conversation import conversation
from holdline.store.delivery import chats, outbox
from holdline.store.dialogs import dialogs, history, ratings
from holdline.store.people import customers
from holdline.store.tx import Tx


def pause_dialog(tx: Tx, *, manager: Manager, dialog_id: int, typed_in: views.Where | None = None) -> Dialog:
    """Opens the gate: what was held leaves in order. Colleagues are told who did it, but where it was typed."""
    require_permission(tx, manager, "dialog.update")
    dialog = dialogs.load_locked(tx, dialog_id)
    paused = _apply_transition(
        tx, manager, dialog, life.next_state(dialog.state, "pause", dialog=dialog.as_object)
    )
    tell_transition(tx, dialog, paused, manager=manager, typed_in=typed_in)
    return paused


def resume_dialog(tx: Tx, *, manager: Manager, dialog_id: int, typed_in: views.Where | None = None) -> Dialog:
    """Holds the gate again, also for what is being released; refused while another dialog is active."""
    require_permission(tx, manager, "dialog.update")
    dialog = dialogs.load_locked(tx, dialog_id)
    state = life.next_state(dialog.state, "resume", dialog=dialog.as_object)
    refuse_if_active(tx, dialog.customer_id)
    resumed = _apply_transition(tx, manager, dialog, state)
    tell_transition(tx, dialog, resumed, manager=manager, typed_in=typed_in)
    _take_up_the_pause(tx, manager, resumed)
    tell_if_colleague(tx, resumed)
    return resumed


def _take_up_the_pause(tx: Tx, manager: Manager, dialog: Dialog) -> None:
    """What was said in the general chat meanwhile belongs to the dialog again, and its places show it."""
    before = conversation.newest_taken_up_id(tx, dialog.id)
    take_up(tx, manager=manager, dialog=dialog)
    paused_at = history.last_at(tx, dialog.id, EventKind.DIALOG_PAUSED)
    if paused_at is not None:
        conversation.take_up_since(tx, dialog.customer_id, dialog.id, paused_at)
    taken = conversation.messages_taken_up(tx, dialog.id, after=before)
    for place in places.ensure_for_dialog(tx, dialog) if taken else ():
        recap.show_taken_up(tx, place, dialog, taken)


def close_dialog(
    tx: Tx, *, manager: Manager, dialog_id: int, closing: Closing, typed_in: views.Where | None = None
) -> Dialog:
    """For good. Without the permission it becomes a request to those who may; the dialog then stays as it is."""
    dialog = dialogs.load_locked(tx, dialog_id)
    refuse_if_closed(tx, dialog)
    if closing.customer_score is not None:
        rating.valid(closing.customer_score, field="customer_score")
        if not dialog.is_handled_by(manager.id):
            raise NotAllowed("dialog.score", because="not_handler")
    if not require_active(tx, manager).may("dialog.close"):
        ask_for_close(tx, manager, dialog, closing)
        return dialog
    assign_on_intervention(tx, manager, dialog, cause=MOVE)
    closed = apply_close(tx, actors.manager_actor(manager), dialogs.by_id(tx, dialog.id), closing)
    tell_transition(tx, dialog, closed, manager=manager, typed_in=typed_in)
    return closed


def refuse_if_closed(tx: Tx, dialog: Dialog) -> None:
    """The refusal says by whom it was closed and when."""
    if dialog.state != "closed":
        return
    last = history.last_close(tx, dialog.id)
    if last is None:
        raise WrongState(state=dialog.state, obj=dialog.as_object)
    at = in_zone(last["created_at"], tx.rules.time_zone)
    raise ClosedBefore(obj=dialog.as_object, who=inline(last["actor_name"]), at=f"{at:%Y-%m-%d %H:%M}")


def apply_close(tx: Tx, actor: Actor, dialog: Dialog, closing: Closing) -> Dialog:
    """The close itself, whoever does it: a manager, or the customer whose question is solved."""
    state = life.next_state(dialog.state, "close", dialog=dialog.as_object)
    request = request_for(tx, dialog.id, closing.request_id)
    scorer = scorer_of(closing, request, closer=actor)
    closing = fill_from_request(closing, request)
    dialogs.set_fields(
        tx,
        dialog.id,
        state=state,
        closed_at=tx.at,
        stage_id=stage_id(tx, "Closed"),
        **_close_fields(tx, closing),
    )
    after = dialogs.by_id(tx, dialog.id)
    wants_form = closing.send_rating_form
    form = tx.rules.rating_form_default if wants_form is None else wants_form
    data = {
        "from": dialog.state,
        "to": state,
        "customer_score": after.customer_score,
        "customer_score_by": _actor_ref(scorer),
        "rating_form": form,
        "reason": closing.reason,
        "comment": closing.comment,
        "root_cause": closing.root_cause,
    }
    record(tx, [Event(EventKind.DIALOG_CLOSED, actor, dialog.customer_id, dialog.id, closing.reason, data)])
    customer = customers.by_id(tx, dialog.customer_id)
    assert customer is not None
    if form:
        _offer_rating(tx, customer, after)
    if tx.rules.announce_closed:
        key = f"dialog_closed:{dialog.id}"
        send_standard_message(tx, customer, "dialog_closed", key=key, dialog_id=dialog.id, title=dialog.title)
    _gate_follows(tx, dialog.customer_id)
    views.refresh_cards(tx, after, renamed=True)
    end_offers_after_transition(tx, after, actor)
    return after


def _apply_transition(tx: Tx, manager: Manager, dialog: Dialog, state: str) -> Dialog:
    dialogs.set_fields(tx, dialog.id, state=state)
    kind = EventKind.DIALOG_PAUSED if state == "paused" else EventKind.DIALOG_RESUMED
    data = {"from": dialog.state, "to": state}
    actor = actors.manager_actor(manager)
    record(tx, [Event(kind, actor, dialog.customer_id, dialog.id, data=data)])
    assign_on_intervention(tx, manager, dialogs.by_id(tx, dialog.id), cause=MOVE)
    _gate_follows(tx, dialog.customer_id)
    after = dialogs.by_id(tx, dialog.id)
    views.refresh_cards(tx, after, renamed=True)
    end_offers_after_transition(tx, after, actor)
    return after


def _gate_follows(tx: Tx, customer_id: int) -> None:
    """The gate is held exactly while there is an active dialog."""
    held = dialogs.active_id(tx, customer_id) is not None
    chats.set_gate(tx, customer_id, Gate.HELD if held else Gate.OPEN)
    if held:
        outbox.drop_smart_replies(tx, customer_id)


def _offer_rating(tx: Tx, customer: Customer, dialog: Dialog) -> None:
    """Who is rated is frozen now; the form goes before everything that was held."""
    token = secrets.token_urlsafe(12)
    rating_id = ratings.offer(
        tx,
        token=token,
        dialog_id=dialog.id,
        customer_id=customer.id,
        assignee_id=dialog.assignee.id if dialog.assignee else None,
        people=[person.id for person in dialog.participants],
    )
    outbox.add(
        tx,
        [
            Outgoing(
                chat_id=customer.telegram_id,
                kind="rating_form",
                class_=MessageClass.SYSTEM,
                audience=Audience.CUSTOMER,
                key=f"rating_form:{dialog.id}",
                payload={"rating_id": rating_id},
                customer_id=customer.id,
                dialog_id=dialog.id,
            )
        ],
    )


def _actor_ref(actor: Actor | None) -> dict[str, object] | None:
    return {"telegram_id": actor.telegram_id, "name": actor.name} if actor is not None else None


def _close_fields(tx: Tx, closing: Closing) -> dict[str, object]:
    """What is said about the close."""
    cause = root_cause_id(tx, closing.root_cause) if closing.root_cause else None
    told = {
        "customer_score": closing.customer_score,
        "close_reason": closing.reason,
        "close_comment": closing.comment,
        "root_cause_id": cause,
    }
    return {name: value for name, value in told.items() if value is not None}
