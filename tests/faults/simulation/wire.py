"""The network between the desk and the simulated Telegram, without sockets: delays and cuts."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any

import aiohttp
from aiohttp.client_reqrep import ConnectionKey

from holdline.bot.gateway import Gateway, _body, _decode
from holdline.sandbox import Sandbox
from holdline.telegram.call import Call, CallResult, Reply

Answer = tuple[int, bytes]
_NOWHERE = ConnectionKey("telegram.simulated", 443, True, True, None, None, None)


async def call_app(
    app: Callable[..., Awaitable[None]], method: str, path: str, body: bytes, headers: dict[str, str]
) -> Answer:
    """One request to an ASGI application; an application that hangs up raises ConnectionResetError."""
    path, _, query = path.partition("?")
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "query_string": query.encode(),
        "headers": [(b"host", b"desk"), (b"content-length", str(len(body)).encode()), *raw],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    asked = [{"type": "http.request", "body": body, "more_body": False}]
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return asked.pop() if asked else await asyncio.Event().wait()  # type: ignore[return-value]

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)
    status = int(said[0]["status"])
    return status, b"".join(part.get("body", b"") for part in said[1:])


class Wire:
    """`down`: connections are refused. A request that was written is carried out even if its sender is dead by then."""

    def __init__(self, box: Sandbox, dice: random.Random) -> None:
        self._box, self._dice = box, dice
        self.down = False
        self.refused = 0
        self._carried: set[asyncio.Task[Answer]] = set()

    async def ask(self, path: str, body: bytes, headers: dict[str, str]) -> asyncio.Task[Answer]:
        """Returns when the request is written; its answer is on the way then."""
        await asyncio.sleep(self._pause())
        if self.down:
            self.refused += 1
            raise aiohttp.ClientConnectorError(_NOWHERE, OSError("refused"))
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._carry(path, body, headers), context=Context())
        self._carried.add(task)
        task.add_done_callback(self._forget)
        return task

    async def _carry(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        await asyncio.sleep(self._pause())
        answer = await call_app(self._box.app, "POST", path, body, headers)
        await asyncio.sleep(self._pause())
        return answer

    def _pause(self) -> float:
        """Mostly tens of milliseconds, sometimes seconds."""
        return self._dice.uniform(0.5, 5) if self._dice.random() < 0.01 else self._dice.uniform(0.005, 0.09)

    def _forget(self, task: asyncio.Task[Answer]) -> None:
        self._carried.discard(task)
        if not task.cancelled():
            task.exception()  # its sender may be gone


class InProcessGateway(Gateway):
    """The desk's gateway, but for its session."""

    def __init__(self, token: str, api_base: str, wire: Wire, reach: Callable[[str], bool]) -> None:
        super().__init__(token, api_base)
        self._wire, self._reach = wire, reach

    async def __aenter__(self) -> "InProcessGateway":
        return self

    async def _post(self, call: Call, seconds: float) -> CallResult:
        body, headers = _body(call)
        if isinstance(body, aiohttp.FormData):
            payload = body()
            body, headers = await payload.as_bytes(), {"Content-Type": payload.headers["Content-Type"]}
        await self._live("asked")
        async with asyncio.timeout(seconds):
            answering = await self._wire.ask(f"/bot{self._token}/{call.method}", body, headers)
            await self._live("written")
            status, raw = await asyncio.shield(answering)
        await self._live("fetched" if call.method == "getUpdates" else "answered")
        return Reply(status, _decode(raw))

    async def _live(self, moment: str) -> None:
        """A process that dies here never comes back."""
        if not self._reach(moment):
            await asyncio.Event().wait()
