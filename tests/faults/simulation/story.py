"""One seeded story: people act, faults happen, and at the end every promise is kept."""

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from holdline.app.settings import DeskSection, LogSection, Settings, StoreSection, TelegramSection, WebSection
from holdline.desk.funnels.definitions import add_funnel
from holdline.desk.people.keys import create_key
from holdline.desk.people.managers import ensure_admins
from holdline.desk.settings.lists import ensure_lists
from holdline.lab.replay.witness import Witness
from holdline.sandbox import SEED_GROUP, SEED_MANAGERS, Sandbox, SandboxOptions
from holdline.sandbox.bell import wait_for_ring
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from tests.faults.ledger import BEGUN_WHILE_HELD, asked, waiting
from tests.faults.simulation.fates import Fates
from tests.faults.simulation.lives import FUNNEL, Marketer, MergedMarks, SimulatedLife, TopicCards
from tests.faults.simulation.machine import Machine, Process, task_factory
from tests.faults.simulation.replaced import DeskClock, surroundings_of
from tests.faults.simulation.virtual_loop import VirtualLoop
from tests.faults.simulation.wire import Wire, call_app
from tests.faults.verdict import Mark, Verdict, judged
from tests.faults.weather import Weather

TOKEN = "123456:simulation"
PATIENCE_SECONDS = 5400
"""While the desk works; a night without it does not count."""
LONGEST_WAIT = 50_000.0
"""Of people whose patience has no such exception."""
A_LOOK = 15.0
COMPARE_CLOCKS = ("nothing_after_the_close",)
"""Compares two stored times, which says nothing if the clock was put back between them (docs/next.md)."""
EXPECTED_COMPLAINTS = ("staff_group_unusable",)
"""The bot is removed from the group on purpose."""


class Stage:
    """What `tests.faults.load` expects of a scene, with virtual time."""

    def __init__(self, folder: Path, store_url: str, seed: int) -> None:
        self.seed, self.store_url = seed, store_url
        self.box = Sandbox(
            SandboxOptions(token=TOKEN, calls_kept=1_000_000, events_kept=1_000_000, seed=seed)
        )
        self.weather = Weather()
        self.box.tg.faults = self.weather
        self.witness = Witness(self.box)
        self.group_there = asyncio.Event()
        self.group_there.set()
        clock = DeskClock(asyncio.get_running_loop().time)
        wire = Wire(self.box, random.Random(f"{seed}:wire"))
        self.machine = Machine(_settings(self.store_url), folder, wire, clock)
        self.key = ""
        self.broken: list[str] = []
        self.examined = 0

    async def ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        """The HTTP API, asked again with the same key until it is answered; a death cuts the answer off."""
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        if key:
            headers["idempotency-key"] = key
        raw = b"" if body is None else json.dumps(body).encode()
        while True:
            process = self.machine.running
            if process is not None:
                work = call_app(process.app, method, f"/api/v1/{path}", raw, headers)
                task = process.begin(work)
                await asyncio.wait({task})
                if not task.cancelled():
                    status, said = task.result()
                    assert status < 400 or status >= 500, f"{method} {path}: {said.decode()}"
                    if status < 400:
                        return json.loads(said)
            await asyncio.sleep(5)

    async def until(self, test: Callable[[], Any], what: str, *_: Any, **__: Any) -> Any:
        loop = asyncio.get_running_loop()
        waited, looked = 0.0, loop.time()
        while True:
            ticket = self.box.tg.events.bell.ticket()
            if found := test():
                return found
            waited += loop.time() - looked if self.machine.running else 0.0
            looked = loop.time()
            assert waited < PATIENCE_SECONDS, f"never: {what}; seed {self.seed}; {self._why()}"
            await wait_for_ring(ticket, A_LOOK)

    def _why(self) -> str:
        """For the sentence of a failed simulation: what the desk still has to say, and what it complained about."""
        left = asked(self.store_url, "SELECT * FROM outbox WHERE status IN ('queued', 'sending') LIMIT 5")
        return f"{left}; {self.machine.complaints.said}"

    async def watch(self) -> None:
        """The witness looks at every event, and rests without looking at a clock."""
        while True:
            ticket = self.box.tg.events.bell.ticket()
            self.witness.look()
            await ticket.wait()

    async def examine(self, when: str) -> None:
        """What `holdline doctor` finds while the desk does not run."""

        async def look() -> Any:
            store = self.machine.store_of()
            await store.start()
            try:
                return await store.read(find_violations)
            finally:
                await store.close()

        self.examined += 1
        found = await Process().begin(look())
        self.broken += [
            f"{when}: {rule.name} {rule.rows[:3]}" for rule in found if rule.name not in COMPARE_CLOCKS
        ]

    async def furnish(self) -> int:
        """A key, the managers and a funnel, before the desk runs first."""

        def furnishing(tx: Tx) -> int:
            ensure_lists(tx)
            ensure_admins(tx)
            return add_funnel(tx, written=FUNNEL).id

        async def work() -> int:
            store: Store = self.machine.store_of()
            await store.start()
            self.key = await store.act(create_key, name="sim", scopes=("send", "read", "desk"))
            funnel = await store.act(furnishing)
            await store.close()
            return funnel

        return int(await Process().begin(work()))


def _settings(store_url: str) -> Settings:
    return Settings(
        telegram=TelegramSection(
            token=TOKEN,
            api_base="http://telegram.simulated",
            staff_group=SEED_GROUP,
            admins=sorted(SEED_MANAGERS),
        ),
        store=StoreSection(url=store_url, reserve_megabytes=0),
        desk=DeskSection(undo_seconds=0),
        web=WebSection(webhooks_to_private=True),
        log=LogSection(level="error"),
    )


class Story:
    """`acts`, `met`: how often each kind of act and of fate came. `history` is a hash of every call and its answer."""

    def __init__(self, stage: Stage, *, lives: int, breath: float, funnel_id: int) -> None:
        self.stage, self.fates = stage, Fates(stage)
        cards, self._marks = TopicCards(stage), MergedMarks(stage)  # type: ignore[arg-type] # a stage is enough of a scene
        self.lives = [
            SimulatedLife(stage, who, cards=cards, marks=self._marks, breath=breath)
            for who in range(1, lives + 1)
        ]
        self.marketer = Marketer(stage, self.lives, funnel_id, breath=4 * breath)
        self.over = asyncio.Event()

    async def pass_by(self, *, storms: int, ends: int, every: float) -> None:
        self.stage.machine.start()
        watching = asyncio.get_running_loop().create_task(self.stage.watch())
        async with asyncio.TaskGroup() as group:
            people = [group.create_task(life.lives(self.over)) for life in self.lives]
            people.append(group.create_task(self.marketer.works(self.over)))
            async with asyncio.TaskGroup() as striking:
                striking.create_task(self.fates.storm(storms, every))
                striking.create_task(self.fates.strike(ends, every))
            self.over.set()
        await self.stage.until(self._is_quiet, "everything promised, and nothing left to do")
        await self.stage.machine.stop()
        await self.stage.examine("at the end")
        watching.cancel()

    def _is_quiet(self) -> bool:
        return not self._missing() and not waiting(self.stage.store_url)

    def _missing(self) -> list[Mark]:
        shown = {one.mark for one in self._marks.seen()}
        return [mark for life in self.lives for mark in life.account.promised if mark not in shown]

    def verdict(self) -> Verdict:
        return judged([life.account for life in self.lives], self._marks.seen(), group=SEED_GROUP)

    def found(self) -> list[str]:
        """Everything that is broken."""
        verdict, stage, url = self.verdict(), self.stage, self.stage.store_url
        allowed = self.fates.in_flight + self.fates.unheard
        left = asked(url, "SELECT id, reason FROM inbox WHERE state IN ('new', 'quarantined')")
        return [
            *verdict.broken,
            *stage.broken,
            *self.fates.early,
            *([f"{verdict.extra} repeats of {allowed} calls"] if verdict.extra > allowed else []),
            *(f"update {row} was not handled" for row in left),
            *(f"marketing {row} began while a dialog was active" for row in asked(url, BEGUN_WHILE_HELD)),
            *(f"the sandbox: {problem}" for problem in stage.box.problems),
            *(f"the desk said: {words}" for words in self._complaints()),
        ]

    def _complaints(self) -> list[str]:
        said = self.stage.machine.complaints.said
        return [words for words in said if not any(event in words for event in EXPECTED_COMPLAINTS)]

    def acts(self) -> Counter[str]:
        return sum((life.acts for life in self.lives), Counter(self.marketer.acts))

    def history(self) -> str:
        told = hashlib.sha256()
        for row in self.stage.box.calls:
            told.update(json.dumps(row, sort_keys=True, default=str).encode())
        return told.hexdigest()[:16]


@contextmanager
def virtual_time(seed: int) -> Iterator[VirtualLoop]:
    """A loop in whose time the product's modules live."""
    loop = VirtualLoop()
    loop.set_task_factory(task_factory)
    try:
        with surroundings_of(seed, loop.time):
            yield loop
    finally:
        loop.close()
