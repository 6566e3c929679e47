"""Receivers of webhooks on loopback, with answers set by the test."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook


@dataclass
class Receiver:
    """`answers`: statuses in turn, then 200; `hangs`: nothing is answered while it is set."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    words: str = ""
    hangs: asyncio.Event | None = None
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((headers, await request.text()))
        self.came.set()
        if self.hangs is not None:
            await self.hangs.wait()
        status = self.answers.pop(0) if self.answers else 200
        location = {"Location": self.url + "/elsewhere"} if 300 <= status < 400 else {}
        return web.Response(status=status, text=self.words, headers=location)

    async def wait_for(self, count: int) -> None:
        """Until so many requests have come."""
        async with asyncio.timeout(10):
            while len(self.requests) < count:
                self.came.clear()
                await self.came.wait()

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.requests]

    def verified(self, secret: str) -> list[Any]:
        """Every request as the rules' own library reads it; it raises where a signature is wrong."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.requests]


@asynccontextmanager
async def receiver(**how: Any) -> AsyncIterator[Receiver]:
    there = Receiver(**how)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", there.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        there.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        await web.SockSite(runner, listener).start()
        yield there
        if there.hangs is not None:
            there.hangs.set()
        await runner.cleanup()
