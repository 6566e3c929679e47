"""API keys: only the hash of a secret is here, never the secret."""

from dataclasses import dataclass
from datetime import datetime

from holdline.dialogs.event import Actor
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that is good now; `scopes` out of send, read, desk, admin."""

    id: int
    name: str
    scopes: frozenset[str]
    last_used_at: datetime | None = None

    def as_actor(self) -> Actor:
        """For what a key does in nobody's name: history says which one it was."""
        return Actor(kind="system", name=self.name, id=self.id)


def insert(tx: Tx, *, name: str, hash_: str, scopes: list[str], expires_at: datetime | None = None) -> int:
    row = tx.one(
        """INSERT INTO api_keys (bot_id, name, hash, scopes_json, created_at, expires_at)
           VALUES (:bot, :name, :hash, :scopes, :at, :expires) RETURNING id""",
        bot=tx.bot_id,
        name=name,
        hash=hash_,
        scopes=scopes,
        at=tx.at,
        expires=expires_at,
    )
    assert row is not None
    return int(row["id"])


def by_hash(tx: Tx, hash_: str) -> ApiKey | None:
    """None for a key that is revoked or over as for an unknown one: a caller cannot tell them apart."""
    row = tx.one(
        """SELECT id, name, scopes_json, last_used_at FROM api_keys
           WHERE hash = :hash AND bot_id = :bot AND revoked_at IS NULL
           AND (expires_at IS NULL OR expires_at > :at)""",
        hash=hash_,
        bot=tx.bot_id,
        at=tx.at,
    )
    if row is None:
        return None
    return ApiKey(row["id"], row["name"], frozenset(row["scopes_json"]), row["last_used_at"])


def mark_used(tx: Tx, key_id: int) -> None:
    """It was used now."""
    tx.run(
        "UPDATE api_keys SET last_used_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=key_id,
    )


def page(tx: Tx) -> list[Row]:
    """All of them with their dates, revoked ones too, and no hash."""
    return tx.all(
        """SELECT id, name, scopes_json, created_at, last_used_at, expires_at, revoked_at FROM api_keys
           WHERE bot_id = :bot ORDER BY id""",
        bot=tx.bot_id,
    )


def revoke(tx: Tx, key_id: int) -> bool:
    """Whether it was good until now."""
    return bool(
        tx.run(
            "UPDATE api_keys SET revoked_at = :at WHERE bot_id = :bot AND id = :id AND revoked_at IS NULL",
            at=tx.at,
            bot=tx.bot_id,
            id=key_id,
        )
    )
