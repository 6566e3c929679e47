"""429: no call is made in a forbidden period, and nothing is lost or repeated because of it."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import victims
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.ledger import asked
from tests.faults.load import Load
from tests.faults.scene import Scene, scene
from tests.faults.weather import Flood

FLOODS = get_size("HOLDLINE_FLOODS", 4)
"""Of single chats; of the whole bot half as many."""


@pytest.mark.parametrize("whole", [False, True], ids=["of a chat", "of the bot"])
async def test_no_call_is_made_inside_a_forbidden_window(tmp_path: Path, whole: bool) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with scene(tmp_path, url, get_seed(8)) as here:
        load, flood = await flooded(here, victims.desk, floods=FLOODS // 2 if whole else FLOODS, whole=whole)
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            await here.until(lambda: not flood.floods_left, "the floods", 30 + 10 * FLOODS)
            load.over.set()
        await load.quiet()
        await here.stopped()
        await here.examined()
        verdict = load.verdict()
        kind = "the bot" if whole else "chats"
        report(
            Figures(
                tried=FLOODS // 2 if whole else FLOODS,
                lost=verdict.lost,
                doubled=verdict.extra,
                broken=len(verdict.broken) - verdict.lost + len(flood.early),
                seed=here.seed,
                note=f"of {kind}: {len(flood.early)} calls in a forbidden window, {flood.refusals} refused of "
                f"{flood.calls}, {verdict.messages} messages",
            )
        )
        assert flood.early == []
        assert (verdict.broken, verdict.extra) == ([], 0)
        assert asked(url, "SELECT id FROM outbox WHERE status = 'parked' OR uncertain > 0") == []


@pytest.mark.parametrize("whole", [False, True], ids=["of a chat", "of the bot"])
async def test_a_desk_that_ignores_floods_is_detected(tmp_path: Path, whole: bool) -> None:
    async with scene(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", seed=8) as here:
        load, flood = await flooded(here, victims.deaf_to_floods, floods=1, whole=whole)
        async with asyncio.TaskGroup() as group:
            living = group.create_task(load.runs())
            await here.until(lambda: flood.early, "a call in a forbidden window")
            living.cancel()


async def flooded(here: Scene, victim: Callable[..., int], *, floods: int, whole: bool) -> tuple[Load, Flood]:
    """The desk at work under a sky that will open."""
    flood = Flood(random.Random(here.seed), floods=floods, share=0.1, seconds=2, whole=whole)
    here.weather.rules.append(flood)
    here.start(victim)
    await here.at_work()
    return Load(here, 8), flood
