"""The floor: the speed of a bare aiogram echo bot with one SQLite commit per update, on the same sandbox."""

import asyncio
import sys
import time
from pathlib import Path

from holdline.sandbox import Sandbox, SandboxOptions
from holdline.sandbox.bell import wait_for_ring

UPDATES = 1500
CUSTOMERS = 50


async def measure_baseline(folder: Path, updates: int = UPDATES) -> float:
    """Updates answered per second, from the first message to the last echo. The bot runs in its own process."""
    box = Sandbox(SandboxOptions(limits=False, check=False, seed_group=False))
    async with box.serve() as url:
        code = f"from holdline.lab.replay.echo_bot import echo; echo({url!r}, {str(folder)!r})"
        bot = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
        try:
            await _wait_until_awake(box)
            return await _measure(box, updates)
        finally:
            bot.terminate()
            await bot.wait()


async def _wait_until_awake(box: Sandbox) -> None:
    """Waits until the bot has answered a first message."""
    box.says(700_000, "hello")
    async with asyncio.timeout(60):
        while not any(call["method"].lower() == "sendmessage" for call in box.calls):
            await wait_for_ring(box.tg.calls.bell.ticket(), 1)


async def _measure(box: Sandbox, updates: int) -> float:
    for number in range(updates):
        box.says(700_000 + number % CUSTOMERS, f"message {number}")
    started, echoes, seq = time.perf_counter(), 0, box.tg.calls.last
    while echoes < updates:
        ticket = box.tg.calls.bell.ticket()
        fresh = box.tg.calls.since(seq)
        seq = fresh[-1]["seq"] if fresh else seq
        echoes += sum(call["method"].lower() == "sendmessage" for call in fresh)
        if echoes < updates and not fresh and not await wait_for_ring(ticket, 30):
            raise RuntimeError("the floor's echo bot stopped answering")
        if fresh:
            await asyncio.sleep(0)
    return updates / (time.perf_counter() - started)
