"""How long a start takes and how much memory an idle desk uses, compared with importing aiogram alone."""

import asyncio
import signal
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import aiohttp

from holdline.lab.bench.scenario import Scenario
from holdline.lab.process_memory import read_megabytes
from holdline.lab.replay.stage_setup import DESK, DeskSetup, free_port, write_config
from holdline.sandbox import Sandbox, SandboxOptions
from holdline.sandbox.bell import wait_for_ring

TOKEN = "123456:bench"
IMPORT = "import aiogram, sys; print('ready', flush=True); sys.stdin.read()"
CUSTOMER = 700_000_000
ROUNDS = 3


async def measure(folder: Path) -> list[Scenario]:
    """The best of several rounds, when the machine is least disturbed."""
    bare = [await _bare() for _ in range(ROUNDS)]
    folders = [folder / f"start{number}" for number in range(ROUNDS)]
    for each in folders:
        each.mkdir()
    desk = [await _desk(each) for each in folders]
    return [
        Scenario(
            "start_to_first_answer",
            min(seconds for seconds, _ in desk),
            "s",
            min(seconds for seconds, _ in bare),
            "at most 2 s above the import",
        ),
        Scenario(
            "idle_memory",
            min(memory for _, memory in desk),
            "MB",
            min(memory for _, memory in bare),
            "at most 150 MB",
        ),
    ]


async def measure_sender(folder: Path, *, store: str) -> Scenario:
    """The memory of an idle `--role sender`, which loads no aiogram. `store` is an empty PostgreSQL database."""
    port = free_port()
    async with Sandbox(SandboxOptions(token=TOKEN, check=False)).serve() as url:
        config = write_config(folder, DeskSetup(url, free_port(), store=store, token=TOKEN))
        with (folder / "sender.log").open("wb") as log:
            desk = (sys.executable, "-c", DESK, "run", "--role", "sender", "--config", str(config))
            command = ("env", f"HOLDLINE_WEB__PROBE_PORT={port}", *desk)
            process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
            await _wait_for_probe(port)
            await _wait_for_steady_memory(process.pid)
            memory = read_megabytes(process.pid)
            process.send_signal(signal.SIGTERM)
            await process.wait()
    _, floor = await _bare()
    return Scenario("idle_memory_sender", memory, "MB", floor, "at most 80 MB")


async def _wait_for_probe(port: int) -> None:
    async with asyncio.timeout(120), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == HTTPStatus.OK:
                        return
            await asyncio.sleep(0.1)


async def _bare() -> tuple[float, float]:
    """Seconds and megabytes of a process that only imports aiogram."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IMPORT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    figures = time.perf_counter() - started, read_megabytes(process.pid)
    process.terminate()
    await process.wait()
    return figures


async def _desk(folder: Path) -> tuple[float, float]:
    """Seconds until a waiting customer is greeted, and megabytes when the desk is idle. `folder` exists."""
    box = Sandbox(SandboxOptions(token=TOKEN, check=False))
    async with box.serve() as url:
        box.says(CUSTOMER, "/start")
        config = write_config(folder, DeskSetup(url, free_port(), token=TOKEN))
        with (folder / "desk.log").open("wb") as log:
            started = time.perf_counter()
            command = (sys.executable, "-c", DESK, "run", "--config", str(config))
            process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
            await _wait_for_greeting(box)
            seconds = time.perf_counter() - started
            await _wait_for_steady_memory(process.pid)
            memory = read_megabytes(process.pid)
            process.send_signal(signal.SIGTERM)
            await process.wait()
    return seconds, memory


async def _wait_for_greeting(box: Sandbox) -> None:
    async with asyncio.timeout(120):
        while True:
            ticket = box.tg.events.bell.ticket()
            if CUSTOMER in box.world.chats and any(m["from_bot"] for m in box.messages(CUSTOMER)):
                return
            await wait_for_ring(ticket, 1)


async def _wait_for_steady_memory(pid: int) -> None:
    """Waits until the memory has not changed for a second."""
    before, still = 0.0, 0
    while still < 4:
        now = read_megabytes(pid)
        still = still + 1 if abs(now - before) < 0.5 else 0
        before = now
        await asyncio.sleep(0.25)
