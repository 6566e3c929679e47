"""The SLA clocks of dialogs, and the data that they depend on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from holdline.dialogs.sla.clock import SlaClock
from holdline.store.conversation.messages import NEVER_ARRIVED
from holdline.store.tx import Row, Tx, placeholders

_LIMIT = 100
_MICROSECOND = timedelta(microseconds=1)


def of_dialogs(tx: Tx, dialog_ids: Iterable[int]) -> dict[int, list[SlaClock]]:
    """By dialog, in the order in which they were created."""
    among, values = placeholders(list(dialog_ids))
    rows = tx.all(f"SELECT * FROM sla_clocks WHERE dialog_id IN ({among}) ORDER BY id", **values)
    found: dict[int, list[SlaClock]] = {}
    for row in rows:
        found.setdefault(row["dialog_id"], []).append(_clock(row))
    return found


def put(tx: Tx, dialog_id: int, before: list[SlaClock], after: list[SlaClock]) -> None:
    """Saves the dialog's clocks so that they are exactly those in `after`."""
    known = {clock.id: clock for clock in before}
    for clock in after:
        if clock.id == 0:
            _insert(tx, dialog_id, clock)
        elif known[clock.id] != clock:
            _save(tx, clock)
    for clock_id in known.keys() - {clock.id for clock in after}:
        tx.run("DELETE FROM sla_clocks WHERE id = :id", id=clock_id)


def _save(tx: Tx, clock: SlaClock) -> None:
    tx.run(
        """UPDATE sla_clocks SET policy_id = :policy, state = :state, counts_from_at = :counts_from, spent = :spent,
                  due_at = :due, warn_at = :warn, stopped_at = :stopped WHERE id = :id""",
        id=clock.id,
        **_values(clock),
    )


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """A clock that was started ahead of the present time counts from now on, and keeps the time it had."""
    tx.post(
        """UPDATE sla_clocks SET due_at = due_at - (counts_from_at - :at), warn_at = warn_at - (counts_from_at - :at),
                  counts_from_at = :at WHERE bot_id = :bot AND state = 'running' AND counts_from_at > :ahead""",
        bot=tx.bot_id,
        at=tx.at,
        ahead=ahead,
    )


def list_due(tx: Tx) -> list[int]:
    """Dialogs with a running clock that is overdue, or whose warning is due."""
    rows = tx.all(
        """SELECT dialog_id FROM sla_clocks WHERE bot_id = :bot AND state = 'running' AND due_at < :at
           UNION SELECT dialog_id FROM sla_clocks
           WHERE bot_id = :bot AND state = 'running' AND warn_at IS NOT NULL AND warn_at <= :at
           LIMIT :limit""",
        bot=tx.bot_id,
        at=tx.at,
        limit=_LIMIT,
    )
    return [int(row["dialog_id"]) for row in rows]


def policy_of(tx: Tx, dialog_id: int) -> int | None:
    """The id of the policy that applies to the dialog."""
    row = tx.one("SELECT sla_policy_id FROM dialogs WHERE id = :id", id=dialog_id)
    return row["sla_policy_id"] if row else None


def list_paused(tx: Tx, customer_id: int) -> list[int]:
    """The customer's paused dialogs to which a policy applies."""
    rows = tx.all(
        """SELECT id FROM dialogs WHERE customer_id = :customer AND state = 'paused'
           AND sla_policy_id IS NOT NULL""",
        customer=customer_id,
    )
    return [int(row["id"]) for row in rows]


def customer_waits_since(tx: Tx, customer_id: int, dialog_id: int) -> datetime | None:
    """Since when the customer waits for a person's answer, in the dialog or in a new Inbox item."""
    row = tx.one(
        f"""SELECT MIN(m.created_at) AS since_at FROM messages m LEFT JOIN inbox_items i ON i.id = m.inbox_item_id
            WHERE m.customer_id = :customer AND m.author_kind = 'customer' AND m.deleted_at IS NULL
            AND (m.dialog_id = :dialog OR m.moved_to_dialog_id = :dialog
                 OR (m.dialog_id IS NULL AND m.moved_to_dialog_id IS NULL AND i.state = 'new'))
            AND m.id > COALESCE((
                SELECT r.id FROM messages r WHERE r.customer_id = :customer AND r.author_kind = 'manager'
                AND r.deleted_at IS NULL AND r.status NOT IN {NEVER_ARRIVED}
                AND (r.dialog_id = :dialog OR r.moved_to_dialog_id = :dialog
                     OR (r.dialog_id IS NULL AND r.moved_to_dialog_id IS NULL))
                ORDER BY r.id DESC LIMIT 1), 0)""",
        customer=customer_id,
        dialog=dialog_id,
    )
    return row["since_at"] if row else None


def is_answered(tx: Tx, dialog_id: int) -> bool:
    """Whether a person has answered the customer in the dialog."""
    row = tx.one(
        f"""SELECT 1 AS answered FROM messages WHERE dialog_id = :dialog AND author_kind = 'manager'
            AND deleted_at IS NULL AND status NOT IN {NEVER_ARRIVED} LIMIT 1""",
        dialog=dialog_id,
    )
    return row is not None


def _insert(tx: Tx, dialog_id: int, clock: SlaClock) -> None:
    tx.run(
        """INSERT INTO sla_clocks (bot_id, dialog_id, policy_id, name, state, started_at, counts_from_at, spent, due_at,
                                   warn_at, stopped_at)
           VALUES (:bot, :dialog, :policy, :name, :state, :started, :counts_from, :spent, :due, :warn, :stopped)""",
        bot=tx.bot_id,
        dialog=dialog_id,
        name=clock.name,
        started=clock.started_at,
        **_values(clock),
    )


def _values(clock: SlaClock) -> dict[str, object]:
    return {
        "policy": clock.policy_id,
        "state": clock.state,
        "counts_from": clock.counts_from_at,
        "spent": clock.spent // _MICROSECOND,
        "due": clock.due_at,
        "warn": clock.warn_at,
        "stopped": clock.stopped_at,
    }


def _clock(row: Row) -> SlaClock:
    return SlaClock(
        id=row["id"],
        policy_id=row["policy_id"],
        name=row["name"],
        state=row["state"],
        started_at=row["started_at"],
        counts_from_at=row["counts_from_at"],
        spent=row["spent"] * _MICROSECOND,
        due_at=row["due_at"],
        warn_at=row["warn_at"],
        stopped_at=row["stopped_at"],
    )
