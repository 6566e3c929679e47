"""The HTTP connection to the Bot API: one POST per call. Results are values, never exceptions, and the token is never
logged.

A failed call says whether the request had not left yet (`NotSent`) or its answer was lost (`Lost`), because that
decides whether it may be repeated.
"""

import asyncio
import json
import logging
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote

import aiohttp

from holdline.telegram.call import Call, CallResult, Lost, NotSent, Reply, bot_api_body

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 20.0
UPLOAD_SECONDS = 75.0
_BIGGEST_ANSWER = 32 * 1024 * 1024  # a full getUpdates page is far smaller
_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,  # DNS, refused, TLS
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)

_ENCODER = json.JSONEncoder(separators=(",", ":"))

log = logging.getLogger("holdline.gateway")


class Gateway:
    """One bot's connection. Open it with `async with`. `connections` limits the number of concurrent calls."""

    def __init__(
        self, token: str, api_base: str = "https://api.telegram.org", *, connections: int = 128
    ) -> None:
        self._url = f"{api_base.rstrip('/')}/bot{token}/"
        self._file_url = f"{api_base.rstrip('/')}/file/bot{token}/"
        self._token = token
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=50),
            headers={"User-Agent": "holdline"},
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult:
        """Makes the call and returns Reply, NotSent or Lost."""
        limit = seconds or (UPLOAD_SECONDS if call.files else TOTAL_SECONDS)
        try:
            async with asyncio.timeout(limit + CONNECT_SECONDS):
                return await self._post(call, limit)
        except _BEFORE_SENDING as failure:
            return NotSent(self._describe_failure(failure))
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            return Lost(self._describe_failure(failure))

    async def call_direct(
        self, method: str, params: dict[str, Any] | None = None, *, seconds: float | None = None
    ) -> CallResult:
        """Makes a call of intake or start-up, such as getUpdates, getMe or setWebhook. `seconds` must cover a long
        poll.
        """
        return await self.send(Call(method, params or {}), seconds=seconds)

    async def send_ephemeral(self, call: Call) -> Any:
        """Makes a call whose loss does no harm, such as answering a press or updating a form. Returns the result or
        None.
        """
        answer = await self.send(call, seconds=10.0)
        if isinstance(answer, Reply) and answer.body is not None and answer.ok:
            return answer.body["result"]
        log.info("%s came to nothing: %s", call.method, _describe(answer))
        return None

    async def download(self, path: str) -> bytes | None:
        """Downloads a file by the path from getFile. Returns None if it does not arrive completely."""
        if self._session is None:
            return None
        timeout = aiohttp.ClientTimeout(total=UPLOAD_SECONDS, sock_connect=CONNECT_SECONDS)
        try:
            async with self._session.get(
                self._file_url + quote(path), timeout=timeout, allow_redirects=False
            ) as response:
                content = await response.read() if response.status == HTTPStatus.OK else None
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            log.info("a file did not come: %s", self._describe_failure(failure))
            return None
        return content

    async def _post(self, call: Call, seconds: float) -> CallResult:
        if self._session is None:
            return NotSent("the gateway is closed")
        body, headers = _body(call)
        timeout = aiohttp.ClientTimeout(
            total=seconds, connect=2 * CONNECT_SECONDS, sock_connect=CONNECT_SECONDS
        )
        async with self._session.post(
            self._url + call.method, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            raw = await response.content.read(_BIGGEST_ANSWER)
            while not response.content.at_eof() and len(raw) < _BIGGEST_ANSWER:
                raw += await response.content.read(_BIGGEST_ANSWER - len(raw))
            return Reply(response.status, _decode(raw))

    def _describe_failure(self, failure: BaseException) -> str:
        """The class name of the error only, because the messages of some errors contain the address, and the address
        contains the token.
        """
        words = str(failure).replace(self._token, "***")
        return f"{type(failure).__name__}: {words}"[:200] if words else type(failure).__name__


def _body(call: Call) -> tuple[bytes | aiohttp.FormData, dict[str, str]]:
    if not call.files:
        return _ENCODER.encode(call.params).encode(), {"Content-Type": "application/json"}
    form = aiohttp.FormData()
    for name, value in call.params.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=True))
    for name, (filename, content) in call.files.items():
        form.add_field(name, content, filename=filename)
    return form, {}


def _decode(raw: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return bot_api_body(value)


def _describe(answer: CallResult) -> str:
    """For the log. What a failing server answers is left out: it may repeat what somebody wrote."""
    if not isinstance(answer, Reply):
        return answer.reason
    description = (
        (answer.body or {}).get("description") if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR else None
    )
    return f"HTTP {answer.status}" if description is None else str(description)[:200]
