"""The managers' search. Only reads: assigns nobody and changes nothing."""

import re

from holdline.desk.people.managers import require_active
from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.wording import without_controls
from holdline.store.dialogs import dialogs, search, search_index
from holdline.store.people import customers
from holdline.store.tx import Tx

LONGEST = 200
_SIGN = re.compile(r"[^\w\s'’-]|_")


def find_dialogs(tx: Tx, *, manager: Manager, text: str, limit: int = 20) -> list[Dialog]:
    """Dialogs by #id, title, customer (name, @username, Telegram id), words of a message or a note, tag, field or file;
    newest first. Searches the index by the beginning of words; only if nothing is found, reads everything.
    """
    require_active(tx, manager)
    wanted = normalize_query(text)
    if wanted.startswith("#") and wanted[1:].strip().isdecimal():
        ids = _dialog_with_number(tx, search.parse_id(wanted[1:].strip()))
    elif wanted.startswith("@") and len(wanted) > 1:
        ids = search.find_dialogs_of_username(tx, wanted[1:], limit=limit)
    else:
        ids = _find_in_index(tx, wanted, limit) or search.find_dialogs(
            tx, wanted, number=search.parse_id(wanted), limit=limit
        )
    return [dialogs.by_id(tx, dialog_id) for dialog_id in ids]


def find_customers(tx: Tx, *, manager: Manager, text: str, limit: int = 20) -> list[Customer]:
    """Customers by name, @username, Telegram id or words of the general chat, including those without a dialog."""
    require_active(tx, manager)
    wanted = normalize_query(text).removeprefix("@") or "@"
    ids = _find_customers_in_index(tx, wanted, limit) or search.find_customers(
        tx, wanted, number=search.parse_id(wanted), limit=limit
    )
    hits = [customers.by_id(tx, customer_id) for customer_id in ids]
    return [customer for customer in hits if customer is not None]


def _find_in_index(tx: Tx, wanted: str, limit: int) -> list[int]:
    """Dialogs found in the index, the newest first."""
    words = _words_alone(wanted)
    if not words:
        return []
    found = {row["id"] for row in search_index.find_dialogs(tx, words, limit=limit)}
    for find in (search_index.find_messages, search_index.find_notes, search_index.find_attachments):
        found |= {row["dialog_id"] for row in find(tx, words, limit=limit)}
    found |= {row["id"] for row in search_index.find_tagged(tx, words, limit=limit)}
    people = [row["customer_id"] for row in search_index.find_customers(tx, words, limit=limit)]
    found |= set(search.dialogs_of_customers(tx, people, limit=limit))
    return sorted(found - {None}, reverse=True)[:limit]


def _find_customers_in_index(tx: Tx, wanted: str, limit: int) -> list[int]:
    """Customers found by name or by their messages outside any dialog, the newest first."""
    words = _words_alone(wanted)
    if not words:
        return []
    found = {row["customer_id"] for row in search_index.find_customers(tx, words, limit=limit)}
    said = search_index.find_messages(tx, words, limit=limit)
    found |= {row["customer_id"] for row in said if row["dialog_id"] is None}
    return sorted(found, reverse=True)[:limit]


def _words_alone(wanted: str) -> list[str]:
    """The words of the query; none if it contains signs or may be an id, as neither is in the index."""
    if _SIGN.search(wanted) or search.parse_id(wanted) is not None:
        return []
    return search_index.words_of(wanted)


def last_general_text(tx: Tx, *, customer_id: int, text: str) -> str:
    """The customer's last message outside any dialog, with those words in it if there is such a message."""
    return search.general_chat_snippet(tx, customer_id, normalize_query(text))


def normalize_query(text: str) -> str:
    """The query without invisible characters; raises BadInput if it is empty or too long."""
    wanted = " ".join(without_controls(text).split())
    if not wanted:
        raise BadInput("text", "mends.search_empty")
    if len(wanted) > LONGEST:
        raise BadInput("text", "mends.too_long", limit=LONGEST, length=len(wanted))
    return wanted


def _dialog_with_number(tx: Tx, number: int | None) -> list[int]:
    if number is None:
        return []
    try:
        return [dialogs.by_id(tx, number).id]
    except NotFound:
        return []
