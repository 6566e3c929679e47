"""The last check before a marketing message is sent: whether anything but the gate forbids or postpones it."""

from holdline.dialogs.broadcasts.broadcast import admit_of_broadcast
from holdline.dialogs.customer import Customer
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.admission import (
    Postponed,
    Verdict,
    admit_by_funnel,
    admit_to_customer,
    admit_topic,
)
from holdline.dialogs.marketing.customer_days import (
    KEEPS_TO_DAYS,
    day_start,
    postpone_for_day,
    zone_of_customer,
)
from holdline.store.broadcasts import broadcasts
from holdline.store.funnels import enrolments, funnels
from holdline.store.marketing import sent, topics
from holdline.store.people import customers
from holdline.store.tx import Row, Tx

_NOT_QUEUED: Row = {"id": None, "message_id": None}


def decide_admission(tx: Tx, item: Row) -> Verdict:
    """Decides under the lock of the customer's chat; the first rule that applies decides."""
    if item["customer_id"] is None:
        return None
    customer = customers.by_id(tx, item["customer_id"])
    refused = admit_to_customer(customer)
    if refused is not None or customer is None:
        return refused
    topic = item["marketing_topic"]
    if topic is not None:
        topics.register(tx, topic)  # its button needs the id
        if (refused := admit_topic(topics.choice(tx, customer.id, topic))) is not None:
            return refused
    return _admit_of_source(tx, item) or _postpone_for_day(tx, item, customer)


def _admit_of_source(tx: Tx, item: Row) -> Verdict:
    """Whether its funnel or broadcast allows it."""
    if item["enrolment_id"] is not None:
        return _admit_by_funnel(tx, item["enrolment_id"])
    if item["broadcast_id"] is None:
        return None
    return admit_of_broadcast(broadcasts.status_of(tx, item["broadcast_id"]), at=tx.at)


def _admit_by_funnel(tx: Tx, enrolment_id: int) -> Verdict:
    enrolment = enrolments.load(tx, enrolment_id)
    is_active = funnels.is_active(tx, enrolment.funnel_id)
    return admit_by_funnel(is_running=enrolment.is_running, is_active=is_active, at=tx.at)


def _postpone_for_day(tx: Tx, item: Row, customer: Customer) -> Postponed | None:
    """Postpones for quiet hours or the cap, unless the class keeps to neither."""
    return find_postponement(tx, customer, item) if MessageClass(item["class"]) in KEEPS_TO_DAYS else None


def find_postponement(tx: Tx, customer: Customer, item: Row | None = None) -> Postponed | None:
    """Until when quiet hours or the cap postpone messages to the customer now; `item` itself does not count. Counts
    nothing in the database if no cap is set.
    """
    quiet, cap = tx.rules.quiet_hours, tx.rules.cap_per_day
    if not (quiet or cap):
        return None
    zone = zone_of_customer(customer.time_zone, tx.rules.time_zone)
    had = sent.count_since(tx, customer.id, day_start(tx.at, zone), besides=item or _NOT_QUEUED) if cap else 0
    return postpone_for_day(tx.at, zone=zone, quiet=quiet, cap=cap, sent_today=had)
