"""The search index: triggers maintain it, and older rows are added piece by piece.

It finds words by their beginnings, ignoring case and diacritics. The same SQL works on both engines: FTS5 reads
`search_messages(…)` as a query of the table of that name, PostgreSQL as a function call.
"""

import re
import unicodedata
from typing import Any

from holdline.dialogs.text.snippets import has_words
from holdline.store.engines.case_folding import fold_case
from holdline.store.tx import Row, Tx, placeholders

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS, _LONGEST_WORD = 12, 64
_FILL = 500
"""Rows in one piece of filling, so that the writer is free again after some ten milliseconds."""
SOURCES = ("customers", "dialogs", "messages", "notes", "attachments")


def words_of(text: str) -> list[str]:
    """The words to search for; none if the text has only signs."""
    plain = (fold_case(unicodedata.normalize("NFC", text)) or "").replace("ł", "l")
    return [word[:_LONGEST_WORD] for word in _WORD.findall(plain)[:_MOST_WORDS]]


def find_customers(tx: Tx, words: list[str], *, limit: int) -> list[Row]:
    """Matches name or username; {"customer_id", "name", "username", "telegram_id"}, newest first."""
    return tx.all(
        """SELECT c.id AS customer_id, c.name, c.username, c.telegram_id
           FROM search_customers(:wanted) s JOIN customers c ON c.id = s.rowid
           WHERE c.bot_id = :bot ORDER BY s.rowid DESC LIMIT :limit""",
        **_values_for(tx, words, limit),
    )


def find_dialogs(tx: Tx, words: list[str], *, limit: int) -> list[Row]:
    """Matches title, description or a field; {"id", "customer_id", "title", "description", "fields_json"}, newest
    first.
    """
    return tx.all(
        """SELECT d.id, d.customer_id, d.title, d.description, d.fields_json
           FROM search_dialogs(:wanted) s JOIN dialogs d ON d.id = s.rowid
           WHERE d.bot_id = :bot ORDER BY s.rowid DESC LIMIT :limit""",
        **_values_for(tx, words, limit),
    )


def find_messages(tx: Tx, words: list[str], *, limit: int) -> list[Row]:
    """Messages in dialogs and outside; {"customer_id", "dialog_id", "text", "data_json"}, newest first."""
    return tx.all(
        """SELECT m.customer_id, COALESCE(m.dialog_id, m.moved_to_dialog_id) AS dialog_id, m.text, m.data_json
           FROM search_messages(:wanted) s JOIN messages m ON m.id = s.rowid
           WHERE m.bot_id = :bot AND m.deleted_at IS NULL ORDER BY s.rowid DESC LIMIT :limit""",
        **_values_for(tx, words, limit),
    )


def find_notes(tx: Tx, words: list[str], *, limit: int) -> list[Row]:
    """{"customer_id", "dialog_id", "text", "data_json"}, newest first."""
    return tx.all(
        """SELECT d.customer_id, n.dialog_id, n.text, n.data_json
           FROM search_notes(:wanted) s JOIN notes n ON n.id = s.rowid JOIN dialogs d ON d.id = n.dialog_id
           WHERE d.bot_id = :bot AND n.deleted_at IS NULL ORDER BY s.rowid DESC LIMIT :limit""",
        **_values_for(tx, words, limit),
    )


def find_attachments(tx: Tx, words: list[str], *, limit: int) -> list[Row]:
    """Files of dialogs by their names; {"customer_id", "dialog_id", "name"}, newest first."""
    return tx.all(
        """SELECT d.customer_id, a.dialog_id, a.name
           FROM search_attachments(:wanted) s JOIN attachments a ON a.id = s.rowid
           JOIN dialogs d ON d.id = a.dialog_id
           WHERE d.bot_id = :bot AND a.deleted_at IS NULL ORDER BY s.rowid DESC LIMIT :limit""",
        **_values_for(tx, words, limit),
    )


def find_tagged(tx: Tx, words: list[str], *, limit: int) -> list[Row]:
    """Dialogs with a tag of that name; {"id", "customer_id", "title", "tag"}, newest first."""
    tags = tx.all("SELECT id, name FROM lists WHERE bot_id = :bot AND kind = 'tags'", bot=tx.bot_id)
    ids = [tag["id"] for tag in tags if has_words(tag["name"], words)]
    if not ids:
        return []
    among, values = placeholders(ids)
    return tx.all(
        f"""SELECT d.id, d.customer_id, d.title, MIN(l.name) AS tag
            FROM dialog_labels x JOIN dialogs d ON d.id = x.dialog_id JOIN lists l ON l.id = x.list_id
            WHERE d.bot_id = :bot AND x.list_id IN ({among})
            GROUP BY d.id, d.customer_id, d.title ORDER BY d.id DESC LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
        **values,
    )


def fill_backlog(tx: Tx) -> int:
    """Indexes one piece of the rows older than the index, newest first; returns how many rows it looked at."""
    missing = tx.one("SELECT source, until_id FROM search_backlog ORDER BY source LIMIT 1")
    if missing is None or missing["source"] not in SOURCES:
        return 0
    source, until = missing["source"], missing["until_id"]
    first = until - _FILL + 1
    tx.run(
        f"""INSERT INTO search_{source} (rowid, words)
            SELECT f.id, f.words FROM searched_{source} f WHERE f.id BETWEEN :first AND :until
            AND NOT EXISTS (SELECT 1 FROM search_{source} s WHERE s.rowid = f.id)""",
        first=first,
        until=until,
    )
    if first <= 1:
        tx.run("DELETE FROM search_backlog WHERE source = :source", source=source)
    else:
        tx.run(
            "UPDATE search_backlog SET until_id = :until WHERE source = :source",
            until=first - 1,
            source=source,
        )
    return _FILL


def _values_for(tx: Tx, words: list[str], limit: int) -> dict[str, Any]:
    """`anna* inv*`: each word must begin a word of the text."""
    return {"bot": tx.bot_id, "wanted": " ".join(f"{word}*" for word in words), "limit": limit}
