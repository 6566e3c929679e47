"""A customer's yes or no to marketing, to all of it or to one topic; the ledger keeps each."""

from holdline.desk.marketing.ending import cancel_marketing
from holdline.desk.record import record
from holdline.dialogs.customer import Customer
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.marketing.consent import ConsentBy
from holdline.store.marketing import consents, topics
from holdline.store.people import customers
from holdline.store.tx import Tx


def set_marketing_wanted(tx: Tx, customer: Customer, *, wanted: bool, by: ConsentBy) -> None:
    """Sets it for all marketing, at once, also for held and queued messages. `customer` is locked; a choice that holds
    already is no event.
    """
    if (customer.opted_out_at is None) == wanted:
        if not wanted:
            cancel_marketing(
                tx, customer.id, "opted_out"
            )  # calls in flight at the first no may have been queued again
        return
    customers.set_fields(tx, customer.id, opted_out_at=None if wanted else tx.at)
    kind = EventKind.MARKETING_RESUMED if wanted else EventKind.MARKETING_STOPPED
    record(tx, [Event(kind, by.actor, customer.id, data=by.data)])


def set_topic_wanted(tx: Tx, customer: Customer, topic: str, *, wanted: bool, by: ConsentBy) -> None:
    """Sets it for one topic; `customer` is locked. A first yes is recorded too, although it changes nothing."""
    if topics.choice(tx, customer.id, topic) is wanted:
        if not wanted:
            cancel_marketing(tx, customer.id, "opted_out", topic=topic)
        return
    topics.register(tx, topic)
    topics.decide(tx, customer.id, topic, wanted=wanted)
    kind = EventKind.TOPIC_RESUMED if wanted else EventKind.TOPIC_STOPPED
    record(tx, [Event(kind, by.actor, customer.id, data={"topic": topic, **by.data})])


def keep_consent(tx: Tx, event: Event) -> None:
    """Adds one line to the ledger for each yes and no. /start is a yes the first time, and never revokes a no."""
    given = event.kind not in (EventKind.MARKETING_STOPPED, EventKind.TOPIC_STOPPED)
    how, words = event.data.get("how", ""), event.data.get("words", "")
    if event.kind is EventKind.CUSTOMER_STARTED:
        if customers.of_event(tx, event).opted_out_at is not None or consents.has_given(
            tx, event.customer_id
        ):
            return
        how, words = "start", f"/start {event.data['payload']}".strip()
    consents.add(
        tx,
        event.customer_id,
        topic=event.data.get("topic"),
        given=given,
        how=how,
        words=words,
        actor=event.actor,
    )
