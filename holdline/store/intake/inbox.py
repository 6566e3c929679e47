"""The inbox: raw updates from Telegram, from their commit to their end.

A row is `new` until it is done, ignored or quarantined. While it is new, `attempts` counts the started attempts. 0:
nobody tried. Above 0 with `retry_at`: the last attempt failed and the row waits. Above 0 without it: an attempt has
started and not ended, so either a worker holds the row or its process died. The number of the attempt is the fence: a
worker with an earlier one can no longer change anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdline.store.intake.received_update import ReceivedUpdate
from holdline.store.tx import Row, Tx

MAX_ATTEMPTS = 3
RETRY_SECONDS = (1, 5)


@dataclass(frozen=True, slots=True)
class InboxJob:
    """The right to handle one row once."""

    row_id: int
    update_id: int
    ordering_key: int
    attempt: int
    raw: str
    received_at: datetime


class StaleInboxJob(Exception):
    """Another worker has the row now, or an earlier update of its sender has come in; this attempt does not count."""


def put(tx: Tx, updates: list[ReceivedUpdate]) -> int:
    """Stores the updates; returns how many were new."""
    if not updates:
        return 0
    values: Row = {}
    for number, update in enumerate(updates):
        values |= {
            f"u{number}": update.update_id,
            f"k{number}": update.ordering_key,
            f"r{number}": update.raw,
        }
        values |= {f"s{number}": "quarantined" if update.fault else "new", f"f{number}": update.fault}
    rows = ", ".join(f"(:bot, :u{n}, :k{n}, :r{n}, :s{n}, :f{n}, :at)" for n in range(len(updates)))
    added = tx.run(
        f"""INSERT INTO inbox (bot_id, update_id, ordering_key, raw, state, reason, received_at) VALUES {rows}
            ON CONFLICT (bot_id, update_id) DO NOTHING""",
        bot=tx.bot_id,
        at=tx.at,
        **values,
    )
    if added:
        tx.wake("inbox")
    return added


def finish(tx: Tx, claim: InboxJob) -> None:
    """Ends a handled update, in the transaction of its effects.

    Raises StaleInboxJob if the claim is stale or an earlier update with its key is still new: nothing may be
    committed.
    """
    ended = tx.run(
        """UPDATE inbox SET state = 'done', done_at = :at, reason = NULL
           WHERE id = :id AND state = 'new' AND attempts = :attempt AND NOT EXISTS (
               SELECT 1 FROM inbox earlier WHERE earlier.bot_id = :bot AND earlier.ordering_key = :key
               AND earlier.state = 'new' AND earlier.update_id < :update)""",
        at=tx.at,
        id=claim.row_id,
        attempt=claim.attempt,
        bot=tx.bot_id,
        key=claim.ordering_key,
        update=claim.update_id,
    )
    if not ended:
        raise StaleInboxJob


def ignore(tx: Tx, claim: InboxJob, reason: str) -> bool:
    """Ends an update that nothing handles. Returns False if the claim is stale."""
    return _end(tx, claim, "ignored", reason)


def quarantine(tx: Tx, claim: InboxJob, reason: str) -> bool:
    """Puts the update aside for a person; later ones of its sender are handled. Returns False if the claim is stale."""
    return _end(tx, claim, "quarantined", reason)


def record_failure(tx: Tx, claim: InboxJob, reason: str) -> bool:
    """After a failed attempt: waits a little, or quarantines after the third. Returns whether it is quarantined now."""
    if claim.attempt >= MAX_ATTEMPTS:
        return quarantine(tx, claim, reason)
    wait = RETRY_SECONDS[min(claim.attempt, len(RETRY_SECONDS)) - 1]
    tx.run(
        """UPDATE inbox SET retry_at = :retry, reason = :reason
           WHERE id = :id AND state = 'new' AND attempts = :attempt""",
        retry=tx.at + timedelta(seconds=wait),
        reason=reason,
        id=claim.row_id,
        attempt=claim.attempt,
    )
    return False


def release(tx: Tx, claims: list[InboxJob], *, seconds: float = 0) -> None:
    """Gives back jobs that were not really tried; they are not claimed again for `seconds`."""
    for claim in claims:
        tx.run(
            """UPDATE inbox SET attempts = attempts - 1, retry_at = :retry
               WHERE id = :id AND state = 'new' AND attempts = :attempt""",
            retry=tx.at + timedelta(seconds=seconds),
            id=claim.row_id,
            attempt=claim.attempt,
        )
    tx.wake("inbox")


def replay(tx: Tx, *, update_id: int) -> bool:
    """Lets a quarantined update be tried again from the start; only a person does this."""
    again = tx.run(
        """UPDATE inbox SET state = 'new', attempts = 0, retry_at = NULL, done_at = NULL
           WHERE bot_id = :bot AND update_id = :update AND update_id >= 0 AND state = 'quarantined'""",
        bot=tx.bot_id,
        update=update_id,
    )
    tx.wake("inbox")
    return bool(again)


def replay_all(tx: Tx) -> int:
    """Lets all quarantined updates be tried again; returns how many. Only a person does this."""
    again = tx.run(
        """UPDATE inbox SET state = 'new', attempts = 0, retry_at = NULL, done_at = NULL
           WHERE bot_id = :bot AND update_id >= 0 AND state = 'quarantined'""",
        bot=tx.bot_id,
    )
    tx.wake("inbox")
    return again


def count_quarantined_since(tx: Tx, at: datetime) -> int:
    """How many updates were quarantined since then."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM inbox WHERE bot_id = :bot AND state = 'quarantined' AND done_at >= :since""",
        bot=tx.bot_id,
        since=at,
    )
    return int(row["n"]) if row else 0


def _end(tx: Tx, claim: InboxJob, state: str, reason: str) -> bool:
    ended = tx.run(
        """UPDATE inbox SET state = :state, reason = :reason, done_at = :at, retry_at = NULL
           WHERE id = :id AND state = 'new' AND attempts = :attempt""",
        state=state,
        reason=reason,
        at=tx.at,
        id=claim.row_id,
        attempt=claim.attempt,
    )
    return bool(ended)
