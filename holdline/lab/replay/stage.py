"""The stage: the sandbox, the desk beside it, and the calls of stories to the desk's API."""

from dataclasses import dataclass, field
from typing import Any

import aiohttp

from holdline.lab.replay.witness import TOPICS, NeverHappened, Witness
from holdline.sandbox import Sandbox


@dataclass(slots=True)
class Stage:
    """`url`: the sandbox; `api`: the desk; `group`: the staff group, or 0 if `managers` have private desks.

    `trainee` is a manager who may only propose replies.
    """

    box: Sandbox
    witness: Witness
    http: aiohttp.ClientSession
    url: str
    api: str
    group: int
    managers: list[int]
    trainee: int
    desk_pid: int
    seed: int = 1
    asked: int = field(default=0)

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Makes one call of the HTTP API. Raises NeverHappened for an error, which counts as a broken promise."""
        self.asked += 1
        async with self.http.request(method, f"{self.api}/api/v1/{path}", json=body) as answer:
            reply = await answer.json()
            if answer.status >= 400:
                raise NeverHappened(f"{method} {path} answered {answer.status}: {reply}")
            return reply

    async def dialog(self, dialog_id: int) -> dict[str, Any]:
        dialog: dict[str, Any] = await self.ask("GET", f"dialogs/{dialog_id}")
        return dialog

    async def outbound(self, telegram_id: int, kind: str, text: str) -> dict[str, Any]:
        order = {"customer": {"telegram_id": telegram_id}, "class": kind, "text": text}
        item: dict[str, Any] = await self.ask("POST", "outbound", order)
        return item

    async def count_crossed(self, dialog_id: int) -> int:
        """How many marketing messages were in flight when the dialog opened, according to history."""
        lines = await self.ask("GET", f"dialogs/{dialog_id}/history?limit=200&order=newest")
        return sum(line["kind"] == "crossed" for line in lines["items"])

    async def topic(self, chat_id: int, title: str) -> int:
        """The thread of the topic in that chat that shows the dialog with that title."""
        sight = await self.witness.until(
            chat_id,
            TOPICS,
            lambda message: str(message["forum_topic_created"]["name"]).endswith(title),
            f"a topic for {title}",
        )
        return int(sight.message["message_thread_id"])
