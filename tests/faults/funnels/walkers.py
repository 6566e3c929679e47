"""Simulated customers of a funnel: they answer, press buttons, talk to a manager, write the stop word or /stop."""

import asyncio
import random
from typing import Any

from holdline.sandbox import SEED_GROUP
from holdline.texts import say
from tests.faults.funnels.walks import (
    CITY,
    FOR_THE_MANAGER,
    NOWHERE,
    STOP_WORD,
    Step,
    Walk,
    step_of,
)
from tests.faults.load import Cards, Life
from tests.faults.scene import PATIENCE_SECONDS, Scene

TICK_SECONDS = 0.1


class Walker(Life):
    """`stopped_at` is the number of the journal event in which the desk confirmed /stop."""

    def __init__(self, scene: Scene, who: int, *, cards: Cards, funnel_id: int, stops_in: int | None) -> None:
        super().__init__(scene, who, cards=cards, breath=TICK_SECONDS)
        self.dice = random.Random(f"{scene.seed}:walker:{who}")
        self.funnel_id, self.stops_in = funnel_id, stops_in
        self.walks: list[Walk] = []
        self.stopped_at: int | None = None
        self.talks = self.presses = self.kept_presses = self.answers = 0
        self._seen_until = 0
        self._offered: int | None = None

    async def lives(self, over: asyncio.Event) -> None:
        """Walks through the funnel again and again, until `over` is set or the customer has sent /stop."""
        self.scene.box.customer(self.chat, first_name=f"Walker {self.who}", language_code="en")
        self.scene.box.says(self.chat, "/start walk")
        self.customer_id = await self._known()
        while not over.is_set() and self.stopped_at is None:
            await self._walk(over)
        if self.state == "active":
            await self._orders("/close")

    async def _walk(self, over: asyncio.Event) -> None:
        walk = Walk(self.who, len(self.walks))
        self.walks.append(walk)
        if walk.number:
            fields = {"fields": {"walk": walk.number, "city": NOWHERE}}
            await self.scene.ask(
                "PATCH", f"customers/{self.customer_id}", fields, key=f"fields-{self.who}-{walk.number}"
            )
        order = {"telegram_id": self.chat, "again": True}
        run = await self.scene.ask(
            "POST", f"funnels/{self.funnel_id}/enrolments", order, key=f"walk-{self.who}-{walk.number}"
        )
        while run["state"] == "running":
            await self._acts(walk, over)
            await asyncio.sleep(TICK_SECONDS)
            run = await self.scene.ask("GET", f"enrolments/{run['id']}")
        walk.state = run["state"]
        if self.state == "active":
            await self._orders("/close")

    async def _acts(self, walk: Walk, over: asyncio.Event) -> None:
        """One random action per tick."""
        if self.state == "active":
            self._follows()
            if over.is_set() or self.dice.random() < 0.15:
                await self._orders(self.dice.choice(["/pause", "/close"]))
            return
        if self.stops_in is not None and walk.number >= self.stops_in and self.dice.random() < 0.05:
            await self._stops(walk)
        elif self.dice.random() < (0.15 if self._offered is not None else 0.03) and not over.is_set():
            await self._talks()
        elif self.dice.random() < 0.005:
            walk.may_end_early = True
            self.scene.box.says(self.chat, STOP_WORD)
        else:
            self._follows()

    def _follows(self) -> None:
        """Answers new questions and presses new buttons. In a dialog only presses, because text goes to the manager."""
        for event in self.scene.box.tg.events.since(self._seen_until):
            self._seen_until = event["seq"]
            step = self._step(event)
            if step is None:
                continue
            if step.name == "B" and self.state != "active" and self.dice.random() < 0.7:
                self.answers += 1
                self.scene.box.says(self.chat, CITY)
            self._offered = event["data"]["message_id"] if step.name == "C" else None
            if step.name == "C" and self.dice.random() < 0.4:
                self._presses()

    def _presses(self) -> None:
        """Presses a button of the newest message, if it has buttons that were not pressed before."""
        if self._offered is not None:
            self.presses += 1
            self.kept_presses += self.state == "active"
            button = self.dice.choice(["Left", "Right"])
            self.scene.box.presses(self.chat, self.chat, self._offered, button)
            self._offered = None

    async def _talks(self) -> None:
        """Opens a dialog and writes the stop word and an answer there. Waits until both appear in the topic."""
        self.talks += 1
        await self._opens()
        for words in (STOP_WORD, FOR_THE_MANAGER):
            after = self.scene.witness.seq
            self.scene.box.says(self.chat, words)
            await self.scene.witness.until(
                SEED_GROUP,
                self.thread,
                lambda message, words=words: str(message.get("text", "")).endswith(words),  # type: ignore[misc]
                f"{words!r} of {self.who} in its topic",
                after=after,
                seconds=PATIENCE_SECONDS,
            )
        self._presses()

    async def _stops(self, walk: Walk) -> None:
        walk.may_end_early = True
        after = self.scene.witness.seq
        self.scene.box.says(self.chat, "/stop")
        said = say("standard.marketing_stopped", "en")
        sight = await self.scene.witness.until(
            self.chat,
            0,
            lambda message: message.get("text") == said,
            "the answer to /stop",
            after=after,
            seconds=PATIENCE_SECONDS,
        )
        self.stopped_at = sight.seq

    def gather_steps(self) -> None:
        """Assigns every message that appeared to its walk."""
        for event in self.scene.box.tg.events.since(0):
            found = self._numbered(event)
            if found is not None:
                self.walks[found[0]].steps.append(found[1])

    def crossed(self) -> list[str]:
        """The messages that appeared during an active dialog, or after /stop."""
        steps = [step for walk in self.walks for step in walk.steps]
        return [
            f"{self.who}: {step.name} appeared while a dialog was active"
            for step in steps
            if any(after < step.seq < before for after, before in self.account.held)
        ] + [
            f"{self.who}: {step.name} appeared after /stop"
            for step in steps
            if self.stopped_at is not None and step.seq > self.stopped_at
        ]

    def _step(self, event: dict[str, Any]) -> Step | None:
        found = self._numbered(event)
        return found[1] if found is not None else None

    def _numbered(self, event: dict[str, Any]) -> tuple[int, Step] | None:
        data = event["data"]
        if event["kind"] != "message" or data["chat"]["id"] != self.chat or not data["from"]["is_bot"]:
            return None
        return step_of(event["seq"], event["at"], str(data.get("text", "")))
