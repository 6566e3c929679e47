"""Answers that were given once: kept in the transaction of their effect, so neither exists alone."""

from dataclasses import dataclass
from datetime import datetime

from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An HTTP status and the very text that goes out with it; `fingerprint` is that of the request it answers."""

    status: int
    text: str
    fingerprint: str = ""


def claim(tx: Tx, *, api_key_id: int, key: str, fingerprint: str) -> bool:
    """Whether this unit is the first with the key; a second one waits here until the first has committed."""
    return bool(
        tx.run(
            """INSERT INTO idempotency (api_key_id, key, fingerprint, created_at)
               VALUES (:api_key, :key, :fingerprint, :at) ON CONFLICT (api_key_id, key) DO NOTHING""",
            api_key=api_key_id,
            key=key,
            fingerprint=fingerprint,
            at=tx.at,
        )
    )


def response_of(tx: Tx, *, api_key_id: int, key: str) -> StoredResponse:
    """What the first call with the key was told."""
    row = tx.one(
        """SELECT status, answer_json AS answer, fingerprint FROM idempotency
           WHERE api_key_id = :api_key AND key = :key""",
        api_key=api_key_id,
        key=key,
    )
    assert row is not None and row["status"] is not None, "a claim commits together with its answer"
    return StoredResponse(row["status"], row["answer"], row["fingerprint"])


def save_response(tx: Tx, *, api_key_id: int, key: str, status: int, text: str) -> None:
    """Complete the claim of this very unit."""
    tx.run(
        """UPDATE idempotency SET status = :status, answer_json = :answer
           WHERE api_key_id = :api_key AND key = :key""",
        status=status,
        answer=text,
        api_key=api_key_id,
        key=key,
    )


def forget_before(tx: Tx, moment: datetime) -> int:
    """How many answers were older and are gone."""
    return tx.run("DELETE FROM idempotency WHERE created_at < :moment", moment=moment)
