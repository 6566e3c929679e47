"""What waits because of a restore: one row for each item, from the restore until it was released or discarded.

Loops that look for due mails, webhooks, scheduled replies, albums, enrolments and bulk jobs leave out the rows of this
table (`not_held`). Outbox rows are put off to the far future instead, because the sender's query must stay short.
Updates are quarantined and broadcasts are paused, as a person could do with them.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from holdline.dialogs.outbox.messages import TopicCreation
from holdline.dialogs.restores.hold import HeldKind, Verdict
from holdline.store.restores import restores
from holdline.store.tx import Row, Tx, placeholders

RESTORED = "restored"
"""Why an outbox row waits, an update is quarantined, or a broadcast is paused."""
FAR = datetime(2200, 1, 1, tzinfo=UTC)

_KIND_OF_ITEM = f"""CASE WHEN audience = 'desk' THEN '{HeldKind.DESK}' WHEN class = 'manager' THEN '{HeldKind.REPLIES}'
    WHEN class = 'system' THEN '{HeldKind.SYSTEM}' ELSE '{HeldKind.MARKETING}' END"""
_WAITING = {
    "outbox": (_KIND_OF_ITEM, f"status = 'queued' AND kind <> '{TopicCreation.kind}'"),
    "scheduled_replies": (f"'{HeldKind.REPLIES}'", "state = 'waiting' AND send_at <= :at"),
    "enrolments": (
        f"'{HeldKind.MARKETING}'",
        """state = 'running' AND (next_at <= :at OR EXISTS (
            SELECT 1 FROM outbox o WHERE o.enrolment_id = enrolments.id AND o.status = 'queued'))""",
    ),
    "broadcasts": (
        f"'{HeldKind.MARKETING}'",
        "(status = 'sending' OR (status = 'scheduled' AND starts_at <= :at))",
    ),
    "mails": (f"'{HeldKind.MAILS}'", "status = 'queued'"),
    "webhook_deliveries": (f"'{HeldKind.WEBHOOKS}'", "status = 'queued'"),
    "inbox": (f"'{HeldKind.UPDATES}'", "state = 'new'"),
    "waiting_album_parts": (f"'{HeldKind.UPDATES}'", "1 = 1"),
    "bulk_jobs": (f"'{HeldKind.BULK}'", "finished_at IS NULL"),
}
"""source → its kind and what waits in it. What becomes due after the restore was done by nobody, and is not held."""
_OF = "(SELECT row_id FROM restored_work WHERE bot_id = :bot AND source = '{source}' AND verdict IS NULL)"
_PUT_ASIDE = (
    f"""UPDATE outbox SET due_at = :far, waits_for = '{RESTORED}'
        WHERE bot_id = :bot AND status = 'queued' AND id IN {_OF.format(source="outbox")}""",
    f"""UPDATE broadcasts SET status = 'paused', pause_reason = '{RESTORED}'
        WHERE bot_id = :bot AND status IN ('scheduled', 'sending') AND id IN {_OF.format(source="broadcasts")}""",
    f"""UPDATE inbox SET state = 'quarantined', reason = '{RESTORED}', done_at = :at, retry_at = NULL
        WHERE bot_id = :bot AND state = 'new' AND id IN {_OF.format(source="inbox")}""",
)


def not_held(source: str, row_id: str) -> str:
    """SQL: the row does not wait because of a restore. `row_id` names its column."""
    return f"""NOT EXISTS (SELECT 1 FROM restored_work rw WHERE rw.source = '{source}' AND rw.row_id = {row_id})"""


def hold_everything(tx: Tx) -> None:
    """Puts aside all that waits now. Decisions that a backup holds half done are forgotten: they may have been carried
    out since.
    """
    tx.run("UPDATE restored_work SET verdict = NULL WHERE bot_id = :bot", bot=tx.bot_id)
    for source, (kind, waits) in _WAITING.items():
        due = {"outbox": "due_at", "enrolments": "next_at"}.get(source, "CAST(NULL AS BIGINT)")
        why = "waits_for" if source == "outbox" else "CAST(NULL AS TEXT)"
        tx.run(
            f"""INSERT INTO restored_work (bot_id, source, row_id, kind, due_at, waits_for)
                SELECT bot_id, '{source}', id, {kind}, {due}, {why} FROM {source}
                WHERE bot_id = :bot AND {waits} ON CONFLICT (source, row_id) DO NOTHING""",
            bot=tx.bot_id,
            **({"at": tx.at} if ":at" in waits else {}),
        )
    for statement in _PUT_ASIDE:
        values = {name: value for name, value in (("far", FAR), ("at", tx.at)) if f":{name}" in statement}
        tx.run(statement, bot=tx.bot_id, **values)
    tx.run("DELETE FROM smart_jobs WHERE bot_id = :bot", bot=tx.bot_id)


def dialogs_with_scheduled_replies(tx: Tx) -> list[int]:
    """Open dialogs in which a scheduled reply is on hold."""
    rows = tx.all(
        """SELECT DISTINCT s.dialog_id FROM restored_work rw JOIN scheduled_replies s ON s.id = rw.row_id
           JOIN dialogs d ON d.id = s.dialog_id
           WHERE rw.bot_id = :bot AND rw.source = 'scheduled_replies' AND d.state <> 'closed' ORDER BY s.dialog_id""",
        bot=tx.bot_id,
    )
    return [int(row["dialog_id"]) for row in rows]


def put_off_again(tx: Tx) -> None:
    """After the correction of a clock has moved due times."""
    tx.run(
        f"""UPDATE outbox SET due_at = :far WHERE bot_id = :bot AND status = 'queued' AND waits_for = '{RESTORED}'
            AND id IN {_OF.format(source="outbox")}""",
        far=FAR,
        bot=tx.bot_id,
    )


def counts(tx: Tx) -> dict[HeldKind, int]:
    """What nobody has decided about, by kind; kinds without any are missing. An enrolment whose message waits is not
    counted beside it, and a message or delivery that a person has sent, dropped or erased meanwhile is not
    counted.
    """
    rows = tx.all(
        f"""SELECT kind, COUNT(*) AS n FROM restored_work rw WHERE bot_id = :bot AND verdict IS NULL
            AND (source <> 'enrolments' OR due_at IS NOT NULL)
            AND (source <> 'outbox' OR EXISTS (SELECT 1 FROM outbox o WHERE o.id = rw.row_id
                 AND o.status IN ('queued', 'parked') AND o.waits_for = '{RESTORED}'))
            AND (source <> 'webhook_deliveries' OR EXISTS (SELECT 1 FROM webhook_deliveries w
                 WHERE w.id = rw.row_id AND w.status = 'queued'))
            GROUP BY kind ORDER BY kind""",
        bot=tx.bot_id,
    )
    found = {row["kind"]: int(row["n"]) for row in rows}
    return {kind: found[kind] for kind in HeldKind if kind in found}


def count_deciding(tx: Tx) -> int:
    """How many rows are still to be released or discarded after a decision."""
    sql = "SELECT COUNT(*) AS n FROM restored_work WHERE bot_id = :bot AND verdict IS NOT NULL"
    row = tx.one(sql, bot=tx.bot_id)
    return int(row["n"]) if row else 0


def is_any_decided(tx: Tx) -> bool:
    """Whether rows are still to be released or discarded after a decision."""
    sql = "SELECT 1 AS found FROM restored_work WHERE bot_id = :bot AND verdict IS NOT NULL LIMIT 1"
    return tx.one(sql, bot=tx.bot_id) is not None


def decide(tx: Tx, verdict: Verdict, kinds: Iterable[HeldKind]) -> None:
    """Stores the decision for these kinds."""
    among, values = placeholders([kind.value for kind in kinds])
    tx.run(
        f"""UPDATE restored_work SET verdict = :verdict
            WHERE bot_id = :bot AND verdict IS NULL AND kind IN ({among})""",
        verdict=verdict.value,
        bot=tx.bot_id,
        **values,
    )


def decide_about_broadcast(tx: Tx, broadcast_id: int, verdict: Verdict) -> None:
    """Stores the decision about this broadcast and its messages that nobody has decided about."""
    tx.run(
        """UPDATE restored_work SET verdict = :verdict WHERE bot_id = :bot AND verdict IS NULL
           AND (source = 'broadcasts' AND row_id = :broadcast
                OR source = 'outbox' AND row_id IN (SELECT id FROM outbox WHERE broadcast_id = :broadcast))""",
        verdict=verdict.value,
        broadcast=broadcast_id,
        bot=tx.bot_id,
    )


def release_delivery(tx: Tx, delivery_id: int) -> None:
    """The webhook delivery, which a person sends again, is not held any longer."""
    tx.run(
        """DELETE FROM restored_work WHERE bot_id = :bot AND source = 'webhook_deliveries' AND row_id = :id""",
        bot=tx.bot_id,
        id=delivery_id,
    )


def end_if_nothing_waits(tx: Tx) -> None:
    """Ends the hold as soon as everything in it is decided."""
    if not counts(tx):
        restores.end(tx)


def next_decided(tx: Tx, *, limit: int) -> list[Row]:
    """The next rows of one source with one verdict, the oldest first. Funnels and broadcasts come before their
    messages, so that a discarded funnel does not continue.
    """
    rows = tx.all(
        """SELECT * FROM restored_work WHERE bot_id = :bot AND verdict IS NOT NULL
           ORDER BY source, row_id LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )
    return [row for row in rows if _unit(row) == _unit(rows[0])]


def forget(tx: Tx, rows: list[Row]) -> None:
    """These rows, all of one source, do not wait any longer."""
    among, values = placeholders([row["row_id"] for row in rows])
    tx.run(
        f"DELETE FROM restored_work WHERE source = :source AND row_id IN ({among})",
        source=rows[0]["source"],
        **values,
    )


def _unit(row: Row) -> tuple[str, str]:
    return row["source"], row["verdict"]
