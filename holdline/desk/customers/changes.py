"""The data about a customer that tools and the desk store: tags, time zone, language, fields, and what marketing they
want.
"""

from collections.abc import Mapping
from typing import Any

from holdline.desk.broadcasts.local_times import follow_new_zone
from holdline.desk.marketing.consent import set_marketing_wanted, set_topic_wanted
from holdline.desk.record import record
from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions.desk_fields import field_changes
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.marketing.consent import ConsentBy
from holdline.dialogs.marketing.customer_values import merge_fields, valid_tags, valid_topic
from holdline.dialogs.text.choices import require_one_of
from holdline.dialogs.text.times import require_zone
from holdline.store.broadcasts import put_off
from holdline.store.delivery import chats, waiting_marketing
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import LANGUAGES


def change_customer(
    tx: Tx, *, actor: Actor, customer_id: int, changes: Mapping[str, Any], how: str = "api"
) -> Customer:
    """Applies `changes`, named as in the API: tags, timezone, language, fields, opt_out, topics. Writes at most one
    line of history for each kind of change, and none for values that stay the same.

    `tags` are all tags afterwards; of `fields` and `topics` only those that are named change.
    """
    customers.load(tx, customer_id)
    chats.lock_for_customer(tx, customer_id)
    customer = customers.load(tx, customer_id)
    tags = customers.tags(tx, customer_id)
    changed = _value_changes(customer, tags, changes)
    choices = {
        valid_topic(name, field="topics"): wanted for name, wanted in changes.get("topics", {}).items()
    }
    by, stops = ConsentBy(actor, how), changes.get("opt_out")
    if stops is False:  # before a tag enrols them in a funnel
        set_marketing_wanted(tx, customer, wanted=True, by=by)
    _save(tx, customer, changed)
    if changed:
        record(tx, [Event(EventKind.CUSTOMER_CHANGED, actor, customer_id, data=changed)])
    for topic, wanted in choices.items():
        set_topic_wanted(tx, customer, topic, wanted=wanted, by=by)
    if stops:
        set_marketing_wanted(tx, customer, wanted=False, by=by)
    return customers.load(tx, customer_id)


def _value_changes(customer: Customer, tags: list[str], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values that differ, by name, as [from, to]; raises BadInput for invalid ones."""
    zone, language = changes.get("timezone"), changes.get("language", customer.language)
    if zone is not None:
        require_zone(zone)
    require_one_of(language, tuple(LANGUAGES), field="language")
    after = {
        "tags": valid_tags(changes.get("tags", tags)),
        "timezone": changes.get("timezone", customer.time_zone),
        "language": language,
    }
    before = {"tags": tags, "timezone": customer.time_zone, "language": customer.language}
    changed = {name: [before[name], value] for name, value in after.items() if value != before[name]}
    fields = field_changes(customer.fields, merge_fields(customer.fields, changes.get("fields", {})))
    return {**changed, **({"fields": fields} if fields[0] else {})}


def _save(tx: Tx, customer: Customer, changed: dict[str, Any]) -> None:
    """Stores the changes. A language chosen for a customer stays, whatever their app says. After a change of the time
    zone, waiting marketing is scheduled again.
    """
    if "tags" in changed:
        customers.set_tags(tx, customer.id, changed["tags"][1])
    if "language" in changed:
        customers.set_fields(tx, customer.id, language=changed["language"][1], language_chosen=1)
    if "fields" in changed:
        after = {**customer.fields, **changed["fields"][1]}
        kept = {name: value for name, value in after.items() if value is not None}
        customers.set_fields(tx, customer.id, fields_json=kept)
    if "timezone" in changed:
        customers.set_fields(tx, customer.id, time_zone=changed["timezone"][1])
        waiting_marketing.decide_anew(tx, customer.id)
        put_off.decide_anew(tx, customer.id)
        follow_new_zone(tx, customer.id, changed["timezone"][1])
