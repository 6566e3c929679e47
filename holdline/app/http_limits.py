"""Limits for each connection before the client is known: bytes without progress, time, and number of connections.

uvicorn's fast protocol has none of these limits: endless headers filled the memory, and silent connections used up
all descriptors, including that of the probe.
"""

import asyncio
import sys
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 32 * 1024
"""The most bytes without completing a head, a part of a body or a request: headers, trailers, chunk extensions."""
HEAD_SECONDS = 10.0
"""From the start of a connection, or the first byte of a later request, to the end of its head."""
REQUEST_SECONDS = 60.0
"""From the end of the head to the end of the body."""
MOST_CONNECTIONS = 400
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits for everything that an unknown client can start."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._silent_bytes = 0
        self._made_progress = False
        self._is_receiving = False
        self._deadline: asyncio.TimerHandle | None = None
        self.quiet_since = self.loop.time()

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered on this connection."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_within(HEAD_SECONDS)
        if len(self.connections) > MOST_CONNECTIONS:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_within(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._is_receiving:
            self._is_receiving = True
            self._expect_within(HEAD_SECONDS)
        self._made_progress = False
        self.quiet_since = self.loop.time()
        super().data_received(data)
        self._silent_bytes = 0 if self._made_progress else self._silent_bytes + len(data)
        if self._silent_bytes > HEAD_BYTES:
            self._end(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._made_progress = True
        self._expect_within(REQUEST_SECONDS)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._made_progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._made_progress = True
        self._is_receiving = False
        self._expect_within(None)
        super().on_message_complete()

    def _expect_within(self, seconds: float | None) -> None:
        """Sets the deadline for what is being received; None removes it."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._end, _TOO_SLOW)

    def _end(self, answer: bytes) -> None:
        """Sends `answer` if no other answer has started, then closes the connection."""
        if self.transport is None or self.transport.is_closing():
            return
        if self.is_idle:
            self.transport.write(answer)
            self.transport.close()
        else:
            self.transport.abort()

    def _make_room(self) -> None:
        """Closes the connection that has been idle longest, or this new one if no other is idle."""
        others = cast("set[BoundedProtocol]", self.connections) - {self}
        idle = (other for other in others if other.is_idle)
        min(idle, key=lambda other: other.quiet_since, default=self).transport.abort()


def raise_descriptor_limit() -> None:
    """Allows as many open files as the account may have; the usual 1,024 are too few for a public server."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - only Unix has it

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
