"""The wire itself, over real sockets: what was sent, what was not, and what is never logged."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from holdline.bot.gateway import Gateway
from holdline.telegram.call import Call, Lost, NotSent, Reply
from tests.local_server import serve_locally

TOKEN = "123456:very-secret"
HELLO = Call("sendMessage", {"chat_id": 5, "text": "привет 👋"})

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Answers every call as the test says; `seen` holds (path, body)."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes, str]] = []
        self.answer: Answering = self.ok
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.path, await request.read(), request.content_type))
        return await self.answer(request)

    async def ok(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": {"message_id": 9}})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    async with serve_locally(server.handle) as server.url:
        yield server


@pytest.fixture
async def gateway(server: Server) -> AsyncIterator[Gateway]:
    async with Gateway(TOKEN, server.url) as gateway:
        yield gateway


def refused_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return int(closed.getsockname()[1])


async def test_a_call_is_one_json_post_and_its_answer_a_value(server: Server, gateway: Gateway) -> None:
    assert await gateway.send(HELLO) == Reply(200, {"ok": True, "result": {"message_id": 9}})
    path, body, kind = server.seen[0]
    assert path == f"/bot{TOKEN}/sendMessage" and kind == "application/json"
    assert json.loads(body) == HELLO.params


async def test_a_file_goes_as_a_form(server: Server, gateway: Gateway) -> None:
    call = Call(
        "sendDocument", {"chat_id": 5, "caption": "x", "entities": [1]}, {"document": ("a.csv", b"1;2")}
    )
    await gateway.send(call)
    _, body, kind = server.seen[0]
    assert kind == "multipart/form-data" and b'filename="a.csv"' in body and b"1;2" in body and b"[1]" in body


async def test_a_refused_connection_counts_as_not_sent() -> None:
    async with Gateway(TOKEN, f"http://127.0.0.1:{refused_port()}") as gateway:
        answer = await gateway.send(HELLO)
    assert isinstance(answer, NotSent) and TOKEN not in answer.reason


async def test_an_unknown_host_counts_as_not_sent() -> None:
    async with Gateway(TOKEN, "http://no-such-host.invalid") as gateway:
        assert isinstance(await gateway.send(HELLO), NotSent)


async def test_a_closed_gateway_sends_nothing() -> None:
    assert isinstance(await Gateway(TOKEN).send(HELLO), NotSent)


async def test_a_connection_cut_after_the_request_has_an_unknown_outcome(
    server: Server, gateway: Gateway
) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server.answer = cut
    answer = await gateway.send(HELLO)
    assert isinstance(answer, Lost) and len(server.seen) == 1, "aiohttp must not repeat a POST by itself"


async def test_a_truncated_answer_has_an_unknown_outcome(server: Server, gateway: Gateway) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"ok":true')
        assert request.transport is not None
        request.transport.close()
        return response

    server.answer = half
    assert isinstance(await gateway.send(HELLO), Lost)


async def test_a_call_without_an_answer_times_out_as_unknown(server: Server, gateway: Gateway) -> None:
    forever = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        await forever.wait()
        return web.Response()

    server.answer = hang
    answer = await gateway.send(HELLO, seconds=0.2)
    forever.set()
    assert isinstance(answer, Lost)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (200, "{broken"),
        (200, '{"ok":true,"result":{"mess'),
        (200, ""),
        (200, "<!DOCTYPE html><title>Sign in</title>"),
        (200, '{"ok":"yes","result":{}}'),
        (403, '{"error":"forbidden"}'),
        (403, "<h1>403 Forbidden</h1>"),
        (502, "<html>Bad Gateway</html>"),
        (200, "[1]"),
    ],
)
async def test_an_invalid_body_keeps_the_status_code(
    server: Server, gateway: Gateway, status: int, text: str
) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text)

    server.answer = page
    assert await gateway.send(HELLO) == Reply(status, None)


async def test_a_redirect_is_not_followed_with_the_token(server: Server, gateway: Gateway) -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect("http://127.0.0.1:1/steal")

    server.answer = elsewhere
    answer = await gateway.send(HELLO)
    assert isinstance(answer, Reply) and answer.status == 307 and len(server.seen) == 1


async def test_an_ephemeral_call_never_raises_and_never_names_the_token(
    server: Server, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await gateway.send_ephemeral(Call("answerCallbackQuery", {"callback_query_id": "1"})) == {
        "message_id": 9
    }

    async def late(request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {"ok": False, "error_code": 400, "description": "query is too old"}, status=400
        )

    server.answer = late
    assert await gateway.send_ephemeral(Call("answerCallbackQuery", {"callback_query_id": "1"})) is None
    await gateway.close()
    async with Gateway(TOKEN, f"http://127.0.0.1:{refused_port()}") as away:
        assert await away.send_ephemeral(HELLO) is None
    assert "query is too old" in caplog.text and TOKEN not in caplog.text and "привет" not in caplog.text


async def test_a_hundred_calls_share_their_connections(server: Server, gateway: Gateway) -> None:
    answers = await asyncio.gather(*(gateway.call_direct("getMe") for _ in range(100)))
    assert all(isinstance(answer, Reply) for answer in answers)
