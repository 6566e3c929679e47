"""The sandbox as a program of its own."""

import asyncio
import signal
import socket
import sys
import time
from asyncio import Future
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from holdline.sandbox import Sandbox, SandboxOptions
from holdline.sandbox.server.api_request import ApiRequest

PROGRAM = "import sys; from holdline.sandbox.server.program import run; run(port=int(sys.argv[1]), token='123456:x')"
PROMPT = 20.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


async def answering(url: str, session: aiohttp.ClientSession) -> dict:
    async with asyncio.timeout(PROMPT):
        while True:
            try:
                async with session.get(f"{url}/bot123456:x/getMe") as answer:
                    return await answer.json()
            except aiohttp.ClientConnectionError:
                continue


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_program_answers_and_ends_when_told_even_with_a_held_poll(number: signal.Signals) -> None:
    port = free_port()
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, str(port))
    url = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as session:
            assert (await answering(url, session))["result"]["is_bot"]
            poll = asyncio.ensure_future(session.get(f"{url}/bot123456:x/getUpdates?timeout=50"))
            async with session.get(f"{url}/sandbox/state"):
                program.send_signal(number)
            async with asyncio.timeout(PROMPT):
                code = await program.wait()
            await asyncio.gather(poll, return_exceptions=True)
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    assert code == 0


async def test_the_sandbox_accepts_far_more_messages_a_second_than_telegram() -> None:
    """A loose floor, so that a mistake of forty milliseconds an answer shows; the figures are in the benchmark."""
    box = Sandbox(SandboxOptions(token="123456:x"))
    box.says(5, "/start")
    async with box.serve() as url, aiohttp.ClientSession() as session:

        async def sends(count: int) -> None:
            for number in range(count):
                body = {"chat_id": 5, "text": str(number)}
                async with session.post(f"{url}/bot123456:x/sendMessage", json=body) as answer:
                    assert answer.status == 200

        began = time.perf_counter()
        await asyncio.gather(*(sends(25) for _ in range(4)))
        assert 100 / (time.perf_counter() - began) > 110


async def _stopped(
    box: Sandbox, asking: Callable[[aiohttp.ClientSession, str], Awaitable[list[Future]]]
) -> float:
    """Seconds that the stop took while those requests were under way."""
    async with aiohttp.ClientSession() as session:
        async with box.serve() as url:
            under_way = await asking(session, f"{url}/bot{box.options.token}")
            began = time.perf_counter()
        took = time.perf_counter() - began
        await asyncio.gather(*under_way, return_exceptions=True)
    return took


async def _three_polls(session: aiohttp.ClientSession, bot: str) -> list[Future]:
    """The newest is held; the clash of the second pair is paused for seconds."""
    polls = []
    for _ in range(3):
        polls.append(asyncio.ensure_future(session.get(f"{bot}/getUpdates?timeout=50")))
        await asyncio.sleep(0.1)
    return polls


async def _a_delayed_call(session: aiohttp.ClientSession, bot: str) -> list[Future]:
    call = asyncio.ensure_future(session.get(f"{bot}/getMe"))
    await asyncio.sleep(0.1)
    return [call]


@pytest.mark.parametrize("asking", [_three_polls, _a_delayed_call])
async def test_a_stop_is_quick_and_silent_despite_waiting_clients(
    asking: Callable[..., Awaitable[list[Future]]], caplog: pytest.LogCaptureFixture
) -> None:
    box = Sandbox(SandboxOptions(token="123456:x"))
    box.faults.add("getMe", delay=30)
    took = await _stopped(box, asking)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")] == []
    assert took < 0.9


async def test_a_poll_during_the_stop_is_refused_at_once() -> None:
    box = Sandbox(SandboxOptions(token="123456:x"))
    async with box.serve():
        pass
    async with asyncio.timeout(5):
        status, _ = await box.app.bot_api.execute(ApiRequest("getUpdates", {"timeout": 50}, {}, []))
    assert status == 500
