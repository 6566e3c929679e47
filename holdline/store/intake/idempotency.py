"""Answers to API calls, stored in the transaction of their effect, so that neither exists without the other."""

from dataclasses import dataclass
from datetime import datetime

from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An HTTP status and the exact text that is sent with it; `fingerprint` is that of the request."""

    status: int
    text: str
    fingerprint: str = ""


def claim(tx: Tx, *, api_key_id: int, key: str, fingerprint: str) -> bool:
    """Whether this transaction is the first with the key; a second one waits here until the first has committed."""
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
    """The answer to the first call with the key."""
    row = tx.one(
        """SELECT status, answer_json AS answer, fingerprint FROM idempotency
           WHERE api_key_id = :api_key AND key = :key""",
        api_key=api_key_id,
        key=key,
    )
    assert row is not None and row["status"] is not None, "a claim commits together with its answer"
    return StoredResponse(row["status"], row["answer"], row["fingerprint"])


def save_response(tx: Tx, *, api_key_id: int, key: str, status: int, text: str) -> None:
    """Completes the claim of this transaction."""
    tx.run(
        """UPDATE idempotency SET status = :status, answer_json = :answer
           WHERE api_key_id = :api_key AND key = :key""",
        status=status,
        answer=text,
        api_key=api_key_id,
        key=key,
    )


def forget_before(tx: Tx, moment: datetime) -> int:
    """Deletes answers older than that time; returns how many there were."""
    return tx.run("DELETE FROM idempotency WHERE created_at < :moment", moment=moment)
