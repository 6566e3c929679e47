"""Marketing messages as a list: what was sent, what waits, and why."""

from dataclasses import dataclass
from typing import Any

from holdline.store.delivery import outbound
from holdline.store.delivery.outbound import MARKETING_CLASSES
from holdline.store.tx import Row, Tx, placeholders

_WAITS = "o.status = 'queued' AND (o.expires_at IS NULL OR o.expires_at > :at)"
_OF_STATUS = {
    "queued": f"{_WAITS} AND (c.gate = 'open' OR o.stream = 'dialog')",
    "held": f"{_WAITS} AND c.gate = 'held' AND o.stream = 'marketing'",
    "expired": "(o.status = 'expired' OR (o.status = 'queued' AND o.expires_at <= :at))",
}
"""Statuses that are shown differently from the stored value; any other status is the column's value."""


@dataclass(frozen=True, slots=True)
class OutboundFilter:
    """The filters of the list; None does not filter. `gate` held: messages that wait behind a gate."""

    status: str | None = None
    customer_id: int | None = None
    class_: str | None = None
    gate: str | None = None
    topic: str | None = None

    def sql(self) -> tuple[str, dict[str, Any]]:
        """Only given filters are included, so that an index can be used."""
        conditions, values = ["TRUE"], {}
        if self.status is not None:
            conditions.append(_OF_STATUS.get(self.status, "o.status = :status"))
            values["status"] = self.status
        if self.gate is not None:
            conditions.append(f"{_WAITS} AND c.gate = :gate AND o.stream = 'marketing'")
            values["gate"] = self.gate
        for name, column in (("customer_id", "o.customer_id"), ("topic", "o.marketing_topic")):
            if (value := getattr(self, name)) is not None:
                conditions.append(f"{column} = :{name}")
                values[name] = value
        if self.class_ is not None:
            conditions.append("o.class = :of_class")
            values["of_class"] = self.class_
        return " AND ".join(conditions), values


def page(tx: Tx, narrowed: OutboundFilter, *, order: str, after: int | None, limit: int) -> list[Row]:
    """One row per message. The filters read its last part, which is sent last.

    `after`, `last_id`: the id of that part, by which the list is sorted.
    """
    conditions, values = narrowed.sql()
    beyond, way = (">", "ASC") if order == "oldest" else ("<", "DESC")
    rows = tx.all(
        f"""SELECT o.id AS last_id, o.message_id, o.customer_id, c.telegram_id, c.name, o.api_key_id, o.broadcast_id,
                   o.enrolment_id, o.created_at, o.expires_at, m.text, m.kind
            FROM outbox o JOIN customers c ON c.id = o.customer_id JOIN messages m ON m.id = o.message_id
            WHERE o.bot_id = :bot AND o.class IN {MARKETING_CLASSES} AND {conditions}
              AND (CAST(:after AS BIGINT) IS NULL OR o.id {beyond} :after)
              AND NOT EXISTS (SELECT 1 FROM outbox later WHERE later.message_id = o.message_id
                              AND later.id > o.id AND later.class = o.class)
            ORDER BY o.id {way} LIMIT :limit""",
        bot=tx.bot_id,
        at=tx.at,
        after=after,
        limit=limit,
        **values,
    )
    parts = _parts(tx, [row["last_id"] for row in rows])
    return [{**outbound.combine_parts(parts[row["message_id"]]), **row} for row in rows]


def _parts(tx: Tx, last_ids: list[int]) -> dict[int, list[Row]]:
    """The parts of each message, in order."""
    parts: dict[int, list[Row]] = {}
    if last_ids:
        among, values = placeholders(last_ids)
        for row in outbound.list_parts(tx, f"asked.id IN ({among})", **values):
            parts.setdefault(row["message_id"], []).append(row)
    return parts
