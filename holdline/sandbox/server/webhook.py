"""Delivery to a webhook: in order within one ordering key, keys side by side, repeated until taken."""

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable
from typing import Protocol

import aiohttp

from holdline.sandbox.errors import Refusal, refusal, too_many
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import Ask, asked, method_named
from holdline.sandbox.server.update_queue import KEPT_SECONDS, Waiting
from holdline.sandbox.server.webhook_address import checked_address, checked_secret
from holdline.sandbox.telegram import Telegram, WebhookSetting

SETTING = {"setWebhook", "deleteWebhook", "getWebhookInfo"}
NOT_IN_AN_ANSWER = {"setWebhook", "deleteWebhook", "close", "logOut"}
RETRY_AFTER_MOST = 3600.0
SILENCE_SECONDS = 60.0


class Doer(Protocol):
    """Whoever can carry out a method that came in the answer to a delivery."""

    async def carried_out(self, ask: Ask) -> tuple[int, Json]: ...


class Webhook:
    def __init__(self, tg: Telegram, doer: Doer, end_poll: Callable[[Refusal], None]) -> None:
        self._tg = tg
        self._doer = doer
        self._end_poll = end_poll
        self._queues: dict[tuple[str, int], deque[Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None

    async def settled(self, ask: Ask) -> object:
        """Answers setWebhook, deleteWebhook and getWebhookInfo."""
        if ask.method == "getWebhookInfo":
            return self._info()
        url = ask.text("url") if ask.method == "setWebhook" else ""
        setting = self._checked(ask, url) if url else WebhookSetting()
        await self.stop()
        if ask.flag("drop_pending_updates"):
            self._tg.updates.waiting.clear()
        self._tg.webhook = setting
        if url:
            kinds = ask.params.get("allowed_updates")
            self._tg.updates.allow(kinds if isinstance(kinds, list) else None)
            self._end_poll(refusal("conflict_set_webhook"))
            self._start()
        return True

    def _checked(self, ask: Ask, url: str) -> WebhookSetting:
        secret = checked_secret(ask.text("secret_token"))
        setting = WebhookSetting(checked_address(url), secret, set_at=self._tg.clock.now())
        if self._tg.webhook.url and setting.set_at - self._tg.webhook.set_at < 1:
            raise too_many(1)
        setting.max_connections = min(max(ask.number("max_connections", 40), 1), 100)
        setting.custom_certificate = "certificate" in ask.params
        return setting

    def _info(self) -> Json:
        hook = self._tg.webhook
        found: Json = {"url": hook.url, "has_custom_certificate": hook.custom_certificate}
        found["pending_update_count"] = len(self._tg.updates.waiting)
        if hook.url:
            found |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
        if hook.last_error:
            found |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
        if self._tg.updates.allowed:
            found["allowed_updates"] = self._tg.updates.allowed
        return found

    def _start(self) -> None:
        self._slots = asyncio.Semaphore(self._tg.webhook.max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SILENCE_SECONDS))
        self._loop = asyncio.get_running_loop()
        self._tg.updates.listener = self._take
        for waiting in list(self._tg.updates.waiting.values()):
            self._take(waiting)

    def resume(self) -> None:
        """Goes on after the server was away."""
        if self._tg.webhook.url and self._session is None:
            self._start()

    def abandon(self) -> set[asyncio.Task[None]]:
        """Ends all deliveries under way; what was not taken goes on waiting."""
        self._tg.updates.listener = None
        tasks, self._tasks = self._tasks, set()
        self._queues = {}
        for task in tasks:
            task.cancel()
        return tasks

    async def stop(self) -> None:
        """As `abandon`, and waits until nothing is under way."""
        await asyncio.gather(*self.abandon(), return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def _take(self, waiting: Waiting) -> None:
        queue = self._queues.get(waiting.ordering_key)
        if queue is not None:
            queue.append(waiting)
            return
        self._queues[waiting.ordering_key] = deque([waiting])
        task = self._loop.create_task(self._drain(waiting.ordering_key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: tuple[str, int]) -> None:
        queue = self._queues[key]
        while queue:
            await self._until_taken(queue[0])
            queue.popleft()
        self._queues.pop(key, None)

    async def _until_taken(self, waiting: Waiting) -> None:
        """At once, then after a doubling delay, until it is taken or a day old."""
        update_id = waiting.update["update_id"]
        delay = self._tg.options.webhook_retry_base
        cap = random.uniform(60, 120)
        while update_id in self._tg.updates.waiting:
            async with self._slots:
                asked_to_wait = await self._tried(waiting.update)
            if asked_to_wait is None or self._tg.clock.now() - waiting.at > KEPT_SECONDS:
                self._tg.updates.delivered(update_id)
                return
            delay = min(delay * 2, cap)
            await asyncio.sleep(asked_to_wait or delay)

    async def _tried(self, update: Json) -> float | None:
        """None when it was taken, else the seconds that the receiver asked to wait, 0 for our own choice."""
        hook = self._tg.webhook
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        assert self._session is not None
        body = json.dumps(update).encode()
        try:
            async with self._session.post(
                hook.url, data=body, headers=headers, allow_redirects=False, ssl=False
            ) as answer:
                said = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._failed(str(error) or type(error).__name__)
            return 0.0
        if 200 <= answer.status < 300:
            await self._answered_with(said)
            return None
        self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        return _seconds(answer.headers.get("Retry-After"))

    def _failed(self, why: str) -> None:
        self._tg.webhook.last_error = why
        self._tg.webhook.last_error_at = self._tg.clock.date()

    async def _answered_with(self, said: bytes) -> None:
        """One call may stand in the answer; nobody ever learns its result."""
        try:
            params = json.loads(said)
            method = method_named(str(params.pop("method")))
        except (ValueError, KeyError, AttributeError, TypeError, Refusal):
            return
        if method.startswith("get") or method in NOT_IN_AN_ANSWER:
            return
        try:
            ask = asked(method, params, {}, strict=self._tg.options.check)
        except Refusal:
            return
        await self._doer.carried_out(ask)


def _seconds(header: str | None) -> float:
    return min(float(header), RETRY_AFTER_MOST) if header and header.isdecimal() else 0.0
