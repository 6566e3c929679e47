"""Claiming: which rows of the inbox may be handled now, in the order of each chat they came from.

The attempt is counted here and committed before any handler starts, so that an update that kills the process is
counted too. Senders take turns: a customer who floods the desk waits for the others, not the reverse.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import takewhile

from holdline.store.intake.inbox import MAX_ATTEMPTS, InboxJob
from holdline.store.tx import Row, Tx

MAX_RUN = 8
"""How many rows of one ordering key are claimed together; they are handled one after another."""
_FIRST = -(2**63)
EXHAUSTED = "the process ended each time it was handled"


@dataclass(frozen=True, slots=True)
class JobBatch:
    """Each run has one ordering key; `exhausted` were quarantined instead; the next pass looks `after` this key."""

    runs: list[list[InboxJob]]
    exhausted: list[InboxJob]
    after: int


def claim_next(tx: Tx, *, limit: int, busy: Collection[int] = (), after: int = _FIRST) -> JobBatch:
    """Runs of up to `limit` ordering keys that are not `busy`, in a ring that starts after the key `after`."""
    looked, last = _next_in_ring(tx, limit + len(busy), after)
    runs = _runs(tx, [key for key in looked if key not in busy][:limit])
    worn = [row for run in runs if (row := run[0])["attempts"] >= MAX_ATTEMPTS]
    claimable = [run for run in runs if run[0]["attempts"] < MAX_ATTEMPTS]
    raised = _raise_attempts(tx, [row for run in claimable for row in run])
    return JobBatch(
        [claims for run in claimable if (claims := _jobs_of_run(run, raised))],
        [_quarantine_exhausted(tx, row) for row in worn],
        last,
    )


def claim_first(tx: Tx, *, ordering_key: int) -> JobBatch:
    """Claims only the first row of one ordering key."""
    runs = [run[:1] for run in _runs(tx, [ordering_key])]
    worn = [run[0] for run in runs if run[0]["attempts"] >= MAX_ATTEMPTS]
    raised = _raise_attempts(tx, [run[0] for run in runs if run[0]["attempts"] < MAX_ATTEMPTS])
    return JobBatch(
        [held for run in runs if (held := _jobs_of_run(run, raised))],
        [_quarantine_exhausted(tx, row) for row in worn],
        ordering_key,
    )


def find_interrupted(tx: Tx) -> list[Row]:
    """Rows whose handling began and never ended, oldest first; read once, before a worker starts."""
    return tx.all(
        """SELECT id, ordering_key FROM inbox WHERE bot_id = :bot AND state = 'new' AND attempts > 0
           AND retry_at IS NULL ORDER BY update_id""",
        bot=tx.bot_id,
    )


def _next_in_ring(tx: Tx, count: int, after: int) -> tuple[list[int], int]:
    """The next keys with new rows, in a ring, and the key after which the ring continues."""
    keys = _keys_after(tx, after, count)
    if len(keys) < count and after > _FIRST:
        keys += [key for key in _keys_after(tx, _FIRST, count - len(keys)) if key <= after]
    return keys, keys[-1] if len(keys) == count else _FIRST


def _keys_after(tx: Tx, after: int, count: int) -> list[int]:
    """Takes one step along the index for each key, however many rows it has."""
    rows = tx.all(
        """WITH RECURSIVE waiting (ordering_key) AS (
               SELECT (SELECT MIN(ordering_key) FROM inbox
                       WHERE bot_id = :bot AND state = 'new' AND ordering_key > :after)
               UNION ALL
               SELECT (SELECT MIN(next.ordering_key) FROM inbox next
                       WHERE next.bot_id = :bot AND next.state = 'new' AND next.ordering_key > waiting.ordering_key)
               FROM waiting WHERE waiting.ordering_key IS NOT NULL)
           SELECT ordering_key FROM waiting WHERE ordering_key IS NOT NULL LIMIT :count""",
        bot=tx.bot_id,
        after=after,
        count=count,
    )
    return [row["ordering_key"] for row in rows]


def _runs(tx: Tx, keys: list[int]) -> list[list[Row]]:
    """The first rows of each key that may be claimed together; keys that must wait are left out."""
    if not keys:
        return []
    run_sql = """SELECT * FROM (SELECT id, update_id, ordering_key, attempts, raw, received_at, retry_at FROM inbox
             WHERE bot_id = :bot AND state = 'new' AND ordering_key = :k{n} ORDER BY update_id LIMIT :run) AS run{n}"""
    rows = tx.all(
        " UNION ALL ".join(run_sql.format(n=n) for n in range(len(keys))),
        bot=tx.bot_id,
        run=MAX_RUN,
        **{f"k{n}": key for n, key in enumerate(keys)},
    )
    by_key: dict[int, list[Row]] = {}
    for row in rows:
        by_key.setdefault(row["ordering_key"], []).append(row)
    runs = (_startable(tx, run) for run in by_key.values())
    return [run for run in runs if run]


def _startable(tx: Tx, run: list[Row]) -> list[Row]:
    """Untried rows are claimed together; a row that was tried before is claimed alone."""
    due = list(takewhile(lambda row: row["retry_at"] is None or row["retry_at"] <= tx.at, run))
    if due and due[0]["attempts"]:
        return due[:1]
    return list(takewhile(lambda row: not row["attempts"], due))


def _raise_attempts(tx: Tx, rows: list[Row]) -> dict[int, int]:
    """The present attempt of each row; rows that another worker has ended meanwhile are missing."""
    if not rows:
        return {}
    raised = tx.all(
        f"""UPDATE inbox SET attempts = attempts + 1, retry_at = NULL
            WHERE id IN ({", ".join(f":i{n}" for n in range(len(rows)))}) AND state = 'new'
            RETURNING id, attempts""",
        **{f"i{n}": row["id"] for n, row in enumerate(rows)},
    )
    return {row["id"]: row["attempts"] for row in raised}


def _jobs_of_run(run: list[Row], raised: dict[int, int]) -> list[InboxJob]:
    return [_job(row, raised[row["id"]]) for row in takewhile(lambda row: row["id"] in raised, run)]


def _job(row: Row, attempt: int) -> InboxJob:
    return InboxJob(row["id"], row["update_id"], row["ordering_key"], attempt, row["raw"], row["received_at"])


def _quarantine_exhausted(tx: Tx, row: Row) -> InboxJob:
    """Quarantines a row that was tried three times and never ended, because handling it may kill the process."""
    tx.run(
        """UPDATE inbox SET state = 'quarantined', reason = COALESCE(reason, :reason), done_at = :at
           WHERE id = :id AND state = 'new'""",
        reason=EXHAUSTED,
        at=tx.at,
        id=row["id"],
    )
    return _job(row, row["attempts"])
