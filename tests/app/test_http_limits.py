"""What clients without a key may cost: real sockets against a real server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import psutil
import pytest

from holdline.app import http_limits
from holdline.app.web_server import bind_listener, serve

PATIENCE = 20.0
ASKED = b"GET / HTTP/1.1\r\nHost: desk\r\n\r\n"
ServerAddress = tuple[str, int]


async def hello(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def server() -> AsyncIterator[ServerAddress]:
    listener, stop = bind_listener("127.0.0.1", 0), asyncio.Event()
    serving = asyncio.ensure_future(serve(hello, listener, stop))
    yield listener.getsockname()
    stop.set()
    await serving


async def first_line(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.readline(), PATIENCE)


async def answered(server: ServerAddress) -> bytes:
    reader, writer = await asyncio.open_connection(*server)
    writer.write(ASKED)
    line = await first_line(reader)
    writer.close()
    return line


async def pour(writer: asyncio.StreamWriter, piece: bytes, times: int) -> int:
    """How many bytes the server took before it closed the server."""
    sent = 0
    with contextlib.suppress(ConnectionError):
        for _ in range(times):
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
    return sent


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"GET / HTTP/1.1\r\nHost: desk\r\n", b"X-Long: " + b"x" * 8000 + b"\r\n"),
        (b"GET / HTTP/1.1\r\nHost: desk\r\nX-Endless: ", b"x" * 8000),
        (b"GET /", b"x" * 8000),
        (
            b"POST / HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            b"X-T: " + b"x" * 8000 + b"\r\n",
        ),
        (b"POST / HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\n1;x=", b"x" * 8000),
    ],
    ids=["many headers", "one header", "the path", "trailers", "a chunk's extension"],
)
async def test_a_request_that_never_ends_is_cut_off(server: ServerAddress, head: bytes, piece: bytes) -> None:
    before = psutil.Process().memory_info().rss
    reader, writer = await asyncio.open_connection(*server)
    writer.write(head)
    await pour(writer, piece, 4000)  # 32 MB
    with contextlib.suppress(ConnectionError):
        assert await first_line(reader) in {
            b"",
            b"HTTP/1.1 431 Request Header Fields Too Large\r\n",
            b"HTTP/1.1 400 Bad Request\r\n",
        }
    writer.close()
    assert psutil.Process().memory_info().rss - before < 16 * 1024 * 1024
    assert (await answered(server)).startswith(b"HTTP/1.1 200")


async def test_normal_headers_and_a_large_body_are_accepted(server: ServerAddress) -> None:
    reader, writer = await asyncio.open_connection(*server)
    body = b"x" * 1_000_000
    writer.write(b"POST / HTTP/1.1\r\nHost: desk\r\nX-Some: " + b"x" * 8000 + b"\r\n")
    writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert (await first_line(reader)).startswith(b"HTTP/1.1 200")
    writer.close()


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: d"])
async def test_a_client_that_sends_nothing_is_disconnected(
    server: ServerAddress, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_limits, "HEAD_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection(*server)
    writer.write(begun)
    assert b"408" in await first_line(reader)
    await asyncio.wait_for(reader.read(), PATIENCE)  # the server hangs up: nothing more can come
    assert reader.at_eof()
    writer.close()


async def test_idle_connections_leave_room_for_the_probe(
    server: ServerAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_limits, "MOST_CONNECTIONS", 20)
    idle = [await asyncio.open_connection(*server) for _ in range(40)]
    assert (await answered(server)).startswith(b"HTTP/1.1 200")
    for _, writer in idle:
        writer.close()
