"""Leases: one sender and one intake per bot. The epoch is a fence that stops a late holder."""

from datetime import datetime, timedelta

from holdline.store.tx import EPOCH, Row, Tx

LEASE_SECONDS = 15.0
"""How long a role is held without renewal."""


def current(tx: Tx, role: str) -> Row | None:
    """The lease of a role, with its current or last holder."""
    return tx.one("SELECT * FROM leases WHERE bot_id = :bot AND role = :role", bot=tx.bot_id, role=role)


def seize(tx: Tx, role: str, holder: str, *, seconds: float) -> int:
    """Takes the role from any holder and returns the new epoch. Freezes outlive the holder."""
    row = tx.one(
        """INSERT INTO leases (bot_id, role, holder, epoch, expires_at) VALUES (:bot, :role, :holder, 1, :until)
           ON CONFLICT (bot_id, role) DO UPDATE
           SET holder = excluded.holder, epoch = leases.epoch + 1, expires_at = excluded.expires_at
           RETURNING epoch""",
        bot=tx.bot_id,
        role=role,
        holder=holder,
        until=tx.at + timedelta(seconds=seconds),
    )
    assert row is not None
    return int(row["epoch"])


def renew(tx: Tx, role: str, epoch: int, *, seconds: float) -> bool:
    """Extends the lease. Returns False if somebody else has taken over: the caller must stop at once."""
    return bool(
        tx.run(
            "UPDATE leases SET expires_at = :until WHERE bot_id = :bot AND role = :role AND epoch = :epoch",
            until=tx.at + timedelta(seconds=seconds),
            bot=tx.bot_id,
            role=role,
            epoch=epoch,
        )
    )


def release(tx: Tx, role: str, epoch: int) -> None:
    """Ends the lease, so that the next holder need not wait. None of this holder's calls may still be in flight."""
    tx.run(
        "UPDATE leases SET expires_at = 0 WHERE bot_id = :bot AND role = :role AND epoch = :epoch",
        bot=tx.bot_id,
        role=role,
        epoch=epoch,
    )


def is_held(lease: Row | None) -> bool:
    """Whether somebody has taken the role and not given it back."""
    return lease is not None and lease["expires_at"] > EPOCH


def freeze(tx: Tx, *, until: datetime, everything: bool, reason: str) -> None:
    """Stops marketing, or everything, until `until`; stored, so that it holds after a restart."""
    column = "frozen_until_at" if everything else "marketing_frozen_until_at"
    tx.run(
        f"""INSERT INTO leases (bot_id, role, holder, epoch, expires_at, {column}, freeze_reason)
            VALUES (:bot, 'sender', '', 0, 0, :until, :reason)
            ON CONFLICT (bot_id, role) DO UPDATE SET freeze_reason = excluded.freeze_reason,
            {column} = CASE WHEN leases.{column} IS NULL OR leases.{column} < excluded.{column}
                            THEN excluded.{column} ELSE leases.{column} END""",
        bot=tx.bot_id,
        until=until,
        reason=reason,
    )


def record_flood(tx: Tx, chat_id: int, *, pace: float | None) -> None:
    """Records a 429 and the calls a second that it leaves; stored, so that it holds after a restart."""
    tx.run(
        """UPDATE leases SET flood_at = :at, flood_chat_id = :chat, pace = :pace
           WHERE bot_id = :bot AND role = 'sender'""",
        at=tx.at,
        chat=chat_id,
        pace=pace,
        bot=tx.bot_id,
    )


def set_careful(tx: Tx, *, until: datetime | None) -> None:
    """Allows one call at a time until then; None allows as many as the pace does."""
    tx.run(
        "UPDATE leases SET careful_until_at = :until WHERE bot_id = :bot AND role = 'sender'",
        until=until,
        bot=tx.bot_id,
    )
