"""What the bot posts at the sandbox, and when: lets others wait for a message by its chat and last word."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from holdline.sandbox import Sandbox
from holdline.sandbox.bell import wait_for_ring


@dataclass(frozen=True, slots=True)
class SeenPost:
    """`at` is in perf_counter time."""

    message: dict[str, Any]
    at: float


class PostWatch:
    """Follows the sandbox's journal while `watch` runs."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._waiting: dict[tuple[int, str], asyncio.Future[SeenPost]] = {}

    def expect(self, chat_id: int, word: str) -> "asyncio.Future[SeenPost]":
        """The next message or topic of the bot in that chat whose text or name ends with this word."""
        future: asyncio.Future[SeenPost] = asyncio.get_running_loop().create_future()
        self._waiting[chat_id, word] = future
        return future

    async def watch(self, stop: asyncio.Event) -> None:
        journal = self._box.tg.events
        last = journal.last
        while not stop.is_set():
            ticket = journal.bell.ticket()
            now = time.perf_counter()
            for event in journal.since(last):
                last = event["seq"]
                if event["kind"] == "message":
                    self._note(event["data"], now)
            await wait_for_ring(ticket, 0.2)

    def _note(self, message: dict[str, Any], now: float) -> None:
        if not message["from"]["is_bot"]:
            return
        topic = message.get("forum_topic_created", {})
        word = str(message.get("text", topic.get("name", ""))).rpartition(" ")[2]
        future = self._waiting.pop((message["chat"]["id"], word), None)
        if future is not None and not future.done():
            future.set_result(SeenPost(message, now))
