"""Real processes, really killed: no message is lost, none has its effect twice, poison is quarantined."""

import asyncio
import random
from contextlib import suppress
from itertools import count
from pathlib import Path

from holdline.sandbox import Sandbox, SandboxOptions
from holdline.store.clock import Clock
from holdline.store.engine import Store
from tests.bot.inbox_kit import effects, eventually, rows
from tests.bot.intake_victim import BOT, TOKEN, works_until_killed
from tests.faults.forks import Forked

MESSAGES = 400


async def lives(api: str, store_url: str, seconds: float, log: Path) -> None:
    """One process: killed after so many seconds of work, if it has not ended before."""
    process = Forked(works_until_killed, api, store_url, log=log)
    try:
        await eventually(lambda: _begun(process))
        with suppress(AssertionError):
            await process.ended(seconds)
    finally:
        process.kill()
        await process.ended(10)


async def _begun(process: Forked) -> bool:
    return "started" in process.said() or not process.alive


async def customers_write(box: Sandbox) -> None:
    for number in range(MESSAGES):
        poison = number in (50, 200)
        box.says(510000001 + number % 7, f"poison {number}" if poison else f"message {number}")
        await asyncio.sleep(0.002)


async def test_a_killed_process_loses_nothing_and_repeats_nothing(store_url: str, tmp_path: Path) -> None:
    dice = random.Random(20261)
    logs = (tmp_path / f"life-{number}.log" for number in count(1))
    box = Sandbox(SandboxOptions(token=TOKEN, conflict_pause=0.01))
    async with box.serve() as url, asyncio.TaskGroup() as group:
        group.create_task(customers_write(box))
        for _ in range(10):
            await lives(url, store_url, dice.uniform(0.02, 0.5), next(logs))
        store = Store(store_url, bot_id=BOT, clock=Clock())
        await store.start()

        async def all_ended() -> bool:
            found = await rows(store)
            return len(found) == MESSAGES and all(row["state"] != "new" for row in found.values())

        async def until_all_ended() -> None:
            while not await all_ended():
                await lives(url, store_url, 1.5, next(logs))

        async with asyncio.timeout(90):
            await until_all_ended()
        await eventually(all_ended)
    found = await rows(store)
    aside = [row for row in found.values() if row["state"] == "quarantined"]
    assert sorted("poison" in row["raw"] for row in aside) == [True, True]
    done = sorted(number for number, row in found.items() if row["state"] == "done")
    assert await effects(store) == done
    assert len(done) == MESSAGES - 2
    await store.close()
