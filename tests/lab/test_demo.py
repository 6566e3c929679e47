"""`holdline demo` and `holdline sandbox`: one command, one address, no token and no network."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.app.desk_process import PATIENCE_SECONDS, ROOT, free_port, invoke_apart, until
from tests.faults.forks import Forked

Json = dict[str, Any]
GROUP = -1001000000042
TALKS = (
    (
        "My tracking number is not found anywhere.",
        "I see two digits swapped, sorry! The right one is PS-20417.",
    ),
    (
        "Здравствуйте. Посылка пришла с разбитой чашкой.",
        "Здравствуйте, Дмитрий! Пришлите, пожалуйста, фото коробки.",
    ),
    ("Dzień dobry, chcę zwrócić buty, są za małe.", "Dzień dobry! Etykietę zwrotną wysłałem e-mailem."),
)
"""What customers of the demo ask, and what its managers answer in the topic."""


@pytest.fixture
async def processes() -> AsyncIterator[list[asyncio.subprocess.Process]]:
    started: list[asyncio.subprocess.Process] = []
    yield started
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def told(processes: list[asyncio.subprocess.Process], *arguments: str) -> tuple[Any, str]:
    """The process and its first line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from holdline.app.main import main; main()",
        *arguments,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    processes.append(process)
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)
    return process, line.decode()


@pytest.fixture
async def started_demo(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """`await started_demo(...)` is the first line of one more demo. A fork of what has imported everything."""
    running: list[Forked] = []

    async def started(*arguments: str) -> str:
        out, err = tmp_path / f"{len(running)}.out", tmp_path / f"{len(running)}.err"
        running.append(demo := Forked(invoke_apart, "demo", *arguments, str(err), log=out))
        await until(lambda: "\n" in demo.said() or not demo.alive, "the first line of the demo")
        assert demo.alive, err.read_text()
        return demo.said().splitlines()[0]

    yield started
    for demo in running:
        demo.kill()
        await demo.ended(PATIENCE_SECONDS)


def databases(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("demo-*.db")]


@pytest.mark.row("O-01")
async def test_the_demo_runs_with_a_working_desk_behind_one_address(
    processes: list[asyncio.subprocess.Process], tmp_path: Path
) -> None:
    process, line = await told(processes, "demo", "--folder", str(tmp_path), "--port", str(free_port()))
    url = line.split()[-1].rstrip("/")
    assert url.startswith("http://127.0.0.1:")
    async with aiohttp.ClientSession() as session:
        assert "<html" in (await (await session.get(f"{url}/")).text()).lower()
        desk = f"{url}/sandbox/tool/api/v1"
        dialogs: list[Json] = (await (await session.get(f"{desk}/dialogs")).json())["items"]
        assert sorted(dialog["state"] for dialog in dialogs) == ["active", "closed", "paused"]
        (closed,) = [dialog for dialog in dialogs if dialog["state"] == "closed"]
        assert (closed["service_rating"], closed["customer_score"]) == (3, 3)
        (active,) = [dialog for dialog in dialogs if dialog["state"] == "active"]
        gate = await (await session.get(f"{desk}/customers/{active['customer_id']}/gate")).json()
        assert (gate["state"], gate["held"], gate["dialog"]["id"]) == ("held", 1, active["id"])
        assert (await (await session.get(f"{url}/sandbox/problems")).json())["items"] == []
        said: list[Json] = (await (await session.get(f"{url}/sandbox/chats/{GROUP}/messages")).json())[
            "items"
        ]
        for question, answer in TALKS:
            topics = [m.get("message_thread_id") for m in said if m.get("text") == answer]
            in_topic = [m.get("text") for m in said if m.get("message_thread_id") in topics]
            assert in_topic.index(question) < in_topic.index(answer), "the question stands above its answer"
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 10) == 0
    assert databases(tmp_path)


async def test_the_private_demo_uses_the_managers_own_chats(
    started_demo: Callable[..., Awaitable[str]], tmp_path: Path
) -> None:
    line = await started_demo("--private", "--folder", str(tmp_path), "--port", str(free_port()))
    url = line.split()[-1].rstrip("/")
    async with aiohttp.ClientSession() as session:
        dialogs = (await (await session.get(f"{url}/sandbox/tool/api/v1/dialogs")).json())["items"]
        assert sorted(dialog["state"] for dialog in dialogs) == ["active", "closed", "paused"]
        assert (await session.get(f"{url}/sandbox/chats/{GROUP}/messages")).status == 409
        ivan = 610000002
        assert ivan in (await (await session.get(f"{url}/sandbox/state")).json())["staff"]
        said = (await (await session.get(f"{url}/sandbox/chats/{ivan}/messages")).json())["items"]
        in_topics = [item.get("text") for item in said if item.get("message_thread_id")]
        assert set(in_topics) >= {words for talk in TALKS[1:] for words in talk}


async def answers(session: aiohttp.ClientSession, url: str, chat: int, words: str) -> None:
    """The bot says that in the chat, sooner or later."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        said = ""
        while words not in said:
            items = (await (await session.get(f"{url}/sandbox/chats/{chat}/messages")).json())["items"]
            said = str([item.get("text") for item in items])


@pytest.mark.parametrize("chosen", ["at the start", "by the page"])
async def test_the_demos_desk_speaks_the_language_of_its_reader(
    started_demo: Callable[..., Awaitable[str]], chosen: str
) -> None:
    maria = 610000001
    options = ("--language", "ru") if chosen == "at the start" else ()
    line = await started_demo("--port", str(free_port()), *options)
    url = line.split()[-1].rstrip("/")
    async with aiohttp.ClientSession() as session:
        if not options:
            assert (await session.put(f"{url}/sandbox/language", json={"language": "ru"})).status == 204
        await session.post(f"{url}/sandbox/messages", json={"user_id": maria, "text": "/inbox"})
        await answers(session, url, maria, "Входящие")


async def test_the_demo_uses_another_port_if_the_wanted_one_is_in_use(
    started_demo: Callable[..., Awaitable[str]],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = taken.getsockname()[1]
        line = await started_demo("--port", str(wanted))
        assert line.startswith("Holdline's demo is ready: http://127.0.0.1:")
        assert f":{wanted}/" not in line


async def test_the_sandbox_alone_answers_from_its_first_line_and_ends_cleanly(
    processes: list[asyncio.subprocess.Process],
) -> None:
    process, line = await told(processes, "sandbox", "--port", "0", "--token", "77:alone")
    address = re.search(r"http://127\.0\.0\.1:[1-9][0-9]*/bot77:alone/", line)
    assert address is not None
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE_SECONDS):
        answer = await session.get(f"{address.group()}getMe")
        assert (await answer.json())["result"]["id"] == 77
        process.send_signal(signal.SIGTERM)
        _, said = await process.communicate()
    assert (process.returncode, said.decode()) == (0, "")


async def test_a_port_in_use_is_reported_with_a_sentence(processes: list[asyncio.subprocess.Process]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process, line = await told(processes, "sandbox", "--port", str(taken.getsockname()[1]))
        _, said = await process.communicate()
    assert (process.returncode, line) == (2, "")
    assert "name another with --port" in said.decode()
