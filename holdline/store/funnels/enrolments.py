"""Enrolments in funnels. A transaction that changes one has locked the customer's chat, or settles its message."""

from datetime import datetime

from holdline.dialogs.funnels.enrolment import Enrolment, Funnel
from holdline.dialogs.refusal import NotFound
from holdline.store.restores.held_work import not_held
from holdline.store.tx import Row, Tx


def load(tx: Tx, enrolment_id: int) -> Enrolment:
    """Raises NotFound if this bot has no enrolment with that id."""
    row = tx.one("SELECT * FROM enrolments WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=enrolment_id)
    if row is None:
        raise NotFound("enrolment", enrolment_id)
    return _enrolment(row)


def load_locked(tx: Tx, enrolment_id: int) -> Enrolment | None:
    row = tx.one(
        "SELECT * FROM enrolments WHERE bot_id = :bot AND id = :id FOR UPDATE", bot=tx.bot_id, id=enrolment_id
    )
    return _enrolment(row) if row else None


def newest_of(tx: Tx, funnel_id: int, customer_id: int) -> Enrolment | None:
    """The customer's newest enrolment in that funnel."""
    row = tx.one(
        """SELECT * FROM enrolments WHERE bot_id = :bot AND customer_id = :customer AND funnel_id = :funnel
           ORDER BY id DESC LIMIT 1""",
        bot=tx.bot_id,
        customer=customer_id,
        funnel=funnel_id,
    )
    return _enrolment(row) if row else None


def list_running(tx: Tx, customer_id: int) -> list[Enrolment]:
    """The customer's running enrolments, in order of id."""
    rows = tx.all(
        """SELECT * FROM enrolments WHERE bot_id = :bot AND customer_id = :customer AND state = 'running'
           ORDER BY id""",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return [_enrolment(row) for row in rows]


def list_ended(tx: Tx, customer_id: int, *, limit: int) -> list[Enrolment]:
    """The customer's latest enrolments that are over, the newest first."""
    rows = tx.all(
        """SELECT * FROM enrolments WHERE bot_id = :bot AND customer_id = :customer AND state <> 'running'
           ORDER BY id DESC LIMIT :limit""",
        bot=tx.bot_id,
        customer=customer_id,
        limit=limit,
    )
    return [_enrolment(row) for row in rows]


def names_of_running(tx: Tx, customer_id: int) -> list[str]:
    """The names of the funnels that the customer is in, in order of entry."""
    rows = tx.all(
        """SELECT f.name FROM enrolments e JOIN funnels f ON f.id = e.funnel_id
           WHERE e.bot_id = :bot AND e.customer_id = :customer AND e.state = 'running' ORDER BY e.id""",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return [row["name"] for row in rows]


def insert(tx: Tx, *, funnel: Funnel, customer_id: int, position: str, entry: str) -> Enrolment:
    """Due at once, in that version. Raises StoreConflict if the customer has a running enrolment in that funnel."""
    row = tx.one(
        """INSERT INTO enrolments (bot_id, funnel_id, version_id, version, customer_id, position, next_at, entry,
                                   created_at, moved_at)
           VALUES (:bot, :funnel, :version_id, :version, :customer, :position, :at, :entry, :at, :at) RETURNING *""",
        bot=tx.bot_id,
        funnel=funnel.id,
        version_id=funnel.version_id,
        version=funnel.version,
        customer=customer_id,
        position=position,
        entry=entry,
        at=tx.at,
    )
    assert row is not None
    return _enrolment(row)


def save(tx: Tx, enrolment: Enrolment) -> None:
    """Saves everything that changes during an enrolment."""
    tx.run(
        """UPDATE enrolments SET state = :state, position = :position, phase = :phase, next_at = :next_at,
                  visit = :visit, outbox_id = :outbox_id, sent_at = :sent_at, answers_json = :answers,
                  kept_press = :kept_press, goal = :goal, reason = :reason, ended_at = :ended_at, moved_at = :at
           WHERE bot_id = :bot AND id = :id""",
        bot=tx.bot_id,
        id=enrolment.id,
        state=enrolment.state,
        position=enrolment.position,
        phase=enrolment.phase,
        next_at=enrolment.next_at,
        visit=enrolment.visit,
        outbox_id=enrolment.outbox_id,
        sent_at=enrolment.sent_at,
        answers=enrolment.answers,
        kept_press=enrolment.kept_press,
        goal=enrolment.goal,
        reason=enrolment.reason,
        ended_at=enrolment.ended_at,
        at=tx.at,
    )


def list_due(tx: Tx, *, limit: int = 200) -> list[Row]:
    """`id` and `customer_id` of enrolments that are due, the longest due first; paused funnels are left out."""
    return tx.all(
        f"""SELECT e.id, e.customer_id FROM enrolments e JOIN funnels f ON f.id = e.funnel_id
           WHERE e.bot_id = :bot AND e.state = 'running' AND e.next_at <= :at AND f.active = 1
           AND {not_held("enrolments", "e.id")} ORDER BY e.next_at, e.id LIMIT :limit""",
        bot=tx.bot_id,
        at=tx.at,
        limit=limit,
    )


def list_stranded(tx: Tx, *, before: datetime, limit: int = 200) -> list[Row]:
    """`id` and `customer_id` of running enrolments whose message was settled before then, but which did not move on."""
    return tx.all(
        """SELECT e.id, e.customer_id FROM enrolments e LEFT JOIN outbox o ON o.id = e.outbox_id
           WHERE e.bot_id = :bot AND e.state = 'running' AND e.next_at IS NULL AND e.kept_press IS NULL
           AND (o.id IS NULL OR o.settled_at < :before)
           AND NOT EXISTS (SELECT 1 FROM outbox part
                           WHERE part.enrolment_id = e.id AND part.status IN ('queued', 'sending'))
           ORDER BY e.id LIMIT :limit""",
        bot=tx.bot_id,
        before=before,
        limit=limit,
    )


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """Enrolments that a clock ahead of this one has moved count as moved now, and wait as long as before."""
    tx.post(
        """UPDATE enrolments SET moved_at = :at, sent_at = CASE WHEN sent_at > :at THEN :at ELSE sent_at END,
                  next_at = CASE WHEN next_at > moved_at THEN :at + next_at - moved_at
                                 WHEN next_at > :at THEN :at ELSE next_at END
           WHERE bot_id = :bot AND state = 'running' AND moved_at > :ahead""",
        at=tx.at,
        bot=tx.bot_id,
        ahead=ahead,
    )


def by_outbox_id(tx: Tx, outbox_id: int) -> Enrolment | None:
    """The enrolment that the message came from, at any position."""
    row = tx.one(
        """SELECT e.* FROM outbox o JOIN enrolments e ON e.id = o.enrolment_id
           WHERE o.bot_id = :bot AND o.id = :id""",
        bot=tx.bot_id,
        id=outbox_id,
    )
    return _enrolment(row) if row else None


def page(
    tx: Tx, funnel_id: int, *, state: str | None = None, after: int = 0, limit: int = 50
) -> list[Enrolment]:
    """In order of id."""
    rows = tx.all(
        """SELECT * FROM enrolments WHERE bot_id = :bot AND funnel_id = :funnel AND id > :after
           AND (CAST(:state AS TEXT) IS NULL OR state = :state) ORDER BY id LIMIT :limit""",
        bot=tx.bot_id,
        funnel=funnel_id,
        state=state,
        after=after,
        limit=limit,
    )
    return [_enrolment(row) for row in rows]


def page_of_customer(
    tx: Tx,
    customer_id: int,
    *,
    newest_first: bool = True,
    state: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[Enrolment]:
    """The customer's enrolments in all funnels; `after` is the last id of the previous page."""
    step = "<" if newest_first else ">"
    rows = tx.all(
        f"""SELECT * FROM enrolments WHERE bot_id = :bot AND customer_id = :customer
            AND (CAST(:after AS BIGINT) IS NULL OR id {step} :after)
            AND (CAST(:state AS TEXT) IS NULL OR state = :state)
            ORDER BY id {"DESC" if newest_first else "ASC"} LIMIT :limit""",
        bot=tx.bot_id,
        customer=customer_id,
        state=state,
        after=after,
        limit=limit,
    )
    return [_enrolment(row) for row in rows]


def counts(tx: Tx, funnel_id: int | None = None) -> dict[int, dict[str, int]]:
    """How many enrolments of each funnel, or of that one, are running, done and left."""
    rows = tx.all(
        """SELECT funnel_id, state, COUNT(*) AS number FROM enrolments WHERE bot_id = :bot
           AND (CAST(:funnel AS BIGINT) IS NULL OR funnel_id = :funnel) GROUP BY funnel_id, state""",
        bot=tx.bot_id,
        funnel=funnel_id,
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["funnel_id"], {})[row["state"]] = row["number"]
    return found


_SAME = (
    "id",
    "funnel_id",
    "version_id",
    "version",
    "customer_id",
    "state",
    "position",
    "phase",
    "next_at",
    "visit",
    "outbox_id",
    "sent_at",
    "entry",
    "created_at",
    "ended_at",
    "kept_press",
    "goal",
    "reason",
)


def _enrolment(row: Row) -> Enrolment:
    return Enrolment(
        **{name: row[name] for name in _SAME},
        answers=row["answers_json"],
    )
