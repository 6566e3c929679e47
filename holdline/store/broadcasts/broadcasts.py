"""Broadcasts: their content, their state, and which of them have work to do."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.broadcasts.broadcast import (
    Broadcast,
    BroadcastAuthor,
    BroadcastFigures,
    BroadcastStatus,
)
from holdline.dialogs.broadcasts.content import BroadcastContent
from holdline.dialogs.refusal import NotFound
from holdline.store.tx import Row, Tx

SETTLED = ("sent", "blocked", "failed", "expired", "cancelled")


def insert(tx: Tx, broadcast: Broadcast, *, expected: int) -> Broadcast:
    """Returns it with its id; `expected`: how many customers the audience has now."""
    row = tx.one(
        """INSERT INTO broadcasts (bot_id, content_json, audience_json, topic, expires_at, starts_at, local_time,
                                   status, api_key_id, manager_id, expected, created_at)
           VALUES (:bot, :content, :audience, :topic, :expires, :starts, :local,
                   :status, :key, :manager, :expected, :at)
           RETURNING *""",
        bot=tx.bot_id,
        content=broadcast.content.as_json(),
        audience=broadcast.audience.as_json(),
        topic=broadcast.topic,
        expires=broadcast.expires_at,
        starts=broadcast.starts_at,
        local=broadcast.local_time.isoformat() if broadcast.local_time else None,
        status=broadcast.status.value,
        key=broadcast.author.api_key_id,
        manager=broadcast.author.manager_id,
        expected=expected,
        at=tx.at,
    )
    assert row is not None
    return _broadcast(row)


def load(tx: Tx, broadcast_id: int) -> Broadcast:
    """Raises NotFound if this bot has no broadcast with that id."""
    return _load(tx, broadcast_id, "")


def load_locked(tx: Tx, broadcast_id: int) -> Broadcast:
    return _load(tx, broadcast_id, "FOR UPDATE")


def _load(tx: Tx, broadcast_id: int, lock: str) -> Broadcast:
    sql = f"SELECT * FROM broadcasts WHERE bot_id = :bot AND id = :id {lock}"
    row = tx.one(sql, bot=tx.bot_id, id=broadcast_id)
    if row is None:
        raise NotFound("broadcast", broadcast_id)
    return _broadcast(row)


def status_of(tx: Tx, broadcast_id: int) -> BroadcastStatus | None:
    row = tx.one("SELECT status FROM broadcasts WHERE id = :id", id=broadcast_id)
    return BroadcastStatus(row["status"]) if row is not None else None


def set_fields(tx: Tx, broadcast_id: int, **fields: Any) -> None:
    """Takes only column names written in this code, never names from outside."""
    assignments = ", ".join(f"{name} = :{name}" for name in fields)
    tx.run(
        f"UPDATE broadcasts SET {assignments} WHERE id = :broadcast_id", broadcast_id=broadcast_id, **fields
    )


def page(tx: Tx, *, newest_first: bool, after: int | None, limit: int) -> list[Broadcast]:
    """In order of age; `after`: the last id of the previous page."""
    step, way = ("<", "DESC") if newest_first else (">", "")
    rows = tx.all(
        f"""SELECT * FROM broadcasts WHERE bot_id = :bot AND (CAST(:after AS BIGINT) IS NULL OR id {step} :after)
           ORDER BY id {way} LIMIT :limit""",
        bot=tx.bot_id,
        after=after,
        limit=limit,
    )
    return [_broadcast(row) for row in rows]


def list_at_work(tx: Tx, statuses: Collection[BroadcastStatus]) -> list[Broadcast]:
    """Broadcasts in one of these states that have work left to do, oldest first."""
    among = ", ".join(f"'{status.value}'" for status in statuses)
    rows = tx.all(
        f"SELECT * FROM broadcasts WHERE bot_id = :bot AND ended_at IS NULL AND status IN ({among}) ORDER BY id",
        bot=tx.bot_id,
    )
    return [_broadcast(row) for row in rows]


def start_due(tx: Tx) -> int:
    """Starts scheduled broadcasts whose time has come; returns how many."""
    return tx.run(
        """UPDATE broadcasts SET status = 'sending'
           WHERE bot_id = :bot AND ended_at IS NULL AND status = 'scheduled' AND starts_at <= :at""",
        bot=tx.bot_id,
        at=tx.at,
    )


def record_gathered(tx: Tx, broadcast_id: int, *, until_id: int, added: int) -> None:
    """Adds to the number of recipients; customers up to `until_id` have been looked at."""
    tx.run(
        """UPDATE broadcasts SET gathered_until_id = :until, recipients = recipients + :added WHERE id = :id""",
        until=until_id,
        added=added,
        id=broadcast_id,
    )


def figures_of(tx: Tx, broadcast_id: int) -> BroadcastFigures:
    """The figures now: the counts with the changes that were not summed up yet."""
    row = tx.one("SELECT * FROM broadcasts WHERE id = :id", id=broadcast_id)
    assert row is not None
    changes = tx.all(
        "SELECT status, SUM(change) AS change FROM broadcast_tallies WHERE broadcast_id = :id GROUP BY status",
        id=broadcast_id,
    )
    counts = {name: int(row[name]) for name in SETTLED}
    for change in changes:
        counts[change["status"]] += int(change["change"])
    recipients = (
        row["recipients"] if row["gathered_at"] is not None else max(row["expected"], row["recipients"])
    )
    if row["status"] == BroadcastStatus.CANCELLED.value:
        counts["cancelled"] = recipients - sum(counts[name] for name in SETTLED if name != "cancelled")
        return BroadcastFigures(recipients, **counts)
    return BroadcastFigures(recipients, held=_count_held(tx, broadcast_id), **counts)


def _count_held(tx: Tx, broadcast_id: int) -> int:
    """Starts from the customers whose gate is held, because they are few (CROSS JOIN: SQLite keeps that order)."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM customers c CROSS JOIN broadcast_recipients r
           WHERE c.bot_id = :bot AND c.gate = 'held' AND r.broadcast_id = :id AND r.customer_id = c.id
           AND r.status = 'waiting' AND r.outbox_id IS NOT NULL""",
        id=broadcast_id,
        bot=tx.bot_id,
    )
    return int(row["n"]) if row else 0


def _broadcast(row: Row) -> Broadcast:
    return Broadcast(
        id=row["id"],
        content=BroadcastContent.of(row["content_json"]),
        audience=AudienceFilter.of(row["audience_json"]),
        status=BroadcastStatus(row["status"]),
        starts_at=row["starts_at"],
        created_at=row["created_at"],
        local_time=datetime.fromisoformat(row["local_time"]) if row["local_time"] else None,
        topic=row["topic"],
        expires_at=row["expires_at"],
        author=BroadcastAuthor(row["api_key_id"], row["manager_id"]),
        gathered_until_id=row["gathered_until_id"],
        gathered_at=row["gathered_at"],
        pause_reason=row["pause_reason"],
        ended_at=row["ended_at"],
        deleted_at=row["deleted_at"],
    )


def pace_of(tx: Tx, broadcast_id: int) -> float | None:
    """The recent pace in messages a second; None before the first measurement, and if nothing was sent."""
    row = tx.one("SELECT per_second FROM broadcasts WHERE id = :id", id=broadcast_id)
    return row["per_second"] if row is not None else None


def measure(tx: Tx, broadcast_id: int) -> tuple[int, datetime | None, int]:
    """How many are sent now; when this was measured before, and how many were sent then."""
    row = tx.one("SELECT sent, measured_at, measured_sent FROM broadcasts WHERE id = :id", id=broadcast_id)
    assert row is not None
    return row["sent"], row["measured_at"], row["measured_sent"]


def refusals_of(tx: Tx, broadcast_id: int) -> dict[str, int]:
    """Telegram's refusals of the content since the broadcast was last started or resumed, and how often each came."""
    row = tx.one("SELECT refusals_json FROM broadcasts WHERE id = :id", id=broadcast_id)
    return dict(row["refusals_json"] or {}) if row is not None else {}


def change_of(tx: Tx, broadcast_id: int) -> tuple[str | None, int]:
    """The change being made to sent messages, edit or delete, and up to which customer it was made."""
    row = tx.one("SELECT change_kind, changed_until_id FROM broadcasts WHERE id = :id", id=broadcast_id)
    assert row is not None
    return row["change_kind"], row["changed_until_id"]


def record_changed(tx: Tx, broadcast_id: int, *, until_id: int, done: int) -> None:
    """Records that so many more recipients were looked at."""
    tx.run(
        "UPDATE broadcasts SET changed_until_id = :until, changes_done = changes_done + :done WHERE id = :id",
        until=until_id,
        done=done,
        id=broadcast_id,
    )


def list_changing(tx: Tx) -> list[int]:
    """Broadcasts whose messages are being edited or deleted."""
    rows = tx.all(
        "SELECT id FROM broadcasts WHERE bot_id = :bot AND change_kind IS NOT NULL ORDER BY id", bot=tx.bot_id
    )
    return [row["id"] for row in rows]


def changes_done(tx: Tx, broadcast_id: int) -> tuple[str | None, int]:
    """The change being made to sent messages, None once it is over, and to how many it was made."""
    row = tx.one("SELECT change_kind, changes_done FROM broadcasts WHERE id = :id", id=broadcast_id)
    assert row is not None
    return row["change_kind"], row["changes_done"]
