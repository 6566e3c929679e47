"""A wire with scripted answers: no call leaves the process."""

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any

from holdline.telegram.call import Call, CallResult, Lost, NotSent, Reply


class FakeWire:
    """Answers from `script` first, then `ok`; `calls` is what Telegram saw, `done` what it carried out."""

    def __init__(self) -> None:
        self.script: deque[CallResult | Callable[[Call], CallResult]] = deque()
        self.calls: list[Call] = []
        self.done: list[Call] = []
        self.asked = 0
        self.me: CallResult = Reply(200, {"ok": True, "result": {"id": 7}})
        self.gate: asyncio.Event | None = None
        self.flying: dict[int, int] = {}
        self.most_in_one_chat = 0
        self._ids = count(100)

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult:
        if call.method == "getMe":
            self.asked += 1
            return self.me
        chat = call.params["chat_id"]
        self.flying[chat] = self.flying.get(chat, 0) + 1
        self.most_in_one_chat = max(self.most_in_one_chat, self.flying[chat])
        self.calls.append(call)
        try:
            await asyncio.sleep(0)
            if self.gate is not None:
                await self.gate.wait()
            answer = self.script.popleft() if self.script else self.ok
            said = answer(call) if callable(answer) else answer
        finally:
            self.flying[chat] -= 1
        if isinstance(said, Lost) or (isinstance(said, Reply) and (said.body or {}).get("ok")):
            self.done.append(call)
        return said

    def ok(self, call: Call) -> CallResult:
        result: Any = {"message_id": next(self._ids)}
        if call.method == "createForumTopic":
            result = {"message_thread_id": next(self._ids)}
        return Reply(200, {"ok": True, "result": result})

    @property
    def texts(self) -> list[str]:
        return [call.params["text"] for call in self.done]


def error(code: int, description: str, **parameters: Any) -> Reply:
    body = {"ok": False, "error_code": code, "description": description}
    return Reply(code, body | ({"parameters": parameters} if parameters else {}))


LOST = Lost("ServerDisconnectedError")
REFUSED = NotSent("ClientConnectorError")
