"""A Bot API in a few lines that accepts every call: so fast that it limits neither what is measured nor its floor."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot", "has_topics_enabled": True}
POLL_SECONDS = 1.0
_END = b"\r\n\r\n"


class FakeTelegram:
    """`sent`: the body of each sendMessage, and `sent_at` its time in perf_counter time."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.sent_at: list[float] = []
        self.rung = asyncio.Event()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    async def wait_for(self, messages: int, *, patience: float) -> None:
        """Waits until so many were sent. Raises TimeoutError if none arrives for `patience` seconds."""
        while len(self.sent) < messages:
            self.rung.clear()
            async with asyncio.timeout(patience):
                await self.rung.wait()

    def answer(self, method: str, body: bytes) -> tuple[float, Any]:
        """Seconds to wait, and the result."""
        if method == "sendMessage":
            self.sent.append(body)
            self.sent_at.append(time.perf_counter())
            self.rung.set()
            return 0, {"message_id": len(self.sent), "date": 1, "chat": {"id": 1, "type": "private"}}
        if method == "getUpdates":
            return POLL_SECONDS, []
        return 0, ME if method == "getMe" else {"url": ""} if method == "getWebhookInfo" else True


class _Connection(asyncio.Protocol):
    """Requests of one connection, one after another; bodies come with a length."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram, self._received = telegram, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while _END in self._received:
            head, _, rest = self._received.partition(_END)
            length = _read_length(head)
            if len(rest) < length:
                return
            self._received = rest[length:]
            method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            seconds, result = self._telegram.answer(method, rest[:length])
            body = json.dumps({"ok": True, "result": result}).encode()
            response = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(body), body)
            )
            if seconds:
                asyncio.get_running_loop().call_later(seconds, self._transport.write, response)
            else:
                self._transport.write(response)


def _read_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
