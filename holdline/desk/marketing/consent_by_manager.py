"""A customer's yes or no to marketing, given to a manager and recorded with the manager as its source."""

from holdline.desk.marketing.consent import set_marketing_wanted, set_topic_wanted
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.marketing.consent import ConsentBy
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.text.wording import one_line
from holdline.store.delivery import chats
from holdline.store.marketing import consents, topics
from holdline.store.people import customers
from holdline.store.tx import Tx

EVERYTHING = 0
_HOW, WORDS_LIMIT = "card", 200


def record_refusal(tx: Tx, *, manager: Manager, customer_id: int, topic_id: int) -> None:
    """Records that the customer wants no marketing, or nothing about one topic; takes effect at once."""
    _record(tx, manager, customer_id, topic_id, words="", wanted=False)


def record_agreement(tx: Tx, *, manager: Manager, customer_id: int, topic_id: int, words: str) -> None:
    """Records that the customer agreed. `words`: how, because a yes without its circumstances proves nothing."""
    statement = one_line(words, field="text", limit=WORDS_LIMIT)
    _record(tx, manager, customer_id, topic_id, words=statement, wanted=True)


def _record(tx: Tx, manager: Manager, customer_id: int, topic_id: int, *, words: str, wanted: bool) -> None:
    chats.lock_for_customer(tx, customer_id)
    require_permission(tx, manager, Act.RECORD_CONSENT)
    customer, by = customers.load(tx, customer_id), ConsentBy(manager.as_actor(), _HOW, words)
    if topic_id != EVERYTHING:
        topic = topics.name_of(tx, topic_id)
        if topic is None:
            raise NotFound("topic", topic_id)
        set_topic_wanted(tx, customer, topic, wanted=wanted, by=by)
    elif wanted and customer.opted_out_at is None and not consents.has_given(tx, customer_id):
        record(tx, [Event(EventKind.MARKETING_RESUMED, by.actor, customer_id, data=by.data)])
    else:
        set_marketing_wanted(tx, customer, wanted=wanted, by=by)
