"""SIGKILL at chosen moments. A moment is seen from Telegram's side, or is a commit of the victim's own.

What was on the wire when the process died is counted: nothing else may be said twice.
"""

import asyncio
import random
from collections import Counter
from statistics import median
from typing import Any

from holdline.sandbox.faults import Fault
from tests.faults import victims
from tests.faults.figures import Figures
from tests.faults.ledger import engine_of, handled_in_vain_twice, orphans
from tests.faults.scene import A_SESSION, PATIENCE_SECONDS, STOP_SECONDS, Scene
from tests.faults.weather import Rule, says

AT_TELEGRAM = ("any moment", "asked", "carried out", "answered", "fetched")
AT_A_COMMIT = ("before a commit", "after a commit")
_LONG_ENOUGH_SECONDS = 5.0  # then the next chance of that moment is taken, however slow the machine is


class Killer:
    """`struck` counts kills by their moment; `on_the_wire` the calls that no living process could settle."""

    def __init__(self, scene: Scene, store_url: str) -> None:
        self.scene, self.store_url = scene, store_url
        self.dice = random.Random(f"{scene.seed}:killer")
        self.struck: Counter[str] = Counter()
        self.on_the_wire = 0
        self._chances_left = 0

    def figures(self, *, lost: int, extra: int, broken: int) -> Figures:
        """`extra` repeats were seen; beyond the calls in flight each counts as doubled."""
        per_call = extra / max(1, self.on_the_wire)
        again = median(self.scene.recoveries)
        return Figures(
            tried=self.struck.total(),
            lost=lost,
            doubled=max(0, extra - self.on_the_wire),
            broken=broken,
            seed=self.scene.seed,
            note=f"{engine_of(self.store_url)}: {extra} repeats of {self.on_the_wire} calls in flight"
            f" ({per_call:.2f} a call), at work again after {again:.2f} s",
        )

    async def strikes(self, moment: str) -> None:
        """One life of the desk, from its start to its sudden end at that moment."""
        await self._spare_survivors()
        if moment in AT_A_COMMIT:
            victim = victims.dies_before_a_commit if "before" in moment else victims.dies_after_a_commit
            self.scene.start(victim, self.dice.randint(4, 80))
        else:
            self.scene.start()
        await self.scene.at_work()
        await self._at(moment)
        await self._count_orphans(moment)

    async def _spare_survivors(self) -> None:
        """Gives an update that met two deaths a life to be handled in, because a third one would quarantine it."""
        if not handled_in_vain_twice(self.store_url):
            return
        self.scene.start()
        await self.scene.at_work()
        await self.scene.until(
            lambda: not handled_in_vain_twice(self.store_url),
            "the update that two deaths met",
            pause=A_SESSION,
        )
        self._kill("any moment")
        await self._count_orphans("any moment")

    async def _count_orphans(self, moment: str) -> None:
        assert self.scene.desk is not None
        code = await self.scene.desk.ended(STOP_SECONDS)
        assert code == -9, f"{moment}: ended with {code}: {self.scene.desk.said()}"
        self.on_the_wire += orphans(self.store_url)

    async def _at(self, moment: str) -> None:
        assert self.scene.desk is not None
        if moment in AT_A_COMMIT:
            self.struck[moment] += 1
            return
        if moment == "any moment":
            await asyncio.sleep(self.dice.uniform(0, 0.8))
            self._kill(moment)
            return
        if moment == "fetched":
            await self._when_updates_arrive(moment)
            return
        rule = self._rule(moment)
        self.scene.weather.rules.append(rule)
        try:
            await self._until_dead()
        finally:
            self.scene.weather.rules.remove(rule)

    def _rule(self, moment: str) -> Rule:
        """Kills while Telegram has the call in its hands: before it acts, after it has, or when it has answered."""
        self._chances_left = self.dice.randint(1, 40)

        def rule(method: str, params: dict[str, Any]) -> Fault | None:
            if not says(method) or not self._is_time():
                return None
            if moment == "answered":
                later = self.dice.uniform(0.0005, 0.004)
                asyncio.get_running_loop().call_later(later, self._kill, moment)
                return None
            self._kill(moment)
            return Fault(drop="before" if moment == "asked" else "after")

        return rule

    async def _when_updates_arrive(self, moment: str) -> None:
        """Telegram hands them over, and the process dies about when it would store them."""
        queue, self._chances_left = self.scene.box.tg.updates, self.dice.randint(1, 12)

        def arrived(waiting: object) -> None:
            if self._is_time():
                asyncio.get_running_loop().call_later(self.dice.uniform(0.0005, 0.006), self._kill, moment)

        queue.listener = arrived
        try:
            await self._until_dead()
        finally:
            queue.listener = None

    def _is_time(self) -> bool:
        """Whether this chance is the one that was drawn."""
        self._chances_left -= 1
        return self._chances_left == 0

    async def _until_dead(self) -> None:
        """The moment comes for certain: people go on writing, and after a while the very next chance is taken."""
        assert self.scene.desk is not None
        began = asyncio.get_running_loop().time()
        while self.scene.desk.alive:
            waited = asyncio.get_running_loop().time() - began
            assert waited < PATIENCE_SECONDS, f"the moment never came: {self.scene.desk.said()}"
            if waited >= _LONG_ENOUGH_SECONDS and self._chances_left > 1:
                self._chances_left = 1
            await asyncio.sleep(0.01)

    def _kill(self, moment: str) -> None:
        assert self.scene.desk is not None
        if self.scene.desk.alive:
            self.scene.desk.kill()
            self.struck[moment] += 1
