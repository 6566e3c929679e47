"""Idempotency keys: the answer is stored in the transaction of its effect."""

from dataclasses import dataclass

from holdline.dialogs.refusal import Conflict
from holdline.store.intake import idempotency
from holdline.store.intake.idempotency import StoredResponse
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class IdempotentCall:
    """A call that may be repeated. Refusals are not stored, because they changed nothing."""

    api_key_id: int
    key: str
    fingerprint: str

    def earlier(self, tx: Tx) -> StoredResponse | None:
        """Returns the answer of the first call, or None if this is the first. Raises Conflict if the body differs."""
        if idempotency.claim(tx, api_key_id=self.api_key_id, key=self.key, fingerprint=self.fingerprint):
            return None
        before = idempotency.response_of(tx, api_key_id=self.api_key_id, key=self.key)
        if before.fingerprint != self.fingerprint:
            raise Conflict("idempotency_conflict", obj={"type": "idempotency_key", "id": self.key})
        return before

    def remember(self, tx: Tx, status: int, text: str) -> None:
        idempotency.save_response(tx, api_key_id=self.api_key_id, key=self.key, status=status, text=text)
