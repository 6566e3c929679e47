"""Empties technical copies that are older than they are kept, a window of ids at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.dialogs.privacy.retention import MAILS, OUTBOX, QUARANTINE, UPDATES
from holdline.store.privacy.erasing import end_of_window
from holdline.store.restores.held_work import RESTORED
from holdline.store.tx import Row, Tx

WINDOW = 1000
"""Ids at once: some 10 ms."""
_WORDS = frozenset({"text", "entities", "words", "sentences", "more", "caption", "content", "chosen"})
"""The keys of an item's text. The rest of its payload is its position in Telegram, which edits and replies need."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Which rows of a table are no longer needed, since when, and what is done with them."""

    table: str
    over: str
    at: str
    text: str
    change: str


COPIES: Mapping[str, Copies] = {
    # The row stays: its update_id is how an update that comes twice is known.
    UPDATES: Copies("inbox", "state IN ('done', 'ignored') AND raw <> '{}'", "done_at", "raw", "raw = '{}'"),
    QUARANTINE: Copies(
        "inbox",
        f"state = 'quarantined' AND reason <> '{RESTORED}'",  # those wait for a decision
        "done_at",
        "raw",
        "raw = '{}', state = 'ignored', reason = 'nobody tried it again in time'",
    ),
    # Parked items are not over: a person may still send them.
    OUTBOX: Copies(
        "outbox",
        "status IN ('sent', 'cancelled', 'dropped', 'expired') AND payload_json <> '{}'",
        "settled_at",
        "payload_json",
        "payload_json",
    ),
    MAILS: Copies(
        "mails", "status <> 'queued' AND body <> ''", "settled_at", "body", "subject = '', body = ''"
    ),
}


def figures_of(tx: Tx, kind: str, before: datetime) -> Row:
    """What would be removed: number, oldest_at, size. Outbox items that only have their position are counted, too."""
    copies = COPIES[kind]
    row = tx.one(
        f"""SELECT COUNT(*) AS number, MIN({copies.at}) AS oldest_at, COALESCE(SUM(LENGTH({copies.text})), 0) AS size
            FROM {copies.table} WHERE bot_id = :bot AND {copies.over} AND {copies.at} < :before""",
        bot=tx.bot_id,
        before=before,
    )
    assert row is not None
    return row


def keep_no_longer(tx: Tx, kind: str, before: datetime, after: int) -> tuple[int | None, int]:
    """Looks at the next window of ids; returns its last id, None after the end, and how many rows changed."""
    copies = COPIES[kind]
    until = end_of_window(tx, copies.table, after, size=WINDOW)
    if until is None:
        return None, 0
    values: dict[str, Any] = {"bot": tx.bot_id, "before": before, "after": after, "until": until}
    # "+": SQLite shall go by the ids, and not through all rows of the bot.
    condition = (
        f"""+bot_id = :bot AND id > :after AND id <= :until AND {copies.over} AND {copies.at} < :before"""
    )
    if kind == OUTBOX:
        return until, _remove_words(tx, condition, values)
    return until, tx.run(f"UPDATE {copies.table} SET {copies.change} WHERE {condition}", **values)


def without_item_words(payload: Row) -> Row:
    """The payload of an outbox item, with its position only."""
    return {name: value for name, value in payload.items() if name not in _WORDS}


def _remove_words(tx: Tx, condition: str, values: dict[str, Any]) -> int:
    changed = 0
    for row in tx.all(f"SELECT id, payload_json FROM outbox WHERE {condition}", **values):
        kept = without_item_words(row["payload_json"])
        if kept != row["payload_json"]:
            tx.run("UPDATE outbox SET payload_json = :kept WHERE id = :id", kept=kept, id=row["id"])
            changed += 1
    return changed
