"""What funnels read of a customer, and what they change: tags and fields."""

from typing import Any

from holdline.dialogs.funnels.conditions import FunnelProfile, same_word
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.dialogs.marketing.customer_days import zone_of_customer
from holdline.store.people import customers
from holdline.store.tx import Tx


def profile_of(tx: Tx, enrolment: Enrolment) -> FunnelProfile:
    """The customer as they are now; without a time zone of their own, the desk's is used."""
    row = tx.one(
        """SELECT c.telegram_id, c.name, c.language, c.time_zone, c.fields_json,
                  (SELECT d.state FROM dialogs d WHERE d.customer_id = c.id
                   ORDER BY CASE d.state WHEN 'active' THEN 0 WHEN 'paused' THEN 1 ELSE 2 END LIMIT 1) AS dialog
           FROM customers c WHERE c.bot_id = :bot AND c.id = :id""",
        bot=tx.bot_id,
        id=enrolment.customer_id,
    )
    assert row is not None
    return FunnelProfile(
        key=str(row["telegram_id"]),
        name=row["name"],
        language=row["language"],
        time_zone=zone_of_customer(row["time_zone"], tx.rules.time_zone),
        tags=frozenset(customers.tags(tx, enrolment.customer_id)),
        fields=row["fields_json"] or {},
        answers=enrolment.answers,
        dialog=row["dialog"] or "none",
    )


def add_tag(tx: Tx, customer_id: int, name: str) -> bool:
    """Adds the tag; returns whether the customer did not have it before."""
    return bool(
        tx.run(
            "INSERT INTO customer_tags (customer_id, name) VALUES (:customer, :name) ON CONFLICT DO NOTHING",
            customer=customer_id,
            name=name,
        )
    )


def remove_tag(tx: Tx, customer_id: int, name: str) -> None:
    """Removes the tag, ignoring letter case."""
    for tag in customers.tags(tx, customer_id):
        if same_word(tag) == same_word(name):
            tx.run(
                "DELETE FROM customer_tags WHERE customer_id = :customer AND name = :name",
                customer=customer_id,
                name=tag,
            )


def set_field(tx: Tx, customer_id: int, name: str, value: Any) -> None:
    """Sets the field; None removes it. The caller has locked the customer's chat."""
    row = tx.one("SELECT fields_json FROM customers WHERE id = :id", id=customer_id)
    fields = dict((row or {}).get("fields_json") or {})
    same = next((one for one in fields if one.casefold() == name.casefold()), name)
    if value is None:
        fields.pop(same, None)
    else:
        fields[same] = value
    customers.set_fields(tx, customer_id, fields_json=fields)
