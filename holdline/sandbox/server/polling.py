"""getUpdates: one poll at a time, woken by the next update."""

import asyncio

from holdline.sandbox.bell import Bell, wait_for_ring
from holdline.sandbox.errors import Refusal, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.server.pauses import pause
from holdline.sandbox.telegram import Telegram

HOLD_MOST = 50
"""The server holds a poll for at most this many seconds, whatever timeout was requested (its source)."""
SHORT_PAUSE = 3.0


class Polling:
    """A newer poll ends the older one with 409. A second conflict within the pause first waits for its end."""

    def __init__(self, tg: Telegram) -> None:
        self._tg = tg
        self.began = Bell()
        self._ended: asyncio.Future[Refusal] | None = None
        self._next_conflict_at = 0.0
        self._last_offset: int | None = None
        self._last_start = 0.0

    @property
    def holding(self) -> bool:
        """Whether a poll is held now."""
        return self._ended is not None and not self._ended.done()

    def end(self, why: Refusal) -> None:
        """Ends the held poll, if there is one."""
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(why)
            self._tg.updates.bell.ring()

    async def updates(self, ask: ApiRequest) -> list[Json]:
        tg = self._tg
        if tg.closing:
            raise refusal("restart")
        if tg.webhook.url:
            raise refusal("conflict_webhook")
        self.end(refusal("conflict_other_poll"))
        kinds = ask.params.get("allowed_updates")
        tg.updates.allow(kinds if isinstance(kinds, list) else None)
        offset = ask.number("offset")
        if offset < 0:
            tg.updates.keep_newest(-offset)
        else:
            tg.updates.confirm_below(offset)
        tg.updates.expire()
        limit = ask.number("limit", 100)
        limit = limit if 1 <= limit <= 100 else 100
        return await self._hold(limit, self._patience(ask, offset))

    def _patience(self, ask: ApiRequest, offset: int) -> float:
        """For how many seconds the poll is held. A short poll that is repeated at once is slowed down."""
        now = asyncio.get_running_loop().time()
        seconds = float(min(max(ask.number("timeout"), 0), HOLD_MOST))
        repeated = offset == self._last_offset and now < self._last_start + SHORT_PAUSE
        self._last_offset, self._last_start = offset, now
        if self._tg.options.slow_short_polls and repeated and seconds < SHORT_PAUSE:
            return SHORT_PAUSE
        return seconds

    async def _hold(self, limit: int, seconds: float) -> list[Json]:
        ended: asyncio.Future[Refusal] = asyncio.get_running_loop().create_future()
        self._ended = ended
        self.began.ring()
        until = asyncio.get_running_loop().time() + seconds
        while True:
            ticket = self._tg.updates.bell.ticket()
            if ended.done():
                await self._pause()
                raise ended.result()
            updates = self._tg.updates.first(limit)
            seconds_left = until - asyncio.get_running_loop().time()
            if updates or seconds_left <= 0 or not await wait_for_ring(ticket, seconds_left):
                ended.cancel()
                return updates

    async def _pause(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._next_conflict_at:
            await pause(self._tg, self._tg.options.conflict_pause)
        else:
            self._next_conflict_at = loop.time() + self._tg.options.conflict_pause
