"""One search over everything that the desk knows. Only reads: assigns nobody and changes nothing."""

from dataclasses import dataclass
from typing import Literal

from holdline.desk.people.managers import get_acting_manager, require_active
from holdline.desk.reading.search import normalize_query
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.snippets import snippet
from holdline.store.dialogs import dialogs, search, search_index
from holdline.store.people import customers
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result; `snippet` is one line around the words found."""

    kind: Literal["dialog", "customer", "message", "note"]
    dialog_id: int | None
    customer_id: int
    snippet: str


def find_all(tx: Tx, *, manager_telegram_id: int, text: str, limit: int = 20) -> list[Hit]:
    """At most `limit` results of each kind, the newest first; above them, what has the number itself."""
    require_active(tx, get_acting_manager(tx, manager_telegram_id))
    wanted = normalize_query(text)
    words = search_index.words_of(wanted)
    hits = _with_number(tx, search.parse_id(wanted.removeprefix("#").strip()))
    if words and not wanted.startswith("#"):
        for find in (_dialogs, _customers, _messages, _notes):
            hits += find(tx, words, limit)[:limit]
    return list(dict.fromkeys(hits))


def fill_index(tx: Tx) -> int:
    """Adds rows older than the index to it, in batches."""
    return search_index.fill_backlog(tx)


def _with_number(tx: Tx, number: int | None) -> list[Hit]:
    """The dialog with that number and the customer with that Telegram id."""
    if number is None:
        return []
    hits = []
    try:
        dialog = dialogs.by_id(tx, number)
        hits.append(Hit("dialog", dialog.id, dialog.customer_id, _title(dialog.id, dialog.title)))
    except NotFound:
        pass
    customer = customers.by_telegram_id(tx, number)
    if customer is not None:
        line = _person(customer.name, customer.username, customer.telegram_id)
        hits.append(Hit("customer", None, customer.id, line))
    return hits


def _dialogs(tx: Tx, words: list[str], limit: int) -> list[Hit]:
    """Dialogs found by title, description and fields, then by tag, then by a file's name; each dialog once."""
    hits: dict[int, Hit] = {}
    for row in search_index.find_dialogs(tx, words, limit=limit):
        values = " ".join(str(value) for value in row["fields_json"].values() if not isinstance(value, bool))
        about = snippet(f"{row['title']} · {row['description']} {values}".rstrip(" ·"), words)
        hits[row["id"]] = Hit("dialog", row["id"], row["customer_id"], _title(row["id"], about))
    for row in search_index.find_tagged(tx, words, limit=limit):
        line = _title(row["id"], f"{row['title']} · {row['tag']}")
        hits.setdefault(row["id"], Hit("dialog", row["id"], row["customer_id"], line))
    for row in search_index.find_attachments(tx, words, limit=limit):
        line = _title(row["dialog_id"], f"📎 {row['name']}")
        hits.setdefault(row["dialog_id"], Hit("dialog", row["dialog_id"], row["customer_id"], line))
    return list(hits.values())


def _customers(tx: Tx, words: list[str], limit: int) -> list[Hit]:
    return [
        Hit(
            "customer",
            None,
            row["customer_id"],
            _person(row["name"], row["username"], row["telegram_id"]),
        )
        for row in search_index.find_customers(tx, words, limit=limit)
    ]


def _messages(tx: Tx, words: list[str], limit: int) -> list[Hit]:
    return [
        Hit("message", row["dialog_id"], row["customer_id"], snippet(_text_with_file(row), words))
        for row in search_index.find_messages(tx, words, limit=limit)
    ]


def _notes(tx: Tx, words: list[str], limit: int) -> list[Hit]:
    return [
        Hit("note", row["dialog_id"], row["customer_id"], snippet(_text_with_file(row), words))
        for row in search_index.find_notes(tx, words, limit=limit)
    ]


def _text_with_file(row: Row) -> str:
    name = row["data_json"].get("file_name")
    return f"{row['text']} 📎 {name}".strip() if name else str(row["text"])


def _title(dialog_id: int, about: str) -> str:
    return f"#{dialog_id} {about}"


def _person(name: str, username: str | None, telegram_id: int) -> str:
    return " · ".join((name, *([f"@{username}"] if username else []), str(telegram_id)))
