"""SIGTERM, SIGINT, or both, during work both ways: exit code 0, soon, nothing lost and nothing repeated."""

import asyncio
import random
import signal
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import pytest

from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.ledger import asked, engine_of, orphans
from tests.faults.load import Load
from tests.faults.scene import Scene, scene
from tests.faults.weather import says

STOPS = get_size("HOLDLINE_STOPS", 4)
WAYS = (
    (signal.SIGTERM,),
    (signal.SIGTERM, signal.SIGTERM),
    (signal.SIGINT,),
    (signal.SIGINT, signal.SIGTERM),
)
"""Twice is one stop: a terminal signals the whole group, and the supervisor passes its own on."""


@pytest.mark.row("O-03")
async def test_an_orderly_stop_loses_nothing_and_repeats_nothing(tmp_path: Path, store_url: str) -> None:
    async with scene(tmp_path, store_url, get_seed(3)) as here:
        load, dice, took = Load(here, 10), random.Random(here.seed), []
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            for way in islice(cycle(WAYS), STOPS):
                here.start()
                await here.at_work()
                await caught_sending(here, dice.randint(3, 25))
                took.append(await here.stopped(way))
                assert orphans(store_url) == 0
            here.start()
            await here.at_work()
            load.over.set()
        await load.quiet()
        took.append(await here.stopped())
        await here.examined()
        verdict = load.verdict()
        report(
            Figures(
                tried=len(took),
                lost=verdict.lost,
                doubled=verdict.extra,
                broken=len(verdict.broken) - verdict.lost,
                seed=here.seed,
                note=f"{engine_of(store_url)}: half within {median(took):.2f} s, all within {max(took):.2f} s,"
                f" {verdict.messages} messages",
            )
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
