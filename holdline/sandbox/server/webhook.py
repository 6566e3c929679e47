"""Delivery to a webhook: in order within an ordering key, in parallel between keys, retried until accepted."""

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable
from io import BytesIO
from typing import Protocol

import aiohttp

from holdline.sandbox.errors import Refusal, refusal, too_many
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import ApiRequest, method_named, parse_request
from holdline.sandbox.server.update_queue import KEPT_SECONDS, QueuedUpdate
from holdline.sandbox.server.webhook_address import validate_address, validate_secret
from holdline.sandbox.telegram import Telegram, WebhookSetting

SETTING = {"setWebhook", "deleteWebhook", "getWebhookInfo"}
NOT_IN_AN_ANSWER = {"setWebhook", "deleteWebhook", "close", "logOut"}
RETRY_AFTER_MOST = 3600.0
SILENCE_SECONDS = 60.0


class MethodExecutor(Protocol):
    """Executes a method that was sent in the answer to a delivery."""

    async def execute(self, ask: ApiRequest) -> tuple[int, Json]: ...


class Webhook:
    def __init__(self, tg: Telegram, doer: MethodExecutor, end_poll: Callable[[Refusal], None]) -> None:
        self._tg = tg
        self._doer = doer
        self._end_poll = end_poll
        self._queues: dict[tuple[str, int], deque[QueuedUpdate]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None

    async def handle_request(self, ask: ApiRequest) -> object:
        """Answers setWebhook, deleteWebhook and getWebhookInfo."""
        if ask.method == "getWebhookInfo":
            return self._info()
        url = ask.text("url") if ask.method == "setWebhook" else ""
        setting = self._check_setting(ask, url) if url else WebhookSetting()
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

    def _check_setting(self, ask: ApiRequest, url: str) -> WebhookSetting:
        secret = validate_secret(ask.text("secret_token"))
        setting = WebhookSetting(validate_address(url), secret, set_at=self._tg.clock.now())
        if self._tg.webhook.url and setting.set_at - self._tg.webhook.set_at < 1:
            raise too_many(1)
        setting.max_connections = min(max(ask.number("max_connections", 40), 1), 100)
        setting.custom_certificate = "certificate" in ask.params
        return setting

    def _info(self) -> Json:
        hook = self._tg.webhook
        info: Json = {"url": hook.url, "has_custom_certificate": hook.custom_certificate}
        info["pending_update_count"] = len(self._tg.updates.waiting)
        if hook.url:
            info |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
        if hook.last_error:
            info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
        if self._tg.updates.allowed:
            info["allowed_updates"] = self._tg.updates.allowed
        return info

    def _start(self) -> None:
        self._slots = asyncio.Semaphore(self._tg.webhook.max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SILENCE_SECONDS))
        self._loop = asyncio.get_running_loop()
        self._tg.updates.listener = self._take
        for waiting in list(self._tg.updates.waiting.values()):
            self._take(waiting)

    def resume(self) -> None:
        """Continues delivery after the server was down."""
        if self._tg.webhook.url and self._session is None:
            self._start()

    def abandon(self) -> set[asyncio.Task[None]]:
        """Cancels all deliveries in flight. Updates that were not accepted keep waiting."""
        self._tg.updates.listener = None
        tasks, self._tasks = self._tasks, set()
        self._queues = {}
        for task in tasks:
            task.cancel()
        return tasks

    async def stop(self) -> None:
        """Like `abandon`, but waits until the deliveries have ended."""
        await asyncio.gather(*self.abandon(), return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def _take(self, waiting: QueuedUpdate) -> None:
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

    async def _until_taken(self, waiting: QueuedUpdate) -> None:
        """Delivers at once, then retries with a doubling delay, until the update is accepted or a day old."""
        update_id = waiting.update["update_id"]
        delay = self._tg.options.webhook_retry_base
        cap = random.uniform(60, 120)
        while update_id in self._tg.updates.waiting:
            async with self._slots:
                asked_to_wait = await self._try_delivery(waiting.update)
            if asked_to_wait is None or self._tg.clock.now() - waiting.at > KEPT_SECONDS:
                self._tg.updates.mark_delivered(update_id)
                return
            delay = min(delay * 2, cap)
            await asyncio.sleep(asked_to_wait or delay)

    async def _try_delivery(self, update: Json) -> float | None:
        """None if accepted, otherwise the seconds that the receiver asked to wait; 0 if it named none."""
        hook = self._tg.webhook
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        assert self._session is not None
        body = BytesIO(json.dumps(update).encode())  # aiohttp warns of large bodies that are plain bytes
        try:
            async with self._session.post(
                hook.url, data=body, headers=headers, allow_redirects=False, ssl=False
            ) as answer:
                reply = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._record_failure(str(error) or type(error).__name__)
            return 0.0
        if 200 <= answer.status < 300:
            await self._run_answer(reply)
            return None
        self._record_failure(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        return _seconds(answer.headers.get("Retry-After"))

    def _record_failure(self, why: str) -> None:
        self._tg.webhook.last_error = why
        self._tg.webhook.last_error_at = self._tg.clock.date()

    async def _run_answer(self, body: bytes) -> None:
        """Executes the call in the answer, if there is one. Its result is not reported."""
        try:
            params = json.loads(body)
            method = method_named(str(params.pop("method")))
        except (ValueError, KeyError, AttributeError, TypeError, Refusal):
            return
        if method.startswith("get") or method in NOT_IN_AN_ANSWER:
            return
        try:
            ask = parse_request(method, params, {}, strict=self._tg.options.check)
        except Refusal:
            return
        await self._doer.execute(ask)


def _seconds(header: str | None) -> float:
    return min(float(header), RETRY_AFTER_MOST) if header and header.isdecimal() else 0.0
