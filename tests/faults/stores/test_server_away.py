"""T8: PostgreSQL is stopped, killed, slow, or cut off in the middle of a transaction, while people work."""

import asyncio
import random
import signal
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.faults import victims
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.forks import Forked
from tests.faults.load import Load
from tests.faults.scene import STOP_SECONDS, Scene, scene
from tests.faults.stores.acknowledged import Acknowledged, end_in_peace
from tests.faults.stores.postgres_server import HurtServer, hurt_server

RESUMED_SECONDS = 5.0
ROLES = ("web", "sender", "intake")


def troubles(server: HurtServer, dice: random.Random, seconds: float) -> list[Callable[[], None]]:
    """One of each kind; `seconds` is how long the server stays away."""
    return [
        lambda: server.kill_postmaster(seconds),
        lambda: server.leave_commits_unheard(3),
        lambda: server.stop(seconds),
        lambda: server.cut_often(dice, 4),
        lambda: server.kill_backend(dice),
        server.end_sessions,
        lambda: server.be_slow(0.1, 2 * seconds),
    ]


async def start(here: Scene, *, roles: bool) -> list[Forked]:
    """One process, or one for each role; those beside the intake are returned."""
    if not roles:
        here.start()
        await here.at_work()
        return []
    found = [
        here.run(victims.desk, "run", "--role", role, log=here.config.parent / f"desk-{role}.log")
        for role in ROLES
    ]
    *others, here.desk = found
    await here.at_work()
    return others


@pytest.mark.parametrize(("roles", "first"), [(False, 0), (True, 3)], ids=["one process", "three roles"])
async def test_a_server_in_trouble_costs_nothing_but_time(tmp_path: Path, *, roles: bool, first: int) -> None:
    seed, times = get_seed(81), get_size("HOLDLINE_OUTAGES", 3)
    seconds = get_size("HOLDLINE_OUTAGE_TENTHS", 3) / 10
    dice, broken, lost = random.Random(seed), [], []
    with hurt_server() as server:
        async with scene(tmp_path, server.url, seed=seed) as here:
            others = await start(here, roles=roles)
            load, watch = Load(here, 4), Acknowledged(here, server.direct)
            await watch.measure_floor()
            kinds = islice(cycle(troubles(server, dice, seconds)), first, first + times)
            async with asyncio.TaskGroup() as group:
                group.create_task(load.runs())
                for trouble in kinds:
                    await asyncio.sleep(dice.uniform(0.1, 0.6))
                    await asyncio.to_thread(trouble)
                    if not await watch.resumes(RESUMED_SECONDS):
                        broken.append(f"intake took {watch.slowest:.1f} s after trouble {len(watch.resumed)}")
                    lost += await watch.lost()
                load.over.set()
            await load.quiet()
            for other in others:
                other.signal(signal.SIGTERM)
                assert await other.ended(STOP_SECONDS) == 0, other.said()
            verdict = await end_in_peace(here, load)
            lost += await watch.lost()
            broken += verdict.broken
            note = f"intake went on within {watch.slowest:.1f} s, {server.wire.cuts} connections cut"
            report(
                Figures(
                    tried=times,
                    lost=len(lost),
                    doubled=verdict.extra,
                    broken=len(broken),
                    seed=seed,
                    note=note,
                )
            )
            assert (broken, lost) == ([], [])
            assert verdict.extra <= times
