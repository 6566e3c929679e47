"""Reads what identifies a person, before it is erased."""

from typing import Any

from holdline.store.privacy.person import PersonIds
from holdline.store.tx import Tx

MOST_TEXTS = 500
LONGEST = 200
_TEXTS = (
    "SELECT text AS said FROM messages WHERE customer_id = :customer AND direction = 'in' ORDER BY id",
    "SELECT text AS said FROM messages WHERE customer_id = :customer AND class = 'manager' ORDER BY id",
    "SELECT title AS said FROM dialogs WHERE customer_id = :customer ORDER BY id",
    "SELECT description AS said FROM dialogs WHERE customer_id = :customer ORDER BY id",
    """SELECT n.text AS said FROM notes n JOIN dialogs d ON d.id = n.dialog_id
       WHERE d.customer_id = :customer ORDER BY n.id""",
    """SELECT f.text AS said FROM drafts f JOIN dialogs d ON d.id = f.dialog_id
       WHERE d.customer_id = :customer ORDER BY f.id""",
    """SELECT a.name AS said FROM attachments a JOIN dialogs d ON d.id = a.dialog_id
       WHERE d.customer_id = :customer ORDER BY a.id""",
)
_DOCUMENTS = (
    "SELECT fields_json FROM customers WHERE id = :customer",
    "SELECT fields_json FROM dialogs WHERE customer_id = :customer",
    "SELECT answers_json FROM enrolments WHERE customer_id = :customer",
    "SELECT data_json FROM messages WHERE customer_id = :customer AND kind IN ('contact', 'document')",
)


def read_values(tx: Tx, person: PersonIds) -> dict[str, Any]:
    """telegram_id, names, and the newest texts of each kind."""
    row = tx.one("SELECT name, username FROM customers WHERE id = :customer", customer=person.customer_id)
    assert row is not None
    names = [name for name in (row["name"], row["username"]) if name]
    texts: dict[str, None] = {}
    for sql in _TEXTS:
        found = tx.all(f"{sql} DESC LIMIT {MOST_TEXTS}", customer=person.customer_id)
        texts |= dict.fromkeys(found_row["said"][:LONGEST] for found_row in found if found_row["said"])
    for sql in _DOCUMENTS:
        for found_row in tx.all(f"{sql} LIMIT {MOST_TEXTS}", customer=person.customer_id):
            for document in found_row.values():
                texts |= dict.fromkeys(_words_in(document))
    return {"telegram_id": person.telegram_id, "names": names, "texts": list(texts)}


def _words_in(document: Any) -> list[str]:
    if isinstance(document, dict):
        return [word for part in document.values() for word in _words_in(part)]
    if isinstance(document, list):
        return [word for part in document for word in _words_in(part)]
    return [document[:LONGEST]] if isinstance(document, str) and document else []
