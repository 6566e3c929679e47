"""SIGTERM while work runs both ways: exit code 0, soon, nothing lost and nothing twice."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.faults.ledger import asked, orphans
from tests.faults.load import Load
from tests.faults.scene import Scene, scene
from tests.faults.weather import says

STOPS = 5


@pytest.mark.row("O-03")
async def test_an_orderly_stop_loses_nothing_and_repeats_nothing(tmp_path: Path, store_url: str) -> None:
    async with scene(tmp_path, store_url, seed=3) as here:
        load, dice, took = Load(here, 10), random.Random(here.seed), []
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            for _ in range(STOPS):
                here.start()
                await here.at_work()
                await caught_sending(here, dice.randint(3, 25))
                took.append(await here.stopped())
                assert orphans(store_url) == 0
            here.start()
            await here.at_work()
            load.over.set()
        await load.quiet()
        took.append(await here.stopped())
        await here.examined()
        verdict = load.verdict()
        print(
            f"{len(took)} stops took up to {max(took):.2f} s; {verdict.messages} messages, {verdict.extra} extra"
        )
        assert (verdict.broken, verdict.extra) == ([], 0)
        assert (here.box.problems, here.complaints()) == ([], [])
        assert asked(store_url, "SELECT id FROM outbox WHERE uncertain > 0") == []


async def caught_sending(here: Scene, messages: int) -> None:
    """Until Telegram has one more call in its hands."""
    left, caught = messages, asyncio.Event()

    def rule(method: str, params: object) -> None:
        nonlocal left
        left -= says(method)
        if left <= 0:
            caught.set()

    here.weather.rules.append(rule)
    await asyncio.wait_for(caught.wait(), 30)
    here.weather.rules.remove(rule)
