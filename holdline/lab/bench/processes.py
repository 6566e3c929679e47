"""The processes that are measured: a desk of one or several, and the floor's bots."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from holdline.lab.replay.stage_setup import DESK, DeskSetup, free_port, write_config
from holdline.sandbox import Sandbox
from holdline.sandbox.bell import wait_for_ring

ROLES = {1: ("all",), 2: ("intake", "sender"), 4: ("intake", "sender", "web", "web")}
"""By the number of processes. Of some roles only one process works at a time, so a second one would idle."""
STOP_SECONDS, READY_SECONDS = 60.0, 180.0
Pids = tuple[int, ...]


@asynccontextmanager
async def run_desk(folder: Path, setup: DeskSetup, *, processes: int = 1) -> AsyncIterator[Pids]:
    """Starts `holdline run` and yields the process ids; does not wait until it is ready."""
    config, started = write_config(folder, setup), []
    with (folder / "desk.log").open("ab") as log:
        try:
            for number, role in enumerate(ROLES[processes]):
                ports = [f"HOLDLINE_WEB__PROBE_PORT={free_port()}"]
                if role == "web" and number > ROLES[processes].index("web"):
                    ports.append(f"HOLDLINE_WEB__PORT={free_port()}")
                command = (sys.executable, "-c", DESK, "run", "--role", role, "--config", str(config))
                started.append(
                    await asyncio.create_subprocess_exec("env", *ports, *command, stdout=log, stderr=log)
                )
            yield tuple(process.pid for process in started)
        finally:
            await _stop(started)


@asynccontextmanager
async def run_floor(call: str) -> AsyncIterator[Pids]:
    """Runs `call`, a function of memory_bot.py or bare_loop.py with its arguments, in its own process."""
    module = "bare_loop" if call.startswith("post_all(") else "memory_bot"
    code = f"import holdline.bot; from holdline.lab.bench.{module} import *; {call}"  # aiogram loads faster this way
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield (process.pid,)
    finally:
        await _stop([process])


async def until_awake(box: Sandbox, customer: int) -> None:
    """The customer starts the bot; returns when the bot has sent a message. Raises TimeoutError if it never does."""
    before = box.tg.calls.last
    box.says(customer, "/start")
    async with asyncio.timeout(READY_SECONDS):
        while True:
            ticket = box.tg.calls.bell.ticket()
            if any(call["method"].lower() == "sendmessage" for call in box.tg.calls.since(before)):
                return
            await wait_for_ring(ticket, 1)


def name_with_processes(name: str, processes: int) -> str:
    return name if processes == 1 else f"{name}_{processes}_processes"


def with_webhook(setup: DeskSetup) -> DeskSetup:
    return replace(setup, webhook_secret="bench")


async def _stop(processes: list[asyncio.subprocess.Process]) -> None:
    for process in processes:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STOP_SECONDS):
        await asyncio.gather(*(process.wait() for process in processes))
