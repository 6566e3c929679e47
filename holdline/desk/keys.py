"""API keys: made once, shown once, kept as a hash; and how long a repeated call is recognised."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from holdline.dialogs.refusal import BadInput, NotFound
from holdline.store import api_keys, idempotency
from holdline.store.api_keys import ApiKey
from holdline.store.tx import Tx

SCOPES = ("send", "read", "desk", "admin")
DEFAULT_SCOPES = ("send", "read", "desk")
REPEATS_KNOWN_FOR = timedelta(hours=48)
NAME_LIMIT = 64
_PREFIX = "hl_"


def create_key(tx: Tx, *, name: str, scopes: Iterable[str] = DEFAULT_SCOPES) -> str:
    """The secret, which nobody can read again; BadInput names an empty name or an unknown scope."""
    asked, called = list(dict.fromkeys(scopes)), name.strip()
    if not 0 < len(called) <= NAME_LIMIT:
        raise BadInput("name", f"1 to {NAME_LIMIT} characters")
    if not asked or not set(asked) <= set(SCOPES):
        raise BadInput("scopes", ", ".join(SCOPES))
    secret = _PREFIX + secrets.token_urlsafe(32)
    api_keys.insert(tx, name=called, hash_=_hash(secret), scopes=asked)
    return secret


def key_of(tx: Tx, *, secret: str) -> ApiKey | None:
    """The key behind the secret, if it is good now."""
    return api_keys.by_hash(tx, _hash(secret))


def revoke_key(tx: Tx, *, key_id: int) -> None:
    """The very next call with it is refused."""
    if not api_keys.revoke(tx, key_id):
        raise NotFound("key", key_id)


def forget_old_answers(tx: Tx) -> int:
    """For the janitor: answers to repeated calls older than two days are gone afterwards."""
    return idempotency.forget_before(tx, tx.at - REPEATS_KNOWN_FOR)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
