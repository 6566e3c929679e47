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
LONG_SECONDS = 10.0
"""From here on an outage is tried with a process for each role."""
MOST_LOGGED = 300_000


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
async def test_a_failing_database_server_causes_only_delay(
    tmp_path: Path, *, roles: bool, first: int
) -> None:
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


async def test_a_long_database_outage_is_reported_and_causes_only_delay(tmp_path: Path) -> None:
    """The long form leaves it away for more than a minute: leases and pauses between attempts are over by then."""
    seed, seconds = get_seed(82), get_size("HOLDLINE_AWAY_TENTHS", 10) / 10
    broken: list[str] = []
    with hurt_server() as server:
        async with scene(tmp_path, server.url, seed=seed) as here:
            others = await start(here, roles=seconds > LONG_SECONDS)
            load, watch = Load(here, 4), Acknowledged(here, server.direct)
            await watch.measure_floor()
            async with asyncio.TaskGroup() as group:
                group.create_task(load.runs())
                await asyncio.sleep(0.3)
                away = group.create_task(asyncio.to_thread(server.stop, seconds))
                seen = await answers_during(here, away)
                if not await watch.resumes(RESUMED_SECONDS):
                    broken.append(f"intake took {watch.slowest:.1f} s")
                load.over.set()
            await load.quiet()
            for other in others:
                other.signal(signal.SIGTERM)
                assert await other.ended(STOP_SECONDS) == 0, other.said()
            logged = size_of_logs(tmp_path)
            verdict = await end_in_peace(here, load)
            lost, broken = await watch.lost(), broken + verdict.broken
            note = f"away for {seconds:g} s, intake went on within {watch.slowest:.1f} s, {logged:,} bytes of log"
            report(
                Figures(
                    tried=1, lost=len(lost), doubled=verdict.extra, broken=len(broken), seed=seed, note=note
                )
            )
            assert (broken, lost) == ([], [])
            assert seen <= {200, 503}
            assert 503 in seen or seconds < LONG_SECONDS, (
                "a query waits some seconds for a server that is away"
            )
            assert verdict.extra <= 1
            assert logged < MOST_LOGGED


def size_of_logs(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("desk-*.log"))


async def answers_during(here: Scene, away: asyncio.Task[None]) -> set[int]:
    """What a program gets from the API until the server is there again."""
    seen = set()
    while not away.done():
        async with here.http.get(f"{here.api}/api/v1/customers?limit=1") as answer:
            seen.add(answer.status)
        await asyncio.sleep(0.1)
    return seen
