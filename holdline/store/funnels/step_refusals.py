"""Telegram's refusals of a step's content: how often the same one came in a row, for each step of a version."""

from holdline.store.tx import Tx


def add(tx: Tx, *, version_id: int, address: str, reason: str) -> int:
    """Counts one more and returns how often this reason has come in a row."""
    row = tx.one(
        """INSERT INTO step_refusals (version_id, address, reason, number) VALUES (:version, :address, :reason, 1)
           ON CONFLICT (version_id, address) DO UPDATE SET reason = excluded.reason,
               number = CASE WHEN step_refusals.reason = excluded.reason THEN step_refusals.number + 1 ELSE 1 END
           RETURNING number""",
        version=version_id,
        address=address,
        reason=reason,
    )
    assert row is not None
    return int(row["number"])


def forget(tx: Tx, *, version_id: int, address: str | None = None) -> None:
    """Counts the refusals of that step from zero, or those of all steps of the version."""
    tx.post(
        """DELETE FROM step_refusals WHERE version_id = :version
           AND (CAST(:address AS TEXT) IS NULL OR address = :address)""",
        version=version_id,
        address=address,
    )
