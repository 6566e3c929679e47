"""kill -9 of the whole program while customers walk through a funnel, talk to managers, and some send /stop.

`HOLDLINE_KILLS=100` runs the long campaign (`make funnel-kills`).
"""

import asyncio
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.faults.figures import get_seed, get_size, report
from tests.faults.funnels.walkers import Walker
from tests.faults.funnels.walks import FUNNEL, broken_promises, extra_copies
from tests.faults.killing import AT_A_COMMIT, AT_TELEGRAM, Killer
from tests.faults.ledger import BEGUN_WHILE_HELD, asked
from tests.faults.load import Cards
from tests.faults.scene import Scene, scene

KILLS = get_size("HOLDLINE_KILLS", 5)
WALKERS = 7
STOP_IN = {0: 0, 1: 1}
"""The walkers who send /stop, and from which of their walks on."""


@pytest.mark.row("M-01")
@pytest.mark.row("M-04")
async def test_funnels_are_killed_over_and_over_on_sqlite(tmp_path: Path) -> None:
    await killed_and_judged(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", [*AT_TELEGRAM, *AT_A_COMMIT])


@pytest.mark.row("M-01")
async def test_funnels_are_killed_over_and_over_on_postgresql(tmp_path: Path, postgres_copy: str) -> None:
    await killed_and_judged(tmp_path, postgres_copy, [*AT_TELEGRAM])


async def killed_and_judged(folder: Path, store_url: str, moments: list[str]) -> None:
    async with scene(folder, store_url, get_seed(20261130)) as here:
        killer, over = Killer(here, store_url), asyncio.Event()
        here.start()
        await here.at_work()
        funnel = await here.ask("POST", "funnels", FUNNEL, key="funnel")
        await here.killed()
        cards = Cards(here)
        walkers = [
            Walker(here, who, cards=cards, funnel_id=funnel["id"], stops_in=STOP_IN.get(who - 1))
            for who in range(1, WALKERS + 1)
        ]
        async with asyncio.TaskGroup() as group:
            for walker in walkers:
                group.create_task(walker.lives(over))
            for moment in islice(cycle(moments), KILLS):
                await killer.strikes(moment)
            over.set()
            here.start()
            await here.at_work()
        await here.until_idle()
        await here.stopped()
        await here.examined()
        judge(here, walkers, killer)
        assert min(killer.struck[moment] for moment in moments[:KILLS]) >= 1, killer.struck
        assert (here.box.problems, here.complaints()) == ([], [])
        assert asked(store_url, BEGUN_WHILE_HELD) == []
        assert asked(store_url, "SELECT id, reason FROM inbox WHERE state IN ('new', 'quarantined')") == []


def judge(here: Scene, walkers: list[Walker], killer: Killer) -> None:
    for walker in walkers:
        walker.gather_steps()
    walks = [walk for walker in walkers for walk in walker.walks]
    extra = extra_copies(walks)
    states = [walk.state for walk in walks]
    print(
        f"kills {dict(killer.struck)}, {killer.on_the_wire} calls on the wire; {len(walks)} walks, "
        f"{states.count('done')} to the end, {sum(len(walk.steps) for walk in walks)} messages, {extra} extra; "
        f"{sum(walker.talks for walker in walkers)} dialogs, {sum(walker.answers for walker in walkers)} answers, "
        f"{sum(walker.presses for walker in walkers)} presses, "
        f"{sum(walker.kept_presses for walker in walkers)} of them in a dialog, "
        f"{sum(walker.stopped_at is not None for walker in walkers)} wanted no more"
    )
    broken = [fault for walk in walks for fault in broken_promises(walk)]
    broken += [fault for walker in walkers for fault in walker.crossed()]
    lost = [fault for fault in broken if "skipped" in fault]
    report(killer.figures(lost=len(lost), extra=extra, broken=len(broken) - len(lost)))
    assert broken == []
    assert extra <= killer.on_the_wire
    assert states.count("done") and sum(walker.talks for walker in walkers)
