"""The jobs of erasing a customer, with how far each has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.dialogs.event import Actor
from holdline.store.privacy.person import PersonIds
from holdline.store.tx import Row, Tx

STAND_IN = -9_000_000_000_000_000
"""Stands, with the customer's id taken off, where the Telegram id was: no chat of Telegram has such a number, and JSON
keeps it exactly.
"""
VALUES, SEARCH, SCRUB, DONE = "values", "search", "scrub", "done"


@dataclass(frozen=True, slots=True)
class Erasure:
    """`kept_values`: what identifies the person, until the job is done."""

    id: int
    customer_id: int
    state: str
    keeps_copies: bool
    actor: Actor
    kept_values: dict[str, Any]
    table_position: int
    after_id: int
    figures: dict[str, int]
    copies_until_at: datetime | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def stand_in(self) -> int:
        return STAND_IN - self.customer_id

    @property
    def person(self) -> PersonIds:
        """As the database knew them before."""
        return PersonIds(self.customer_id, int(self.kept_values["telegram_id"]))


def insert(tx: Tx, customer_id: int, *, actor: Actor, keeps_copies: bool) -> int:
    """Returns the id of the running job; a second request adds none."""
    tx.run(
        """INSERT INTO erasures (bot_id, customer_id, keeps_copies, actor_kind, actor_name, actor_id,
                                 actor_telegram_id, created_at)
           VALUES (:bot, :customer, :keeps, :kind, :name, :actor, :telegram, :at) ON CONFLICT DO NOTHING""",
        bot=tx.bot_id,
        customer=customer_id,
        keeps=keeps_copies,
        kind=actor.kind,
        name=actor.name,
        actor=actor.id,
        telegram=actor.telegram_id,
        at=tx.at,
    )
    row = tx.one(
        "SELECT id FROM erasures WHERE bot_id = :bot AND customer_id = :customer AND ended_at IS NULL",
        bot=tx.bot_id,
        customer=customer_id,
    )
    assert row is not None
    return int(row["id"])


def by_id(tx: Tx, erasure_id: int) -> Erasure | None:
    row = tx.one("SELECT * FROM erasures WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=erasure_id)
    return _erasure(row) if row else None


def lock_running(tx: Tx, erasure_id: int) -> Erasure | None:
    """None if it is over, or another process is at it."""
    row = tx.one(
        """SELECT * FROM erasures WHERE bot_id = :bot AND id = :id AND ended_at IS NULL
           FOR UPDATE SKIP LOCKED""",
        bot=tx.bot_id,
        id=erasure_id,
    )
    return _erasure(row) if row else None


def list_running(tx: Tx) -> list[Erasure]:
    rows = tx.all(
        "SELECT * FROM erasures WHERE bot_id = :bot AND ended_at IS NULL ORDER BY id", bot=tx.bot_id
    )
    return [_erasure(row) for row in rows]


def is_running(tx: Tx, customer_id: int) -> bool:
    return (
        tx.one(
            "SELECT id FROM erasures WHERE bot_id = :bot AND customer_id = :customer AND ended_at IS NULL",
            bot=tx.bot_id,
            customer=customer_id,
        )
        is not None
    )


def last_of(tx: Tx, customer_id: int) -> Erasure | None:
    """The newest job of the customer, running or over."""
    row = tx.one(
        "SELECT * FROM erasures WHERE bot_id = :bot AND customer_id = :customer ORDER BY id DESC LIMIT 1",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return _erasure(row) if row else None


def save(tx: Tx, erasure_id: int, **fields: Any) -> None:
    """Takes only column names written in this code."""
    assignments = ", ".join(f"{name} = :{name}" for name in fields)
    tx.run(f"UPDATE erasures SET {assignments} WHERE id = :erasure_id", erasure_id=erasure_id, **fields)


def begin(tx: Tx, erasure_id: int, person_hash: str) -> bool:
    """The list holds the person. Changes nothing if another process has started already: the job never returns to an
    earlier state.
    """
    began = tx.run(
        "UPDATE erasures SET person_hash = :hash, state = 'listed' WHERE id = :id AND state = 'asked'",
        hash=person_hash,
        id=erasure_id,
    )
    return bool(began)


def hash_times(tx: Tx) -> dict[str, datetime]:
    """Who was erased in this database, or is being erased: the newest time for each."""
    rows = tx.all(
        """SELECT person_hash, MAX(created_at) AS erased_at FROM erasures
           WHERE bot_id = :bot AND person_hash <> '' GROUP BY person_hash""",
        bot=tx.bot_id,
    )
    return {row["person_hash"]: row["erased_at"] for row in rows}


def insert_absent(tx: Tx, person_hash: str, erased_at: datetime) -> None:
    """Notes that the database holds nothing of a person on the list, so that nobody looks again at each start."""
    tx.run(
        """INSERT INTO erasures (bot_id, customer_id, person_hash, state, keeps_copies, actor_kind, actor_name,
                                 created_at, ended_at)
           VALUES (:bot, 0, :hash, 'done', 1, 'system', 'system', :erased, :at)""",
        bot=tx.bot_id,
        hash=person_hash,
        erased=erased_at,
        at=tx.at,
    )


def _erasure(row: Row) -> Erasure:
    return Erasure(
        id=row["id"],
        customer_id=row["customer_id"],
        state=row["state"],
        keeps_copies=bool(row["keeps_copies"]),
        actor=Actor(row["actor_kind"], row["actor_name"], row["actor_id"], row["actor_telegram_id"]),
        kept_values=row["values_json"] or {},
        table_position=row["table_position"],
        after_id=row["after_id"],
        figures=row["figures_json"],
        copies_until_at=row["copies_until_at"],
        created_at=row["created_at"],
        ended_at=row["ended_at"],
    )
