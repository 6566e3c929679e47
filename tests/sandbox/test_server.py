"""The sandbox as a program of its own."""

import asyncio
import signal
import socket
import sys
import time

import aiohttp
import pytest

from holdline.sandbox import Sandbox, SandboxOptions

PROGRAM = "import sys; from holdline.sandbox.server import run; run(port=int(sys.argv[1]), token='123456:x')"
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
    assert code in (0, -signal.SIGTERM)


async def test_it_takes_far_more_messages_a_second_than_telegram() -> None:
    """A loose floor, so that a mistake of forty milliseconds an answer shows; the figures are in the benchmark."""
    box = Sandbox(SandboxOptions(token="123456:x"))
    box.says(5, "/start")
    async with box.serving() as url, aiohttp.ClientSession() as session:

        async def sends(count: int) -> None:
            for number in range(count):
                body = {"chat_id": 5, "text": str(number)}
                async with session.post(f"{url}/bot123456:x/sendMessage", json=body) as answer:
                    assert answer.status == 200

        began = time.perf_counter()
        await asyncio.gather(*(sends(25) for _ in range(4)))
        assert 100 / (time.perf_counter() - began) > 110
