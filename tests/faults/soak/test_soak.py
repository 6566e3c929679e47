"""A desk at work for a long time: memory, open files, tasks and the database's log do not grow.

`make soak` runs two hours at five messages a second on SQLite; `make faults` eight minutes, `make test` some seconds.
"""

import asyncio
import re
import time
from pathlib import Path

import psutil
import pytest

from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.load import Load
from tests.faults.scene import Scene, scene
from tests.faults.soak.samples import Sample, growth, memory_growth, take_sample

SECONDS = get_size("HOLDLINE_SOAK_SECONDS", 4)
PER_SECOND = get_size("HOLDLINE_SOAK_PER_SECOND", 25)
LIVES = 20
MESSAGES_PER_ACT = 1.1
ENOUGH_MESSAGES = 3_000  # fewer say nothing about growth: the desk still fills its caches
MOST_MEMORY, MOST_FILES, MOST_TASKS, MOST_LOG = 10.0, 2.0, 4.0, 64.0
"""Memory: MB in the last half, or for 10,000 messages if it has more. A run of minutes still fills its caches."""
_TASKS = re.compile(r"^holdline_tasks (\S+)", re.MULTILINE)


@pytest.mark.row("O-08")
async def test_a_desk_that_works_for_long_does_not_grow(
    tmp_path: Path, store_url: str, request: pytest.FixtureRequest
) -> None:
    async with scene(tmp_path, store_url, seed=get_seed(20261130)) as here:
        load = Load(here, LIVES, breath=LIVES * MESSAGES_PER_ACT / PER_SECOND)
        here.start()
        await here.at_work()
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            samples = await _watched(here, load)
            load.over.set()
        await load.quiet()
        await here.stopped()
        await here.examined()
    verdict = load.verdict()
    enough = samples[-1].messages >= ENOUGH_MESSAGES
    grown = memory_growth(samples) if enough else 0.0
    files, tasks = growth([one.files for one in samples]), growth([one.tasks for one in samples])
    log = max(one.log for one in samples)
    report(
        Figures(
            tried=verdict.messages,
            lost=sum("lost" in words for words in verdict.broken),
            doubled=verdict.extra,
            broken=len(verdict.broken),
            seed=here.seed,
            note=f"{request.node.callspec.id}: {samples[-1].memory:.0f} MB, {grown:+.1f} MB per 10,000 messages, "
            f"files {files:+.1f}, tasks {tasks:+.1f}, log {log:.1f} MB",
        )
    )
    assert (verdict.broken, verdict.extra) == ([], 0)
    assert (here.box.problems, here.complaints()) == ([], [])
    in_last_half = samples[-1].messages - samples[len(samples) // 2].messages
    assert grown <= MOST_MEMORY * max(1.0, 10_000 / max(1, in_last_half)) and log <= MOST_LOG
    if enough:
        assert files <= MOST_FILES and tasks <= MOST_TASKS


async def _watched(here: Scene, load: Load) -> list[Sample]:
    """A sample each second, until the time is over."""
    samples: list[Sample] = []
    database = Path(here.store_url.removeprefix("sqlite:///")) if "sqlite" in here.store_url else None
    ends = time.monotonic() + SECONDS
    assert here.desk is not None
    process = psutil.Process(here.desk.pid)
    while time.monotonic() < ends:
        await asyncio.sleep(1)
        async with here.http.get(f"{here.api}/metrics") as answer:
            found = _TASKS.search(await answer.text())
        assert found is not None
        said = sum(len(life.account.promised) for life in load.lives)
        samples.append(take_sample(process, database, messages=said, tasks=int(float(found[1]))))
    return samples
