"""Whether every update acknowledged to Telegram is stored, and how soon intake continues."""

import asyncio
import time
from typing import Any

from tests.faults.ledger import asked
from tests.faults.load import Load
from tests.faults.scene import Scene

STRANGER = 530_000_000


class Acknowledged:
    """Watches a scene from both sides. `url` is the database, past whatever troubles the desk's own way to it."""

    def __init__(self, scene: Scene, url: str) -> None:
        self.scene, self.url = scene, url
        self.resumed: list[float] = []
        self._floor = 0.0
        self._strangers = 0

    async def lost(self) -> list[int]:
        """Updates that Telegram may forget and the database does not have."""
        queue = self.scene.box.tg.updates
        confirmed = {update["update_id"] for update in queue.past} - queue.waiting.keys()
        rows = await asyncio.to_thread(asked, self.url, "SELECT update_id FROM inbox")
        return sorted(confirmed - {number for (number,) in rows})

    async def measure_floor(self) -> None:
        """How long intake takes on this machine now, without any trouble: the slowest of a few messages."""
        self._floor = max([await self._taken_in(60) for _ in range(3)])

    async def resumes(self, within: float) -> bool:
        """Whether a message that is written now is taken in within that time, or a few times the floor."""
        bar = within + 5 * self._floor
        self.resumed.append(await self._taken_in(10 * bar))
        return self.resumed[-1] <= bar

    async def _taken_in(self, most: float) -> float:
        began = time.monotonic()
        self._strangers += 1
        self.scene.box.customer(STRANGER + self._strangers, first_name="Stranger")
        self.scene.box.says(STRANGER + self._strangers, "Is anybody there?")
        queue = self.scene.box.tg.updates
        newest = queue.next_id - 1
        while newest in queue.waiting and time.monotonic() - began < most:  # noqa: ASYNC110 - no bell tells
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    @property
    def slowest(self) -> float:
        return max(self.resumed, default=0.0)


async def end_in_peace(here: Scene, load: Load) -> Any:
    """The load ends, the desk says the rest, stops and is examined; the verdict on what appeared at Telegram."""
    load.over.set()
    await load.quiet()
    await here.stopped()
    await here.examined()
    return load.verdict()
