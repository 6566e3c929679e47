"""API keys: created once, shown once, stored as a hash; and how long a repeated call is recognised."""

import hashlib
import math
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from holdline.dialogs.refusal import AudienceOverLimit, KeyUsedUp, NotFound
from holdline.dialogs.text.api_key import DEFAULT_SCOPES, NO_LIMITS, KeyLimits, valid_key_name, valid_scopes
from holdline.store.intake import idempotency
from holdline.store.people import api_keys
from holdline.store.people.api_keys import ApiKey
from holdline.store.tx import Row, Tx

REPEATS_KNOWN_FOR = timedelta(hours=48)
NOTED_EVERY = timedelta(minutes=1)
_PREFIX = "hl_"


def create_key(
    tx: Tx,
    *,
    name: str,
    scopes: Iterable[str] = DEFAULT_SCOPES,
    good_for: timedelta | None = None,
    limits: KeyLimits = NO_LIMITS,
) -> str:
    """Creates a key and returns its secret, which cannot be read again. Raises BadInput for an empty name or an unknown
    scope.
    """
    wanted_scopes, called = valid_scopes(scopes), valid_key_name(name)
    secret = _PREFIX + secrets.token_urlsafe(32)
    expires_at = tx.at + good_for if good_for is not None else None
    api_keys.insert(
        tx, name=called, hash_=_hash(secret), scopes=wanted_scopes, expires_at=expires_at, limits=limits
    )
    return secret


def find_key(tx: Tx, *, secret: str) -> ApiKey | None:
    """The valid key with this secret, or None."""
    return api_keys.by_hash(tx, _hash(secret))


def keys_page(tx: Tx) -> list[Row]:
    """All keys ever created, with their dates, without secrets."""
    return api_keys.page(tx)


def is_use_worth_recording(key: ApiKey, *, now: datetime) -> bool:
    """Whether to store the use: once a minute is exact enough to see what a leaked key does, and a write per call would
    cost too much.
    """
    return key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY


def record_key_use(tx: Tx, *, key_id: int) -> None:
    api_keys.mark_used(tx, key_id)


def revoke_key(tx: Tx, *, key_id: int) -> None:
    """Revokes the key; the next call with it is refused."""
    if not api_keys.revoke(tx, key_id):
        raise NotFound("key", key_id)


def count_message(tx: Tx, key: ApiKey) -> None:
    """Counts a message that the key sends through the gate; raises KeyUsedUp if the limit of the minute or the day is
    reached.
    """
    for span, most, begins_at, ends_at in key.limits.windows(tx.at):
        if not api_keys.count_uses(tx, key.id, span, begins_at=begins_at, most=most):
            raise KeyUsedUp(span, most, seconds=math.ceil((ends_at - tx.at).total_seconds()))


def count_recipients(tx: Tx, key: ApiKey, number: int) -> None:
    """Counts the recipients of a broadcast in the key's day; raises AudienceOverLimit if they do not fit into what is
    left of it.
    """
    for span, most, begins_at, ends_at in key.limits.windows(tx.at):
        if span != "day" or number <= 0:
            continue
        if not api_keys.count_uses(tx, key.id, span, begins_at=begins_at, most=most, number=number):
            left = most - api_keys.count_used(tx, key.id, span, begins_at=begins_at)
            seconds = math.ceil((ends_at - tx.at).total_seconds())
            raise AudienceOverLimit(recipients=number, left=max(0, left), most=most, seconds=seconds)


def room_this_minute(tx: Tx, key_id: int) -> int | None:
    """How many messages a broadcast of the key may still send this minute; None for any number."""
    for span, most, begins_at, _ in api_keys.limits_of(tx, key_id).windows(tx.at):
        if span == "minute":
            return max(0, most - api_keys.count_used(tx, key_id, span, begins_at=begins_at))
    return None


def count_this_minute(tx: Tx, key_id: int, number: int) -> None:
    """Counts messages of a broadcast if the key has a limit of the minute. Their day was counted when the broadcast was
    created.
    """
    for span, _, begins_at, _ in api_keys.limits_of(tx, key_id).windows(tx.at):
        if span == "minute":
            api_keys.count_uses(tx, key_id, span, begins_at=begins_at, most=None, number=number)


def delete_old_responses(tx: Tx) -> int:
    """Deletes answers to repeated calls older than two days. A chore of the timers."""
    return idempotency.forget_before(tx, tx.at - REPEATS_KNOWN_FOR)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
