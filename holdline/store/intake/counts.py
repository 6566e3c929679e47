"""Counts and ages of waiting items, for probes and metrics; never an id, a name or a text of anybody."""

from datetime import datetime

from holdline.store.marketing.held import list_customers
from holdline.store.tx import Tx

CountsByLabels = dict[tuple[str, ...], int]
LOWEST_INTEGER = -(2**63)


def update_backlog(tx: Tx) -> tuple[int, datetime | None]:
    """How many updates are not handled yet, and since when the oldest waits."""
    row = tx.one(
        "SELECT COUNT(*) AS n, MIN(received_at) AS oldest_at FROM inbox WHERE bot_id = :bot AND state = 'new'",
        bot=tx.bot_id,
    )
    assert row is not None
    return int(row["n"]), row["oldest_at"]


def updates_in_quarantine(tx: Tx) -> int:
    return _count(tx, "SELECT COUNT(*) AS n FROM inbox WHERE bot_id = :bot AND state = 'quarantined'")


def outbox_backlog(tx: Tx) -> CountsByLabels:
    """(stream, status) → rows: only queued, sending or parked ones, so that finished rows cost nothing.

    Every chat's id is above the lowest integer. Without that condition SQLite reads every row of the bot by its key
    instead of the index of waiting rows.
    """
    counts: CountsByLabels = {}
    for status in ("queued", "sending", "parked"):
        rows = tx.all(
            f"""SELECT stream, COUNT(*) AS n FROM outbox
                WHERE bot_id = :bot AND status = '{status}' AND chat_id > :lowest GROUP BY stream""",
            bot=tx.bot_id,
            lowest=LOWEST_INTEGER,
        )
        counts.update({(row["stream"], status): int(row["n"]) for row in rows})
    return counts


def oldest_due(tx: Tx) -> dict[tuple[str, ...], datetime | None]:
    """(kind of chat, stream) → when the oldest sendable message was due; messages held by a gate are not late."""
    rows = tx.all(
        """SELECT ch.kind, o.stream, MIN(o.due_at) AS due_at
           FROM outbox o JOIN chats ch ON ch.bot_id = o.bot_id AND ch.chat_id = o.chat_id
           LEFT JOIN customers c ON c.id = o.customer_id
           WHERE o.bot_id = :bot AND o.status = 'queued' AND o.due_at <= :now AND ch.stop_reason IS NULL
           AND (o.stream = 'dialog' OR c.gate = 'open') GROUP BY ch.kind, o.stream""",
        bot=tx.bot_id,
        now=tx.at,
    )
    return {(row["kind"], row["stream"]): row["due_at"] for row in rows}


def webhook_backlog(tx: Tx) -> CountsByLabels:
    """status → deliveries to webhooks that wait, or were given up."""
    rows = tx.all(
        """SELECT status, COUNT(*) AS n FROM webhook_deliveries
           WHERE bot_id = :bot AND status IN ('queued', 'failed') GROUP BY status""",
        bot=tx.bot_id,
    )
    return {(row["status"],): int(row["n"]) for row in rows}


def oldest_webhook_delivery(tx: Tx) -> datetime | None:
    """Since when the oldest delivery waits."""
    row = tx.one(
        """SELECT MIN(created_at) AS oldest_at FROM webhook_deliveries
           WHERE bot_id = :bot AND status = 'queued'""",
        bot=tx.bot_id,
    )
    oldest: datetime | None = row["oldest_at"] if row else None
    return oldest


def gate_backlog(tx: Tx) -> int:
    """Marketing messages that wait for a dialog to end."""
    return _count(
        tx,
        """SELECT COUNT(*) AS n FROM outbox o JOIN customers c ON c.id = o.customer_id
           WHERE o.bot_id = :bot AND o.status = 'queued' AND o.stream = 'marketing' AND c.gate = 'held'""",
    )


def oldest_held(tx: Tx) -> datetime | None:
    """Since when the longest held marketing message waits for a dialog to end."""
    longest = list_customers(tx, limit=1)
    return longest[0].since if longest else None


def dialogs_by_state(tx: Tx) -> CountsByLabels:
    rows = tx.all(
        "SELECT state, COUNT(*) AS n FROM dialogs WHERE bot_id = :bot GROUP BY state", bot=tx.bot_id
    )
    return {(row["state"],): int(row["n"]) for row in rows}


def inbox_item_backlog(tx: Tx) -> tuple[int, datetime | None]:
    """How many inbox items nobody has handled, and since when the oldest waits."""
    row = tx.one(
        "SELECT COUNT(*) AS n, MIN(created_at) AS oldest_at FROM inbox_items WHERE bot_id = :bot AND state = 'new'",
        bot=tx.bot_id,
    )
    assert row is not None
    return int(row["n"]), row["oldest_at"]


def customers_by_reach(tx: Tx) -> CountsByLabels:
    rows = tx.all(
        """SELECT reach, COUNT(*) AS n FROM chats
           WHERE bot_id = :bot AND customer_id IS NOT NULL GROUP BY reach""",
        bot=tx.bot_id,
    )
    return {(row["reach"],): int(row["n"]) for row in rows}


def last_message_id(tx: Tx) -> int:
    """Of all bots, because they share one sequence of ids."""
    row = tx.one("SELECT COALESCE(MAX(id), 0) AS id FROM messages")
    return int(row["id"]) if row else 0


def messages_between(tx: Tx, after: int, until: int) -> CountsByLabels:
    """(direction) → messages with an id above `after` and up to `until`; `in` means messages of customers."""
    rows = tx.all(
        """SELECT direction, COUNT(*) AS n FROM messages
           WHERE +bot_id = :bot AND id > :after AND id <= :until GROUP BY direction""",
        bot=tx.bot_id,
        after=after,
        until=until,
    )
    return {(row["direction"],): int(row["n"]) for row in rows}


def last_message_times(tx: Tx) -> dict[str, datetime]:
    """direction → when its newest message was stored; a direction without messages is missing."""
    times = {}
    for direction in ("in", "out"):
        row = tx.one(
            "SELECT created_at FROM messages WHERE +bot_id = :bot AND direction = :direction ORDER BY id DESC LIMIT 1",
            bot=tx.bot_id,
            direction=direction,
        )
        if row is not None:
            times[direction] = row["created_at"]
    return times


def uncertain_messages(tx: Tx) -> int:
    """Messages that still wait after an answer was lost: each may arrive twice."""
    return _count(
        tx,
        """SELECT COUNT(*) AS n FROM outbox
           WHERE bot_id = :bot AND status = 'queued' AND uncertain > 0""",
    )


def repeat_calls(tx: Tx) -> int:
    """Calls repeated because the answer to the previous one was lost: each may have shown a message twice."""
    return _count(
        tx,
        """SELECT COUNT(*) AS n FROM outbox_attempts lost
           JOIN outbox_attempts again ON again.outbox_id = lost.outbox_id AND again.attempt = lost.attempt + 1
           JOIN outbox o ON o.id = lost.outbox_id
           WHERE lost.outcome = 'uncertain' AND o.bot_id = :bot""",
    )


def floods(tx: Tx) -> int:
    """Calls that Telegram answered with 429."""
    return _count(
        tx,
        """SELECT COUNT(*) AS n FROM outbox_attempts a JOIN outbox o ON o.id = a.outbox_id
           WHERE a.code = 429 AND o.bot_id = :bot""",
    )


def smart_replies_dropped(tx: Tx) -> int:
    """Automatic answers that were never sent, because a person was talking."""
    return _count(tx, "SELECT COUNT(*) AS n FROM outbox WHERE bot_id = :bot AND status = 'dropped'")


def smart_replies_by_feedback(tx: Tx) -> CountsByLabels:
    """feedback → automatic answers; `none` if the customer said nothing of it."""
    rows = tx.all(
        "SELECT feedback, COUNT(*) AS n FROM smart_answers WHERE bot_id = :bot GROUP BY feedback",
        bot=tx.bot_id,
    )
    return {(row["feedback"] or "none",): int(row["n"]) for row in rows}


def _count(tx: Tx, sql: str) -> int:
    row = tx.one(sql, bot=tx.bot_id)
    return int(row["n"]) if row else 0
