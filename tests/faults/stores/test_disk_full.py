"""T7: the disk fills up at random moments: the database, its log and the desk's own log file stand on it."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.faults import victims
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.load import Load
from tests.faults.scene import Scene, scene
from tests.faults.stores.acknowledged import Acknowledged, end_in_peace
from tests.small_disk import SmallDisk, small_disk

RECOVERY_SECONDS = 10.0
RESERVE_MEGABYTES, DISK_MEGABYTES = 2, 32
A_FILL_MEGABYTES = 2
"""How much the database may grow from one fill to the next."""
FULL_SECONDS = 0.4


class Fills:
    """What the campaign counts. A fill is `soft` if the reserve carried the desk over it, `hard` if writes were
    refused.
    """

    def __init__(self, here: Scene, disk: SmallDisk, watch: Acknowledged) -> None:
        self.here, self.disk, self.watch = here, disk, watch
        self.soft = self.hard = self.told = 0
        self.lost: list[int] = []
        self.broken: list[str] = []
        self._reserve = disk.folder / "desk.db-reserve"

    async def fill_once(self) -> None:
        """The disk is full and stays so; what the reserve gives back is the desk's."""
        await self._until(self._reserve.exists, "the reserve")
        self.disk.fill()
        await self._until(lambda: not self._reserve.exists(), "the desk giving up its reserve")
        if not await self.watch.resumes(RECOVERY_SECONDS):
            self.broken.append("the reserve did not help")
        answer = await self._probe()
        is_told = answer is not None and any("almost full" in note for note in answer["notes"])
        is_used_up = answer is not None and any("is full: nothing" in reason for reason in answer["reasons"])
        if not is_told and not is_used_up:  # a busy desk may have filled the room of the reserve by now
            self.broken.append(f"no word of the reserve: {answer}")
        self.soft += 1
        self.told += is_told
        await self._clear()

    async def fill_for_good(self) -> None:
        """Somebody takes every byte that becomes free, until writes are refused."""

        async def is_refused() -> bool:
            self.disk.fill()
            answer = await self._probe()
            return answer is not None and any("is full: nothing" in reason for reason in answer["reasons"])

        await self._until(is_refused, "a reason against readiness")
        for _ in range(2):
            self.disk.fill()
            await asyncio.sleep(FULL_SECONDS / 2)
        self.lost += await self.watch.lost()
        async with self.here.http.get(f"{self.here.api}/api/v1/customers?limit=1") as answer:
            if answer.status != 200:
                self.broken.append(f"reading answers {answer.status} on a full disk")
        self.hard += 1
        await self._clear()

    async def _clear(self) -> None:
        self.disk.clear()
        if not await self.watch.resumes(RECOVERY_SECONDS):
            self.broken.append(f"intake took {self.watch.slowest:.1f} s after there was room again")

    async def _probe(self) -> dict[str, Any] | None:
        async with self.here.http.get(
            f"{self.here.api}/readyz", timeout=aiohttp.ClientTimeout(total=10)
        ) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def _until(self, test: Callable[[], Any], what: str) -> None:
        async with asyncio.timeout(30):
            while True:
                found = test()
                if (await found) if asyncio.iscoroutine(found) else found:
                    return
                assert self.here.desk is not None and self.here.desk.alive, f"the desk ended before {what}"
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_full_disk_causes_only_delay(tmp_path: Path, *, webhook: bool) -> None:
    seed, times = get_seed(71), get_size("HOLDLINE_FILLS", 2)
    dice = random.Random(seed)
    with small_disk(tmp_path / "disk", megabytes=DISK_MEGABYTES + times * A_FILL_MEGABYTES) as disk:
        url = f"sqlite:///{disk.folder / 'desk.db'}"
        store = {"reserve_megabytes": RESERVE_MEGABYTES}
        async with scene(disk.folder, url, seed=seed, webhook=webhook, store=store) as here:
            here.start(victims.looking_at_the_disk_often)
            await here.at_work()
            load = Load(here, 4)
            fills = Fills(here, disk, Acknowledged(here, url))
            await fills.watch.measure_floor()
            async with asyncio.TaskGroup() as group:
                group.create_task(load.runs())
                for number in range(times):
                    await asyncio.sleep(dice.uniform(0.05, 0.6))
                    await (fills.fill_for_good() if number % 2 else fills.fill_once())
                load.over.set()
            verdict = await end_in_peace(here, load)
            lost = [*fills.lost, *await fills.watch.lost()]
            broken = [*fills.broken, *verdict.broken]
            note = (
                f"{fills.soft} on the reserve, {fills.hard} refused; back within {fills.watch.slowest:.1f} s"
            )
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
            assert (broken, lost, verdict.extra) == ([], [], 0)
            assert fills.hard == times // 2
            assert fills.told
