"""The faults of a simulated desk: deaths and restarts, faults of Telegram and of the network, a clock that is set."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from holdline.sandbox import SEED_GROUP
from holdline.sandbox.faults import Fault
from tests.faults.ledger import handled_in_vain_twice, orphans
from tests.faults.simulation.lives import Deck
from tests.faults.simulation.machine import Fuse
from tests.faults.weather import Flood, Rule, losing_in_all_ways, says

STORMS = (
    "flood of a chat", "flood of the bot", "errors of Telegram", "pages of a front", "lost answers",
    "cut before", "refused connections", "removed from the group", "clock set", "update again",
)  # fmt: skip
ENDS = (*Fuse.KINDS, "any moment", "orderly stop", "long night")
CLOCK_STEPS = (3600, -3600, 61, -61, 5, -5, 86_400, -86_400)
LONGEST_NIGHT = 10 * 3600
FUSE_SECONDS = 900


class Fates:
    """`met` counts them by kind. `in_flight` and `unheard`: calls that a death cut off, and whose answers were lost."""

    def __init__(self, scene: Any) -> None:
        self.scene = scene
        self.dice = random.Random(f"{scene.seed}:fates")
        self.met: Counter[str] = Counter()
        self.in_flight = self.unheard = 0
        self.early: list[str] = []
        self._storms = Deck(self.dice, list(STORMS))
        self._ends = Deck(self.dice, list(ENDS))
        self._spared: set[str] = set()

    async def storm(self, many: int, every: float) -> None:
        """So many faults, one after another."""
        for _ in range(many):
            await asyncio.sleep(self.dice.uniform(0.2 * every, every))
            await self._meet(self._storms.draw(), self.dice.uniform(0.1 * every, 0.8 * every))

    async def strike(self, many: int, every: float) -> None:
        """So many ends of the desk, each followed by a new start."""
        for _ in range(many):
            await asyncio.sleep(self.dice.uniform(0.5 * every, 1.5 * every))
            await self._spare_survivors()
            kind = self._ends.draw()
            if kind == "orderly stop":
                await self.scene.machine.stop()
            else:
                await self._kill(kind)
            self.met[kind] += 1
            await self.scene.examine(f"after {kind}")
            await asyncio.sleep(self._rest(kind))
            self.scene.machine.start()

    def _rest(self, kind: str) -> float:
        if kind == "long night":
            return self.dice.uniform(3600, LONGEST_NIGHT)
        return self.dice.choice((0.2, 1, 5, 40, 400))

    async def _kill(self, kind: str) -> None:
        process = self.scene.machine.process
        if kind in Fuse.KINDS:
            process.fuse = Fuse(process, kind, self.dice.randint(1, 30))
            try:
                async with asyncio.timeout(FUSE_SECONDS):
                    await process.fuse.burnt.wait()
            except TimeoutError:
                self.met["a moment that never came"] += 1
        await self.scene.machine.kill()
        self.in_flight += orphans(self.scene.store_url)

    async def _spare_survivors(self) -> None:
        """An update that met two deaths is handled first, because a third one would quarantine it."""
        while handled_in_vain_twice(self.scene.store_url):  # noqa: ASYNC110 - no bell tells
            await asyncio.sleep(1)

    async def _meet(self, kind: str, seconds: float) -> None:
        self.met[kind] += 1
        match kind:
            case "clock set":
                self.scene.machine.clock.set_by += timedelta(seconds=self.dice.choice(CLOCK_STEPS))
            case "update again":
                past = self.scene.box.tg.updates.past
                self.scene.box.again(self.dice.choice(list(past)[-50:])["update_id"])
            case "refused connections":
                self.scene.machine.wire.down = True
                await asyncio.sleep(seconds)
                self.scene.machine.wire.down = False
            case "removed from the group":
                await self._without_group(seconds)
            case _:
                await self._rule(kind, seconds)

    async def _without_group(self, seconds: float) -> None:
        self.scene.group_there.clear()
        self.scene.box.bot_becomes(SEED_GROUP, "kicked")
        await asyncio.sleep(seconds)
        self.scene.box.bot_becomes(SEED_GROUP, "administrator")
        self.scene.group_there.set()

    async def _rule(self, kind: str, seconds: float) -> None:
        """Of calls made too early only those are `early` that one life of the desk made in a chat that it knew to be
        forbidden: a death may come before a 429 is stored, and other chats are tried after five seconds.
        """
        rule, starts = self._rule_of(kind), self.scene.machine.starts
        rules = self.scene.weather.rules
        rules.append(rule)
        await asyncio.sleep(seconds)
        if isinstance(rule, Flood):
            await asyncio.sleep(rule.end())
            alive = self.scene.machine.running is not None and self.scene.machine.starts == starts
            self.early += rule.early if alive and kind == "flood of a chat" else []
        rules.remove(rule)

    def _rule_of(self, kind: str) -> Rule:
        dice = self.dice
        match kind:
            case "flood of a chat":
                return Flood(dice, floods=3, share=0.3, seconds=dice.choice((3, 40, 300)), whole=False)
            case "flood of the bot":
                return Flood(dice, floods=2, share=0.2, seconds=dice.choice((3, 40, 120)), whole=True)
            case "errors of Telegram":
                return self._once(0.5, lambda: Fault(error_code=dice.choice((500, 502, 503))))
            case "pages of a front":
                return self._once(0.5, lambda: Fault(html="<html>502 Bad Gateway</html>"))
            case "cut before":
                return self._once(0.4, lambda: Fault(drop="before"))
        return self._losing()

    def _losing(self) -> Rule:
        losing = losing_in_all_ways(self.dice, 0.3, hanging_seconds=100)

        def rule(method: str, params: dict[str, Any]) -> Fault | None:
            fault = None if self._is_spared(method, params) else losing(method, params)
            if fault is not None:
                self._spare(params)
                self.unheard += 1
            return fault

        return rule

    def _once(self, share: float, fault: Callable[[], Fault]) -> Rule:
        def rule(method: str, params: dict[str, Any]) -> Fault | None:
            if self.dice.random() > share or self._is_spared(method, params):
                return None
            self._spare(params)
            return fault()

        return rule

    def _is_spared(self, method: str, params: dict[str, Any]) -> bool:
        """Each message meets one fault at most: after three unknown outcomes it is parked, and a notice is shown."""
        return says(method) and self._identity(params) in self._spared

    def _spare(self, params: dict[str, Any]) -> None:
        self._spared.add(self._identity(params))

    def _identity(self, params: dict[str, Any]) -> str:
        return f"{params.get('chat_id')} {params.get('text')} {params.get('message_id')}"
