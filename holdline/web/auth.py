"""Authentication: the key in `Authorization: Bearer`, its scopes and its rate limit."""

import asyncio
import shlex

from starlette.requests import Request

from holdline.desk.people.keys import find_key, is_use_worth_recording, record_key_use
from holdline.dialogs.refusal import Throttled
from holdline.dialogs.text.api_key import SCOPES
from holdline.store.engine import Store
from holdline.store.errors import StoreConflict, StoreUnavailable
from holdline.store.people.api_keys import ApiKey
from holdline.web.errors import HttpRefusal

SECRET_LIMIT = 256


async def authenticate(request: Request) -> ApiKey:
    """Raises 401 for a missing, wrong or revoked key alike. The store is asked each time, so a revocation takes effect
    at once.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    key: ApiKey | None = None
    if scheme.lower() == "bearer" and 0 < len(secret.strip()) <= SECRET_LIMIT:
        key = await request.app.state.store.read(find_key, secret=secret.strip())
    if key is None:
        raise HttpRefusal(401, "no_key", headers={"WWW-Authenticate": "Bearer"})
    await _note_use(request.app.state.store, key)
    return key


async def _note_use(store: Store, key: ApiKey) -> None:
    """Stores the last use about once an hour per key. It is skipped while the store accepts no writes."""
    if is_use_worth_recording(key, now=store.clock.now()):
        try:
            await store.act(record_key_use, key_id=key.id)
        except (StoreUnavailable, StoreConflict):
            return


def require_scope(caller: ApiKey, scopes: tuple[str, ...]) -> None:
    """Raises 403 with the missing scope. If several scopes would do, one is enough and the first is named."""
    if not caller.scopes.intersection(scopes):
        missing = {"type": "scope", "name": scopes[0]}
        command = _command_for(caller, scopes[0])
        raise HttpRefusal(
            403, "not_allowed", text="scope_missing", obj=missing, scope=scopes[0], command=command
        )


def _command_for(caller: ApiKey, scope: str) -> str:
    """The command that creates a key like this one with the missing scope. It can be pasted into a shell."""
    wanted = [each for each in SCOPES if each in caller.scopes or each == scope]
    flags = " ".join(f"--scope {each}" for each in wanted)
    return f"holdline key create --name {shlex.quote(caller.name)} {flags}"


class TokenBucket:
    """A token bucket per key in this process, so that a client in an endless loop cannot overload the desk."""

    def __init__(self, per_second: float, burst: int) -> None:
        self.per_second = per_second
        self.burst = burst
        self._buckets: dict[int, tuple[float, float]] = {}

    def take(self, key_id: int) -> None:
        """Raises Throttled with the seconds to wait if the bucket is empty."""
        now = asyncio.get_running_loop().time()
        tokens, since = self._buckets.get(key_id, (float(self.burst), now))
        tokens = min(self.burst, tokens + (now - since) * self.per_second)
        if tokens < 1:
            raise Throttled(int((1 - tokens) / self.per_second) + 1)
        self._buckets[key_id] = (tokens - 1, now)
