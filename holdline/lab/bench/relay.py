"""Customer to manager and back, where managers work: as cards in one group, in desks of their own, in 30 topics.

The floor is a bare aiogram bot that passes the same messages on between the same places from memory.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from holdline.lab.bench.post_watch import PostWatch
from holdline.lab.bench.processes import (
    Pids,
    name_with_processes,
    run_desk,
    run_floor,
    until_awake,
)
from holdline.lab.bench.scenario import Scenario, percentile
from holdline.lab.process_memory import read_megabytes
from holdline.lab.replay.stage_setup import PRIVATE_MANAGERS, TOKEN, DeskSetup, free_port
from holdline.sandbox import SEED_GROUP, SEED_MANAGERS, Sandbox, SandboxOptions

CUSTOMERS, ROUNDS, FIRST_CUSTOMER = 30, 12, 740_000_000
AIM = "at least 0.5 of the floor: an aiogram bot that passes the same messages on from memory"
PATIENCE_SECONDS = 400.0
SLOWER = "as near to the floor as can be; the floor stores nothing"


class Workplace(StrEnum):
    """Where managers answer: cards in the Inbox topic, topics of their own chats, or topics of the group."""

    GROUP = "group"
    DESKS = "desks"
    TOPICS = "topics"


@dataclass(slots=True)
class _Pair:
    """A customer and the manager who answers in `place`; `thread` is the dialog's topic, if there is one."""

    customer: int
    manager: int
    place: int
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class _Measured:
    messages_per_second: float
    took: list[float]
    megabytes: float


@dataclass(frozen=True, slots=True)
class _Trip:
    """One run of the pairs at one workplace."""

    box: Sandbox
    posts: PostWatch
    workplace: Workplace
    pairs: list[_Pair]
    rounds: int

    async def prepare(self) -> None:
        """Creates the topics, and one message through each pair: nothing that happens once is measured."""
        await asyncio.gather(*(self._open(pair) for pair in self.pairs))

    async def run(self, pids: Pids) -> _Measured:
        took: list[float] = []
        started = time.perf_counter()
        await asyncio.gather(*(self._talk(pair, took) for pair in self.pairs))
        seconds = time.perf_counter() - started
        return _Measured(len(took) / seconds, took, read_megabytes(*pids))

    async def _open(self, pair: _Pair) -> None:
        if self.workplace is Workplace.GROUP:
            await self._exchange(pair, "first", [])
            return
        card = self.posts.expect(pair.place, f"{pair.customer}-first")
        topic = self.posts.expect(pair.place, str(pair.customer))
        self.box.says(pair.customer, f"Hello {pair.customer}-first")
        shown = (await card).message
        if not topic.done():  # a desk shows a card, and opens a topic on command; the floor opens it at once
            command, thread = f"/open Case {pair.customer}", shown.get("message_thread_id")
            self.box.says(pair.manager, command, pair.place, thread, reply_to=shown["message_id"])
        pair.thread = (await topic).message["message_thread_id"]
        await self._exchange(pair, "second", [])

    async def _talk(self, pair: _Pair, took: list[float]) -> None:
        for number in range(self.rounds):
            await self._exchange(pair, str(number), took)

    async def _exchange(self, pair: _Pair, name: str, took: list[float]) -> None:
        """A message from the customer, and the answer. Adds the milliseconds of each."""
        word = f"{pair.customer}-{name}"
        shown, started = self.posts.expect(pair.place, word), time.perf_counter()
        self.box.says(pair.customer, f"A question about a parcel {word}")
        asked = await shown
        took.append((asked.at - started) * 1000)
        thread, replied = pair.thread, None
        if self.workplace is Workplace.GROUP:
            thread, replied = asked.message.get("message_thread_id"), asked.message["message_id"]
        came, started = self.posts.expect(pair.customer, word), time.perf_counter()
        self.box.says(pair.manager, f"The answer to it {word}", pair.place, thread, reply_to=replied)
        took.append(((await came).at - started) * 1000)


async def measure(
    folder: Path,
    *,
    store: str | None,
    processes: int = 1,
    workplace: Workplace = Workplace.GROUP,
    rounds: int = ROUNDS,
    customers: int = CUSTOMERS,
) -> list[Scenario]:
    """Messages a second, the milliseconds of one, and the memory under this load. `store` names an empty database."""
    managers = tuple(PRIVATE_MANAGERS if workplace is Workplace.DESKS else sorted(SEED_MANAGERS))
    group = 0 if workplace is Workplace.DESKS else SEED_GROUP

    def start_floor(url: str) -> AbstractAsyncContextManager[Pids]:
        topics = workplace is not Workplace.GROUP
        return run_floor(f"relay({url!r}, {TOKEN!r}, {group}, managers={managers}, topics={topics})")

    def start_desk(url: str) -> AbstractAsyncContextManager[Pids]:
        setup = DeskSetup(url, free_port(), store, group=group, admins=managers)
        return run_desk(folder, setup, processes=processes)

    amounts = {"rounds": rounds, "customers": customers}
    floor = await _run(start_floor, workplace, managers, **amounts)
    desk = await _run(start_desk, workplace, managers, **amounts)
    return _scenarios(name_with_processes(f"relay_{workplace}", processes), desk, floor)


async def _run(
    start: Callable[[str], AbstractAsyncContextManager[Pids]],
    workplace: Workplace,
    managers: tuple[int, ...],
    *,
    rounds: int,
    customers: int,
) -> _Measured:
    box = Sandbox(SandboxOptions(token=TOKEN, limits=False, check=False, calls_kept=2_000))
    pairs = [
        _Pair(person, manager, manager if workplace is Workplace.DESKS else SEED_GROUP)
        for person in range(FIRST_CUSTOMER, FIRST_CUSTOMER + customers)
        for manager in [managers[person % len(managers)]]
    ]
    if workplace is Workplace.DESKS:
        for manager in managers:
            box.says(manager, "/start")
    stop, posts = asyncio.Event(), PostWatch(box)
    async with (
        box.serve() as url,
        start(url) as pids,
        asyncio.timeout(PATIENCE_SECONDS),
        asyncio.TaskGroup() as group,
    ):
        group.create_task(posts.watch(stop))
        await until_awake(box, FIRST_CUSTOMER - 1)
        trip = _Trip(box, posts, workplace, pairs, rounds)
        await trip.prepare()
        measured = await trip.run(pids)
        stop.set()
    return measured


def _scenarios(name: str, desk: _Measured, floor: _Measured) -> list[Scenario]:
    p50, p99 = (
        Scenario(
            f"{name}_p{share}",
            percentile(desk.took, share / 100),
            "ms",
            percentile(floor.took, share / 100),
            SLOWER,
        )
        for share in (50, 99)
    )
    return [
        Scenario(name, desk.messages_per_second, "messages/s", floor.messages_per_second, AIM),
        p50,
        p99,
        Scenario(f"{name}_memory", desk.megabytes, "MB", floor.megabytes, "at most 200 MB in one process"),
    ]
