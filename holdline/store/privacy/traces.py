"""What a proof looks for: values of a person that nobody else's rows have a right to hold."""

from typing import Any

from holdline.dialogs.privacy.personal_values import contacts_in
from holdline.store.privacy import erasures
from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.person_values import read_values
from holdline.store.tx import Tx

SHORTEST_TEXT = 12


def read_traces(tx: Tx, person: PersonIds) -> dict[str, Any]:
    """Before the erasure, or while it runs. Texts that others have written as well are left out, as are shorter ones
    than SHORTEST_TEXT, and names that others have.
    """
    running = erasures.last_of(tx, person.customer_id)
    if running is not None and running.kept_values:
        return _own(tx, person, running.kept_values)
    return _own(tx, person, read_values(tx, person))


def _own(tx: Tx, person: PersonIds, values: dict[str, Any]) -> dict[str, Any]:
    texts = [
        text for text in values["texts"] if len(text) >= SHORTEST_TEXT and not _is_shared(tx, person, text)
    ]
    names = [name for name in values["names"] if not _has_namesake(tx, person, name)]
    return {
        "telegram_id": person.telegram_id,
        "names": names,
        "contacts": contacts_in(values["texts"]),
        "texts": texts,
    }


def _is_shared(tx: Tx, person: PersonIds, text: str) -> bool:
    """Whether another customer's conversation, a template or a sentence of the desk has it."""
    for sql in (
        "SELECT 1 AS yes FROM messages WHERE customer_id <> :customer AND text = :text LIMIT 1",
        "SELECT 1 AS yes FROM templates WHERE text = :text LIMIT 1",
        "SELECT 1 AS yes FROM dialogs WHERE customer_id <> :customer AND title = :text LIMIT 1",
    ):
        if tx.one(sql, customer=person.customer_id, text=text) is not None:
            return True
    return False


def _has_namesake(tx: Tx, person: PersonIds, name: str) -> bool:
    sql = """SELECT 1 AS yes FROM customers WHERE id <> :customer AND (name = :name OR username = :name)
             UNION ALL SELECT 1 FROM managers WHERE name = :name OR username = :name"""
    return tx.one(f"{sql} LIMIT 1", customer=person.customer_id, name=name) is not None
