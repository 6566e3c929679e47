"""Telegram is unreachable, or answers get lost, while people and programs continue."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.ledger import asked, engine_of
from tests.faults.load import Load
from tests.faults.scene import Scene, scene
from tests.faults.weather import everything, losing_in_all_ways, says

AWAY_SECONDS = 4.0
LOST = get_size("HOLDLINE_LOST_ANSWERS", 12)
SHARE, HANGING_SECONDS = (0.05, 30.0) if LOST > 50 else (0.1, 2.0)
BACK_SECONDS = 20.0
PARKED = "SELECT id, kind, error FROM outbox WHERE status = 'parked'"
FATES = {
    "front end broken": {"html": "<html><h1>502 Bad Gateway</h1></html>"},
    "proxy forbids": {"error_code": 403, "html": "<html><h1>403 Forbidden</h1></html>"},
    "portal": {"error_code": 200, "html": "<!DOCTYPE html><title>Sign in</title>"},
    "hanging": {"error_code": 504, "delay": AWAY_SECONDS},
}


@pytest.mark.parametrize("how", ["refused", *FATES])
async def test_an_outage_causes_only_delay(tmp_path: Path, sqlite_file: Path, how: str) -> None:
    await comes_through(tmp_path, f"sqlite:///{sqlite_file}", how)


@pytest.mark.parametrize("how", ["refused", "hanging"])
async def test_an_outage_causes_only_delay_on_postgresql(
    tmp_path: Path, postgres_copy: str, how: str
) -> None:
    """One that is noticed at once, and one that keeps calls in flight."""
    await comes_through(tmp_path, postgres_copy, how)


async def comes_through(folder: Path, url: str, how: str) -> None:
    async with scene(folder, url, seed=4) as here:
        here.start()
        await here.at_work()
        load = Load(here, 8)
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            await here.until(lambda: len(load.seen()) > 30, "a day's work")
            async with away(here, how):
                backlog(load)
                await asyncio.sleep(AWAY_SECONDS)
            back = await until_said(here)
            load.over.set()
        await load.quiet()
        await here.stopped()
        await here.examined()
        verdict, met = load.verdict(), here.weather.met
        print(f"{how} on {engine_of(url)}: said again {back:.2f} s after it was back; met {dict(met)}")
        assert verdict.broken == []
        assert verdict.extra <= sum(row[0] for row in asked(url, "SELECT uncertain FROM outbox"))
        assert asked(url, PARKED) == []
        assert back < BACK_SECONDS
        assert (met["getMe"] <= 4, met["getUpdates"] <= 6) == (True, True), "hammered"


@asynccontextmanager
async def away(here: Scene, how: str) -> AsyncIterator[None]:
    if how == "refused":
        await here.line.down()
        yield
        await here.line.up()
        return
    rule = everything(**FATES[how])
    here.weather.rules.append(rule)
    yield
    here.weather.rules.remove(rule)


def backlog(load: Load) -> None:
    """People do not notice: Telegram takes their words, it is our side that does not hear of them."""
    for life in load.lives:
        for _ in range(6):
            life.writes()
            if life.held_since:  # nobody is about to close or pause it
                life.replies()


async def until_said(here: Scene) -> float:
    """Seconds until the desk says something again."""
    began, said = time.monotonic(), asyncio.Event()

    def rule(method: str, params: object) -> None:
        if says(method):
            said.set()

    here.weather.rules.append(rule)
    await asyncio.wait_for(said.wait(), 60)
    here.weather.rules.remove(rule)
    return time.monotonic() - began


async def test_lost_answers_cause_at_most_one_repeat_each(tmp_path: Path, store_url: str) -> None:
    async with scene(tmp_path, store_url, get_seed(6)) as here:
        here.start()
        await here.at_work()
        losing = losing_in_all_ways(random.Random(here.seed), SHARE, hanging_seconds=HANGING_SECONDS)
        here.weather.rules.append(losing)
        load = Load(here, 8)
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            await here.until(lambda: here.weather.met.total() >= LOST, "lost answers", 60 + 10 * LOST)
            here.weather.rules.remove(losing)
            load.over.set()
        await load.quiet()
        await here.stopped()
        await here.examined()
        verdict, lost = load.verdict(), here.weather.met.total()
        unmarked = unmarked_repeats(load, store_url)
        report(
            Figures(
                tried=len(load.seen()),
                lost=verdict.lost,
                doubled=max(0, verdict.extra - lost),
                broken=len(verdict.broken) - verdict.lost + unmarked,
                seed=here.seed,
                note=f"{engine_of(store_url)}: {verdict.extra} repeats of {lost} lost answers,"
                f" {unmarked} of them not marked",
            )
        )
        assert verdict.broken == []
        assert 1 <= verdict.extra <= lost
        assert unmarked == 0
        assert asked(store_url, PARKED) == []


def unmarked_repeats(load: Load, url: str) -> int:
    """Repeats that people saw, beyond those that the history of their customers tells of."""
    seen = Counter((one.chat, one.thread, one.mark) for one in load.seen())
    repeats = sum(times - 1 for times in seen.values())
    marked = asked(url, "SELECT data_json FROM history WHERE kind = 'possibly_repeated'")
    return max(0, repeats - sum(int(json.loads(row[0])["repeats"]) for row in marked))
