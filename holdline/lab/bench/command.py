"""`holdline bench`: what the command line calls."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from holdline.lab.bench import broadcasts, burst, growth, questions, release, start
from holdline.lab.bench.scenario import Scenario
from holdline.lab.replay.baseline import measure_baseline
from holdline.lab.replay.play import play_recording
from holdline.lab.replay.recording import Conversation, Utterance
from holdline.lab.replay.stage_setup import open_stage

CONVERSATIONS = 60
TURNS = 16


def run_bench(
    *, as_json: bool, store: str | None, dialogs: int, recipients: int, questions_in: Path | None = None
) -> int:
    """Always returns 0: the results are shown beside their aims, and missing an aim is not an error.

    `store`: an empty database for the burst, the growth and the broadcast. `dialogs`: the largest size of the desk;
    `recipients`: the size of the broadcast. `questions_in`: a folder with labelled questions, on which smart replies
    are tested.
    """
    console = Console(stderr=as_json)
    with tempfile.TemporaryDirectory(prefix="holdline-bench-") as folder:
        results = questions.measure(questions_in) if questions_in is not None else []
        results += asyncio.run(
            _all(Path(folder), console, store=store, dialogs=dialogs, recipients=recipients)
        )
    console.print(_table(results))
    if as_json:
        scenarios = {"scenarios": [scenario.as_json() for scenario in results]}
        Console(soft_wrap=True, highlight=False).print_json(json.dumps(scenarios), indent=None)
    return 0


async def _all(
    folder: Path, console: Console, *, store: str | None, dialogs: int, recipients: int
) -> list[Scenario]:
    scenarios = []
    async for scenario in _one_by_one(folder, store, dialogs, recipients):
        console.print(f"{_display_name(scenario)}: {scenario.figure:,.1f} {scenario.unit}")
        scenarios.append(scenario)
    return scenarios


async def _one_by_one(
    folder: Path, store: str | None, dialogs: int, recipients: int
) -> AsyncIterator[Scenario]:
    for scenario in await start.measure(folder):
        yield scenario
    for name in ("sender", "release", "floor", "main", "burst", "growth", "broadcasts"):
        (folder / name).mkdir()
    if store is not None and store.startswith("postgres"):
        yield await start.measure_sender(folder / "sender", store=store)
    yield await release.measure(folder / "release")
    yield await _main_job(folder)
    for scenario in await burst.measure(folder / "burst", store=store):
        yield scenario
    for scenario in await growth.measure(folder / "growth", store=store, most=dialogs):
        yield scenario
    if recipients:
        for scenario in await broadcasts.measure(folder / "broadcasts", store=store, recipients=recipients):
            yield scenario


async def _main_job(folder: Path) -> Scenario:
    """Updates per second through the whole desk, compared with an echo bot."""
    floor = await measure_baseline(folder / "floor")
    async with open_stage(folder / "main", store=None, seed=1, private=True) as stage:
        report = await play_recording(stage, _sample_conversations(), progress=lambda *_: None, plain=True)
    aim = "at least half of the floor: an aiogram echo bot with one commit an update"
    return Scenario("main_job", report.updates_per_second, "updates/s", floor, aim)


def _sample_conversations() -> list[Conversation]:
    turns = tuple(
        Utterance("agent" if number % 2 else "customer", f"Line {number} of a talk about a parcel.")
        for number in range(TURNS)
    )
    return [Conversation(f"bench-{number}", "en", turns) for number in range(CONVERSATIONS)]


def _table(scenarios: list[Scenario]) -> Table:
    table = Table(title="Bench")
    for title in ("scenario", "figure", "floor", "ratio", "aim"):
        table.add_column(title)
    for scenario in scenarios:
        figure, floor = (f"{value:,.1f} {scenario.unit}" for value in (scenario.figure, scenario.floor))
        table.add_row(_display_name(scenario), figure, floor, f"{scenario.ratio:.2f}", scenario.aim)
    return table


def _display_name(scenario: Scenario) -> str:
    """The name as words, so that a table cell can wrap it."""
    return scenario.name.replace("_", " ")
