"""A plain client on a real socket, and the sandbox that it talks to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from holdline.sandbox import Sandbox, SandboxOptions

TOKEN = "123456:sandbox"
Json = dict[str, Any]


class Wire:
    """`call` gives the body, `status` remembers the HTTP status of the last answer."""

    def __init__(self, url: str, session: aiohttp.ClientSession, box: Sandbox) -> None:
        self.url = url
        self.session = session
        self.box = box
        self.status = 0
        self.headers: dict[str, str] = {}

    def address(self, method: str, token: str = TOKEN) -> str:
        return f"{self.url}/bot{token}/{method}"

    async def call(self, method: str, **params: Any) -> Json:
        async with self.session.post(self.address(method), json=params) as answer:
            self.status, self.headers = answer.status, dict(answer.headers)
            body: Json = await answer.json()
            return body

    async def good(self, method: str, **params: Any) -> Any:
        body = await self.call(method, **params)
        assert body["ok"], body
        return body["result"]

    async def text(self, method: str, **params: Any) -> str:
        """The description of a refusal."""
        body = await self.call(method, **params)
        assert not body["ok"], body
        assert body["error_code"] == self.status
        return str(body["description"])

    async def control(self, verb: str, path: str, body: Any = None) -> Any:
        async with self.session.request(verb, f"{self.url}/sandbox/{path}", json=body) as answer:
            self.status = answer.status
            return await answer.json()


@asynccontextmanager
async def wired(**options: Any) -> AsyncIterator[Wire]:
    options.setdefault("slow_short_polls", False)
    box = Sandbox(SandboxOptions(token=TOKEN, **options))
    async with box.serve() as url, aiohttp.ClientSession() as session:
        yield Wire(url, session, box)
