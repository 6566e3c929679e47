"""API keys: only the hash of a secret is stored, never the secret."""

from dataclasses import dataclass
from datetime import datetime

from holdline.dialogs.event import Actor
from holdline.dialogs.text.api_key import NO_LIMITS, KeyLimits
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A valid key; `scopes` are some of send, read, desk, admin."""

    id: int
    name: str
    scopes: frozenset[str]
    last_used_at: datetime | None = None
    limits: KeyLimits = NO_LIMITS

    def as_actor(self) -> Actor:
        """The actor for acts of a key without a person: history names the key."""
        return Actor(kind="system", name=self.name, id=self.id)


def insert(
    tx: Tx,
    *,
    name: str,
    hash_: str,
    scopes: list[str],
    expires_at: datetime | None = None,
    limits: KeyLimits = NO_LIMITS,
) -> int:
    row = tx.one(
        """INSERT INTO api_keys (bot_id, name, hash, scopes_json, created_at, expires_at, per_minute, per_day)
           VALUES (:bot, :name, :hash, :scopes, :at, :expires, :minute, :day) RETURNING id""",
        bot=tx.bot_id,
        name=name,
        hash=hash_,
        scopes=scopes,
        at=tx.at,
        expires=expires_at,
        minute=limits.per_minute,
        day=limits.per_day,
    )
    assert row is not None
    return int(row["id"])


def by_hash(tx: Tx, hash_: str) -> ApiKey | None:
    """Returns None for a revoked or expired key as for an unknown one: a caller cannot distinguish them."""
    row = tx.one(
        """SELECT id, name, scopes_json, last_used_at, per_minute, per_day FROM api_keys
           WHERE hash = :hash AND bot_id = :bot AND revoked_at IS NULL
           AND (expires_at IS NULL OR expires_at > :at)""",
        hash=hash_,
        bot=tx.bot_id,
        at=tx.at,
    )
    if row is None:
        return None
    limits = KeyLimits(row["per_minute"], row["per_day"])
    return ApiKey(row["id"], row["name"], frozenset(row["scopes_json"]), row["last_used_at"], limits)


def mark_used(tx: Tx, key_id: int) -> None:
    """Records that the key was used now."""
    tx.run(
        "UPDATE api_keys SET last_used_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=key_id,
    )


def limits_of(tx: Tx, key_id: int) -> KeyLimits:
    """Also those of a revoked key, whose broadcasts continue."""
    row = tx.one("SELECT per_minute, per_day FROM api_keys WHERE id = :id", id=key_id)
    return KeyLimits(row["per_minute"], row["per_day"]) if row is not None else NO_LIMITS


def count_uses(
    tx: Tx, key_id: int, span: str, *, begins_at: datetime, most: int | None, number: int = 1
) -> bool:
    """Whether so many more uses fit into the minute or day that begins then; if so, counts them, for all processes.
    `most` None: they are counted in any case.
    """
    if most is not None and number > most:
        return False
    return bool(
        tx.run(
            """INSERT INTO api_key_windows (api_key_id, span, begins_at, used)
               VALUES (:key, :span, :begins, CAST(:number AS INTEGER))
               ON CONFLICT (api_key_id, span) DO UPDATE SET
                   used = CASE WHEN api_key_windows.begins_at < :begins THEN 0 ELSE api_key_windows.used END
                          + CAST(:number AS INTEGER),
                   begins_at = :begins
               WHERE api_key_windows.begins_at < :begins OR CAST(:most AS BIGINT) IS NULL
                     OR api_key_windows.used + CAST(:number AS INTEGER) <= CAST(:most AS BIGINT)""",
            key=key_id,
            span=span,
            begins=begins_at,
            most=most,
            number=number,
        )
    )


def count_used(tx: Tx, key_id: int, span: str, *, begins_at: datetime) -> int:
    """How many uses were counted in the minute or day that begins then."""
    row = tx.one(
        "SELECT used FROM api_key_windows WHERE api_key_id = :key AND span = :span AND begins_at >= :begins",
        key=key_id,
        span=span,
        begins=begins_at,
    )
    return int(row["used"]) if row is not None else 0


def page(tx: Tx) -> list[Row]:
    """All keys with their dates, including revoked ones, without their hashes."""
    return tx.all(
        """SELECT id, name, scopes_json, created_at, last_used_at, expires_at, revoked_at,
                  per_minute, per_day FROM api_keys
           WHERE bot_id = :bot ORDER BY id""",
        bot=tx.bot_id,
    )


def revoke(tx: Tx, key_id: int) -> bool:
    """Revokes the key; returns whether it was not revoked before."""
    return bool(
        tx.run(
            "UPDATE api_keys SET revoked_at = :at WHERE bot_id = :bot AND id = :id AND revoked_at IS NULL",
            at=tx.at,
            bot=tx.bot_id,
            id=key_id,
        )
    )
