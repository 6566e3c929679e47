"""kill -9 of the whole program while a day's work runs through it both ways.

Judged on what people saw at Telegram. Half of the kills wait for a moment that hurts. `HOLDLINE_KILLS=1000` makes as
many on each engine.
"""

import asyncio
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.faults.figures import get_seed, get_size, report
from tests.faults.killing import AT_A_COMMIT, AT_TELEGRAM, Killer
from tests.faults.ledger import BEGUN_WHILE_HELD, asked
from tests.faults.load import Load
from tests.faults.scene import scene

LIVES = 10
KILLS = {"sqlite": get_size("HOLDLINE_KILLS", 7), "postgresql": get_size("HOLDLINE_KILLS", 5)}
"""In `make test` each moment once."""


@pytest.mark.row("O-03")
async def test_the_desk_is_killed_over_and_over_on_sqlite(tmp_path: Path) -> None:
    await killed_and_judged(
        tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", [*AT_TELEGRAM, *AT_A_COMMIT], KILLS["sqlite"]
    )


@pytest.mark.row("O-03")
async def test_the_desk_is_killed_over_and_over_on_postgresql(tmp_path: Path, postgres_copy: str) -> None:
    await killed_and_judged(tmp_path, postgres_copy, [*AT_TELEGRAM], KILLS["postgresql"])


async def killed_and_judged(folder: Path, store_url: str, moments: list[str], kills: int) -> None:
    async with scene(folder, store_url, get_seed(20260925)) as here:
        killer, load = Killer(here, store_url), Load(here, LIVES)
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            for moment in islice(cycle(moments), kills):
                await killer.strikes(moment)
            load.over.set()
            here.start()
            await here.at_work()
        await load.quiet()
        await here.stopped()
        await here.examined()
        verdict = load.verdict()
        told(killer, load)
        report(
            killer.figures(lost=verdict.lost, extra=verdict.extra, broken=len(verdict.broken) - verdict.lost)
        )
        assert verdict.broken == []
        assert verdict.extra <= killer.on_the_wire
        assert min(killer.struck[moment] for moment in moments[:kills]) >= 1, killer.struck
        assert (here.box.problems, here.complaints()) == ([], [])
        assert asked(store_url, "SELECT id, reason FROM inbox WHERE state IN ('new', 'quarantined')") == []
        assert asked(store_url, BEGUN_WHILE_HELD) == []


def told(killer: Killer, load: Load) -> None:
    verdict, lives = load.verdict(), load.lives
    print(
        f"kills {dict(killer.struck)}, {killer.on_the_wire} calls on the wire; {verdict.messages} messages, "
        f"{verdict.extra} extra, at most {verdict.most} copies; {sum(life.opened for life in lives)} dialogs, "
        f"{sum(len(life.account.held) for life in lives)} held spans"
    )
