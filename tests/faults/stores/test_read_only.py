"""T7: the disk of the database becomes read-only while people work, as after an error, and writable again."""

import asyncio
import random
import time
from pathlib import Path

import aiohttp

from tests.faults import victims
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.load import Load
from tests.faults.scene import Scene, scene
from tests.faults.stores.acknowledged import Acknowledged, end_in_peace

RESUMED_SECONDS = 5.0
READ_ONLY_SECONDS = 0.4


async def answer_of(here: Scene, path: str) -> tuple[int, str]:
    async with here.http.get(f"{here.api}{path}", timeout=aiohttp.ClientTimeout(total=10)) as answer:
        return answer.status, await answer.text()


async def until_told(here: Scene) -> None:
    """Until the probe names the disk."""
    async with asyncio.timeout(30):
        while "read-only" not in (await answer_of(here, "/readyz"))[1]:  # noqa: ASYNC110 - no bell tells
            await asyncio.sleep(0.05)


async def test_a_disk_that_is_read_only_for_a_while_causes_only_delay(tmp_path: Path) -> None:
    seed, times = get_seed(72), get_size("HOLDLINE_READ_ONLY_TIMES", 1)
    dice, broken, lost = random.Random(seed), list[str](), list[int]()
    sign, url = tmp_path / "is-read-only", f"sqlite:///{tmp_path / 'desk.db'}"
    async with scene(tmp_path, url, seed=seed) as here:
        here.start(victims.on_a_read_only_disk, str(sign))
        await here.at_work()
        load, watch = Load(here, 4), Acknowledged(here, url)
        await watch.measure_floor()
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            for _ in range(times):
                await asyncio.sleep(dice.uniform(0.1, 0.6))
                sign.touch()
                began = time.monotonic()
                await until_told(here)
                status, _ = await answer_of(here, "/api/v1/customers?limit=1")
                if status != 200:
                    broken.append(f"reading answers {status} on a read-only disk")
                await asyncio.sleep(max(0.0, READ_ONLY_SECONDS - (time.monotonic() - began)))
                lost += await watch.lost()
                sign.unlink()
                if not await watch.resumes(RESUMED_SECONDS):
                    broken.append(f"intake took {watch.slowest:.1f} s after the disk was writable again")
            load.over.set()
        verdict = await end_in_peace(here, load)
        lost += await watch.lost()
        broken += verdict.broken
        note = f"intake went on within {watch.slowest:.1f} s"
        report(
            Figures(
                tried=times, lost=len(lost), doubled=verdict.extra, broken=len(broken), seed=seed, note=note
            )
        )
        assert (broken, lost) == ([], [])
        assert verdict.extra <= times * 8
