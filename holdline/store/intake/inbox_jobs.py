"""Claiming: which rows of the inbox may be handled now, a lane at a time, in the lane's order.

An attempt is raised here and committed before any handler starts, so that an update which kills the process
is counted too. Lanes take turns: a customer who floods the desk waits for the others, not they for him.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import takewhile

from holdline.store.intake.inbox import ATTEMPTS, Claim
from holdline.store.tx import Row, Tx

RUN = 8
"""Rows of one lane claimed together, handled one after another."""
_FIRST = -(2**63)
WORN = "the process ended each time it was handled"


@dataclass(frozen=True, slots=True)
class Claimed:
    """One list a lane; `worn` went into quarantine instead; the next pass looks `after` this lane."""

    lanes: list[list[Claim]]
    worn: list[Claim]
    after: int


def claim(tx: Tx, *, lanes: int, busy: Collection[int] = (), after: int = _FIRST) -> Claimed:
    """Up to `lanes` lanes that are not `busy`, going round from the lane `after`."""
    looked, last = _waiting(tx, lanes + len(busy), after)
    runs = _runs(tx, [lane for lane in looked if lane not in busy][:lanes])
    worn = [row for run in runs if (row := run[0])["attempts"] >= ATTEMPTS]
    taken = [run for run in runs if run[0]["attempts"] < ATTEMPTS]
    raised = _raise_attempts(tx, [row for run in taken for row in run])
    return Claimed(
        [claims for run in taken if (claims := _held(run, raised))],
        [_wear_out(tx, row) for row in worn],
        last,
    )


def claim_lane(tx: Tx, *, lane: int) -> Claimed:
    """Only the first row of one lane."""
    runs = [run[:1] for run in _runs(tx, [lane])]
    worn = [run[0] for run in runs if run[0]["attempts"] >= ATTEMPTS]
    raised = _raise_attempts(tx, [run[0] for run in runs if run[0]["attempts"] < ATTEMPTS])
    return Claimed(
        [held for run in runs if (held := _held(run, raised))], [_wear_out(tx, row) for row in worn], lane
    )


def crashed(tx: Tx) -> list[Row]:
    """Rows whose handling began and never ended, oldest first: asked once, before a worker begins."""
    return tx.all(
        """SELECT id, lane FROM inbox WHERE bot_id = :bot AND state = 'new' AND attempts > 0
           AND retry_at IS NULL ORDER BY update_id""",
        bot=tx.bot_id,
    )


def _waiting(tx: Tx, count: int, after: int) -> tuple[list[int], int]:
    """The next lanes with something new, in a ring; and where the ring goes on."""
    found = _lanes_after(tx, after, count)
    if len(found) < count and after > _FIRST:
        found += [lane for lane in _lanes_after(tx, _FIRST, count - len(found)) if lane <= after]
    return found, found[-1] if len(found) == count else _FIRST


def _lanes_after(tx: Tx, after: int, count: int) -> list[int]:
    """A step along the index for each lane, however many rows a lane holds."""
    rows = tx.all(
        """WITH RECURSIVE waiting (lane) AS (
               SELECT (SELECT MIN(lane) FROM inbox WHERE bot_id = :bot AND state = 'new' AND lane > :after)
               UNION ALL
               SELECT (SELECT MIN(next.lane) FROM inbox next
                       WHERE next.bot_id = :bot AND next.state = 'new' AND next.lane > waiting.lane)
               FROM waiting WHERE waiting.lane IS NOT NULL)
           SELECT lane FROM waiting WHERE lane IS NOT NULL LIMIT :count""",
        bot=tx.bot_id,
        after=after,
        count=count,
    )
    return [row["lane"] for row in rows]


def _runs(tx: Tx, lanes: list[int]) -> list[list[Row]]:
    """The first rows of each lane, as far as they may be claimed together; lanes that must wait are left out."""
    if not lanes:
        return []
    one = """SELECT * FROM (SELECT id, update_id, lane, attempts, raw, received_at, retry_at FROM inbox
             WHERE bot_id = :bot AND state = 'new' AND lane = :l{n} ORDER BY update_id LIMIT :run) AS run{n}"""
    rows = tx.all(
        " UNION ALL ".join(one.format(n=n) for n in range(len(lanes))),
        bot=tx.bot_id,
        run=RUN,
        **{f"l{n}": lane for n, lane in enumerate(lanes)},
    )
    by_lane: dict[int, list[Row]] = {}
    for row in rows:
        by_lane.setdefault(row["lane"], []).append(row)
    runs = (_together(tx, run) for run in by_lane.values())
    return [run for run in runs if run]


def _together(tx: Tx, run: list[Row]) -> list[Row]:
    """Untried rows go together; one that was tried before goes alone."""
    due = list(takewhile(lambda row: row["retry_at"] is None or row["retry_at"] <= tx.at, run))
    if due and due[0]["attempts"]:
        return due[:1]
    return list(takewhile(lambda row: not row["attempts"], due))


def _raise_attempts(tx: Tx, rows: list[Row]) -> dict[int, int]:
    """The attempt each row is at now; a row that another took to its end meanwhile is missing."""
    if not rows:
        return {}
    raised = tx.all(
        f"""UPDATE inbox SET attempts = attempts + 1, retry_at = NULL
            WHERE id IN ({", ".join(f":i{n}" for n in range(len(rows)))}) AND state = 'new'
            RETURNING id, attempts""",
        **{f"i{n}": row["id"] for n, row in enumerate(rows)},
    )
    return {row["id"]: row["attempts"] for row in raised}


def _held(run: list[Row], raised: dict[int, int]) -> list[Claim]:
    return [_claim(row, raised[row["id"]]) for row in takewhile(lambda row: row["id"] in raised, run)]


def _claim(row: Row, attempt: int) -> Claim:
    return Claim(row["id"], row["update_id"], row["lane"], attempt, row["raw"], row["received_at"])


def _wear_out(tx: Tx, row: Row) -> Claim:
    """Tried three times and never ended: whatever it does to the process, it does it no more."""
    tx.run(
        """UPDATE inbox SET state = 'quarantined', reason = COALESCE(reason, :reason), done_at = :at
           WHERE id = :id AND state = 'new'""",
        reason=WORN,
        at=tx.at,
        id=row["id"],
    )
    return _claim(row, row["attempts"])


def lanes_of(rows: Iterable[Row]) -> list[int]:
    """Each lane once, in the rows' order."""
    return list(dict.fromkeys(row["lane"] for row in rows))
