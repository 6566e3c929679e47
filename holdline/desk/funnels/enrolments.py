"""Enrolling a customer and taking one out, by a tool or a manager."""

from holdline.desk.funnels.entries import enter
from holdline.desk.funnels.leaving import end_enrolment
from holdline.desk.funnels.moving import go_on
from holdline.desk.people.customer_colleagues import refuse_colleague
from holdline.desk.people.managers import require_permission
from holdline.dialogs.customer import Customer
from holdline.dialogs.event import SYSTEM, Actor
from holdline.dialogs.funnels.enrolment import Enrolment, Entrance, Funnel
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import CustomerNeverWrote, DeskError, NotFound, Unreachable
from holdline.dialogs.rights import Act
from holdline.store.delivery import chats
from holdline.store.funnels import enrolments, funnels
from holdline.store.people import customers
from holdline.store.tx import Tx


def enrol(
    tx: Tx,
    *,
    funnel_id: int,
    telegram_id: int,
    again: bool = False,
    manager: Manager | None = None,
    by: Actor = SYSTEM,
) -> Enrolment:
    """Enrols the customer. A running enrolment stays as it is; so does a finished one, unless `again` starts it from
    the beginning. Refused for people of the desk, for customers who never wrote, want no offers or cannot be reached,
    and while the funnel is paused. The history names the manager, or `by`.
    """
    require_permission(tx, manager, Act.RUN_FUNNELS)
    refuse_colleague(tx, telegram_id)
    customer = customers.load_locked(tx, telegram_id)
    if customer is None:
        raise CustomerNeverWrote(telegram_id)
    if not funnels.hold(tx, funnel_id):
        raise NotFound("funnel", funnel_id)
    funnel = funnels.load(tx, funnel_id)
    _refuse(customer, funnel)
    before = enrolments.newest_of(tx, funnel.id, customer.id)
    if before is not None and (before.is_running or (before.state == "done" and not again)):
        return before
    entry: Entrance = "manager" if manager else "api"
    return go_on(tx, enter(tx, funnel, customer.id, entry, by=manager.as_actor() if manager else by))


def leave_enrolment(
    tx: Tx, *, enrolment_id: int, manager: Manager | None = None, by: Actor = SYSTEM
) -> Enrolment:
    """Ends the enrolment for a tool or a manager and cancels its waiting messages. An ended one stays unchanged. The
    history names the manager, or `by`.
    """
    require_permission(tx, manager, Act.RUN_FUNNELS)
    customer_id = enrolments.load(tx, enrolment_id).customer_id
    chats.lock_for_customer(tx, customer_id)
    enrolment = enrolments.load(tx, enrolment_id)
    if not enrolment.is_running:
        return enrolment
    who = manager.as_actor() if manager else by
    return end_enrolment(tx, enrolment, state="left", reason="taken_out", by=who)


def _refuse(customer: Customer, funnel: Funnel) -> None:
    who = {"type": "customer", "id": customer.id}
    if customer.opted_out_at is not None:
        raise DeskError("opted_out", obj=who)
    if customer.reach != "ok":
        raise Unreachable(customer.reach, obj=who)
    if not funnel.active:
        raise DeskError("funnel_paused", obj=funnel.as_object, title=funnel.name)
