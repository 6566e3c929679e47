"""Long polling: fetch, commit, and only then confirm to Telegram with the next call."""

import asyncio
from dataclasses import replace
from typing import Any

import structlog

from holdline.bot.intake.bot_api import ALLOWED_UPDATES, BotApiCaller, BotApiResponse
from holdline.bot.intake.health_recorder import IntakeHealthRecorder
from holdline.bot.intake.interruptible import BackOff, run_unless_stopped, sleep_unless_stopped
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.intake import inbox
from holdline.store.intake.received_update import ReceivedUpdate, update_from_value

BATCH = 100
"""The most updates that one getUpdates call returns (Bot API)."""
POLL_SECONDS = 25
SLACK_SECONDS = 10
"""How much longer than the poll itself we wait for its answer."""

LAST_CALL_SECONDS = 0.5
"""Telegram applies the offset when it reads the request. Its answer may be delayed by three seconds after a poll and is
not needed.
"""

log = structlog.get_logger("intake")


class PollingConflict(Exception):
    """Another program polls with this token and started earlier."""


class TokenRefused(Exception):
    """Telegram does not know the token. No updates arrive until a person corrects it."""


class Poller:
    """One per bot. The offset is kept in memory only and starts empty.

    Telegram then sends unconfirmed updates again, and the inbox ignores those it has. So neither gaps from webhook
    mode nor the random update id after a week of silence can confirm an update that was not stored.
    """

    def __init__(
        self,
        store: Store,
        call: BotApiCaller,
        *,
        poll_seconds: int = POLL_SECONDS,
        newcomer_seconds: float = 10,
    ) -> None:
        self._store = store
        self._call = call
        self._poll_seconds = poll_seconds
        self._newcomer_seconds = newcomer_seconds
        self._offset: int | None = None
        self._confirmed: int | None = None
        self._reception = IntakeHealthRecorder(store)
        self._waits = BackOff(0.5, 30)
        self._rivalry = BackOff(2, 30, growth=5)
        self._store_waits = BackOff(0.2, 1)
        self._began: float | None = None
        self._rival_at: float | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Polls until `stop`. Raises SecondInstance or TokenRefused if continuing is useless."""
        self._began = asyncio.get_running_loop().time()
        await self._without_webhook(stop)
        while not stop.is_set():
            answer = await run_unless_stopped(stop, self._poll())
            wait = await self._take(answer) if answer else 0
            if wait:
                await sleep_unless_stopped(stop, wait)
        await self._confirm()

    async def tick(self) -> float:
        """Makes one poll and commits its updates. Returns the seconds to wait before the next one."""
        return await self._take(await self._poll())

    async def _poll(self) -> BotApiResponse:
        return await self._call("getUpdates", self._params(), self._poll_seconds + SLACK_SECONDS)

    async def _take(self, answer: BotApiResponse) -> float:
        if not answer.ok:
            await self._reception.record_failure(answer)
            return await self._wait_after_refusal(answer)
        self._confirmed = self._offset
        self._clear_conflict()
        if not isinstance(answer.result, list):
            log.warning("poll_unreadable", reason="the result of getUpdates is no list")
            await self._reception.record_failure(replace(answer, description="getUpdates brought no list"))
            return self._waits.next()
        await self._reception.record_success()
        return await self._keep([update_from_value(item) for item in answer.result])

    async def _keep(self, updates: list[ReceivedUpdate]) -> float:
        """Commits the updates, then moves the offset, and only by valid update ids (a negative offset discards
        updates).
        """
        try:
            await self._store.act(inbox.put, updates)
        except StoreUnavailable as broken:
            log.error("updates_not_stored", count=len(updates), reason=str(broken))  # noqa: TRY400 - the trace says no more
            return self._store_waits.next()
        numbers = [update.update_id for update in updates if update.update_id >= 0]
        if updates and not numbers:
            return self._waits.next()
        if numbers:
            self._offset = max(numbers) + 1
        self._waits.reset()
        self._store_waits.reset()
        return 0

    def _params(self) -> dict[str, Any]:
        params: dict[str, Any] = {
            "timeout": self._poll_seconds,
            "limit": BATCH,
            "allowed_updates": ALLOWED_UPDATES,
        }
        return params if self._offset is None else params | {"offset": self._offset}

    async def _wait_after_refusal(self, answer: BotApiResponse) -> float:
        match answer.code:
            case 401 | 404:
                raise TokenRefused(
                    "Telegram does not accept the bot's token: take the present one from @BotFather, "
                    "put it into telegram.token and start again. Nothing that is stored is lost."
                )
            case 409:
                return await self._wait_after_conflict(answer)
            case 429:
                return max(answer.retry_after, 1)
        wait = self._waits.next()
        log.warning("poll_failed", code=answer.code, reason=answer.description, wait_seconds=wait)
        return wait

    async def _wait_after_conflict(self, answer: BotApiResponse) -> float:
        """A program that started later gives way. The first one stays, backs off and reports the conflict."""
        if "webhook" in answer.description:
            log.error(
                "webhook_set_by_somebody", reason="intake is polling, so the webhook is taken away again"
            )
            await self._call("deleteWebhook", {}, SLACK_SECONDS)
            return self._rivalry.next()
        now = asyncio.get_running_loop().time()
        if self._began is not None and now - self._began < self._newcomer_seconds:
            raise PollingConflict(
                "Another program already receives this bot's updates with the same token: stop it first, "
                "or give this one a bot of its own."
            )
        self._rival_at = now
        log.error("second_instance", reason="somebody else polls with this bot's token")
        return self._rivalry.next()

    def _clear_conflict(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._rival_at is None or now - self._rival_at > 60:
            self._rivalry.reset()

    async def _without_webhook(self, stop: asyncio.Event) -> None:
        """Removes a webhook, because Telegram refuses polling while one is set. Waiting updates are kept."""
        while not stop.is_set():
            answer = await run_unless_stopped(stop, self._call("deleteWebhook", {}, SLACK_SECONDS))
            if answer is None or answer.ok:
                return
            await self._reception.record_failure(answer)
            await sleep_unless_stopped(stop, await self._wait_after_refusal(answer))

    async def _confirm(self) -> None:
        """Confirms committed updates to Telegram, so that the next start does not fetch them again."""
        if self._offset is None or self._offset == self._confirmed:
            return
        params = {"offset": self._offset, "limit": 1, "timeout": 0, "allowed_updates": ALLOWED_UPDATES}
        answer = await self._call("getUpdates", params, LAST_CALL_SECONDS)
        if answer.ok:
            self._confirmed = self._offset
