"""Two senders on one database: the leader is killed, or frozen past its lease and woken. There are never two of them.

`HOLDLINE_PAIRS` times `HOLDLINE_LEADER_KILLS` leaders are killed on each engine.
"""

import asyncio
import json
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web

from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.store.invariants import find_violations
from holdline.telegram.outcomes import UNCERTAIN_LIMIT
from tests.conftest import BOT
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.forks import Forked
from tests.faults.ledger import engine_of, orphans
from tests.faults.outgoing import reply_to
from tests.faults.victims import FREE, send_until_killed
from tests.local_server import serve_locally

PAIRS, KILLS = get_size("HOLDLINE_PAIRS", 1), get_size("HOLDLINE_LEADER_KILLS", 2)
LEASE = get_size("HOLDLINE_LEASE_SECONDS", 2)
TAKEOVER_SECONDS = 15.0
CHATS, MESSAGES = 12, 36
UNSETTLED = "SELECT COUNT(*) AS n FROM outbox WHERE status NOT IN ('sent', 'parked')"
"""A message in flight at three kills was perhaps sent three times; then a person decides."""


class Telegram:
    """Knows who calls by the token in the address, and keeps the order: (name, text)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.came = asyncio.Event()
        self.answers = asyncio.Event()
        self.answers.set()
        self.ids = count(1)
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        params = json.loads(await request.read())
        if "chat_id" in params:
            self.calls.append((request.path.split("/")[1].partition(":")[2], params["text"]))
            self.came.set()
            await asyncio.sleep(0.005)
            await self.answers.wait()
        return web.json_response({"ok": True, "result": {"message_id": next(self.ids)}})

    @property
    def leader(self) -> str:
        """Who called last."""
        return self.calls[-1][0]

    async def until_called(self, *, by_other_than: str) -> None:
        async with asyncio.timeout(60):
            while not self.calls or self.leader == by_other_than:
                self.came.clear()
                await self.came.wait()


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    async with serve_locally(telegram.handle) as telegram.url:
        yield telegram


class Senders:
    """Processes by name, in the order of their start, over one store with messages to send."""

    def __init__(self, store: Store, store_url: str, telegram: Telegram, folder: Path) -> None:
        self.store, self.store_url, self.telegram, self.folder = store, store_url, telegram, folder
        self.started: list[Forked] = []
        self.alive: dict[str, Forked] = {}
        self.in_flight = 0
        self.takeovers: list[float] = []
        self._names, self._numbers = count(1), count()

    def start(self, *, lease_seconds: float = leases.LEASE_SECONDS) -> None:
        name = f"sender{next(self._names)}"
        log = self.folder / f"{name}.log"
        self.alive[name] = Forked(
            send_until_killed, self.store_url, self.telegram.url, f"1:{name}", lease_seconds, log=log
        )
        self.started.append(self.alive[name])

    async def add_messages(self, first_chat: int = 1) -> None:
        """To each chat in turn; their order in a chat is that of their keys."""
        words = [
            reply_to(first_chat + number % CHATS, f"{number:06}")
            for number in (next(self._numbers) for _ in range(MESSAGES))
        ]
        await self.store.act(outbox.add, words)

    async def kill_leader(self, after_seconds: float) -> None:
        """And waits for the first call of the next one; another stands by then."""
        name = self.telegram.leader
        await asyncio.sleep(after_seconds)
        self.alive[name].kill()
        assert await self.alive.pop(name).ended(10) == -signal.SIGKILL
        self.in_flight += orphans(self.store_url)
        await self.add_messages()
        began = time.monotonic()
        self.start()
        await self.telegram.until_called(by_other_than=name)
        self.takeovers.append(time.monotonic() - began)

    async def finish(self) -> None:
        """Until everything is sent, or parked for a person."""
        async with asyncio.timeout(60):
            while True:
                row = await self.store.read(lambda tx: tx.one(UNSETTLED))
                if row and not row["n"]:
                    break
                await asyncio.sleep(0.02)
        for sender in self.alive.values():
            sender.kill()
            await sender.ended(10)

    async def judged(self, tried: int, what: str) -> Figures:
        """`broken`: calls of two leaders at a time, order, invariants."""
        rows = await self.store.read(lambda tx: tx.all("SELECT key, status, uncertain, chat_id FROM outbox"))
        violations = await self.store.read(find_violations)
        copies = Counter(text for _, text in self.telegram.calls)
        turns = list(dict.fromkeys(name for name, _ in self.telegram.calls))
        shifts = sum(
            before != after
            for (before, _), (after, _) in zip(self.telegram.calls, self.telegram.calls[1:], strict=False)
        )
        disorder, chat_of = 0, {row["key"]: row["chat_id"] for row in rows}
        for chat in set(chat_of.values()):
            firsts = list(dict.fromkeys(text for _, text in self.telegram.calls if chat_of[text] == chat))
            disorder += firsts != sorted(firsts)
        repeats = copies.total() - len(copies)
        parked = [row for row in rows if row["status"] == "parked"]
        return Figures(
            tried=tried,
            lost=sum(not copies[row["key"]] for row in rows)
            + sum(row["uncertain"] < UNCERTAIN_LIMIT for row in parked),
            doubled=max(0, repeats - self.in_flight),
            broken=shifts - (len(turns) - 1) + disorder + len(violations),
            seed=get_seed(17),
            note=f"leaders {what} on {engine_of(self.store_url)}: the next one at work within"
            f" {max(self.takeovers):.1f} s, {repeats} repeats of {self.in_flight} calls in flight,"
            f" {len(parked)} parked after the third",
        )


@pytest.fixture
async def senders(store_url: str, telegram: Telegram, tmp_path: Path) -> AsyncIterator[Senders]:
    store = Store(store_url, bot_id=BOT, rules=FREE)
    await store.start()
    made = Senders(store, store_url, telegram, tmp_path)
    yield made
    for sender in made.started:
        sender.kill()
    await store.close()


@pytest.mark.parametrize("pair", range(PAIRS))
async def test_a_killed_leader_is_replaced_by_the_standby(senders: Senders, pair: int) -> None:
    dice = random.Random(f"{get_seed(17)}:{pair}")
    await senders.add_messages()
    senders.start()
    await senders.telegram.until_called(by_other_than="")
    senders.start()
    for _ in range(KILLS):
        await senders.kill_leader(dice.uniform(0, 0.2))
    await senders.finish()
    lease = await senders.store.read(leases.current, "sender")
    figures = await senders.judged(KILLS, "killed")
    report(figures)
    assert lease is not None and lease["epoch"] == KILLS + 1
    assert (figures.lost, figures.doubled, figures.broken) == (0, 0, 0)
    assert max(senders.takeovers) < TAKEOVER_SECONDS


async def test_a_leader_that_wakes_after_its_lease_neither_calls_nor_writes(senders: Senders) -> None:
    """It is frozen with calls on the wire. Of these it only says how they ended, if nobody has made them again."""
    telegram = senders.telegram
    await senders.add_messages()
    senders.start(lease_seconds=LEASE)
    await telegram.until_called(by_other_than="")
    telegram.answers.clear()
    first = telegram.leader
    senders.start(lease_seconds=LEASE)
    frozen = senders.alive.pop(first)
    frozen.signal(signal.SIGSTOP)
    began = time.monotonic()
    senders.in_flight += orphans(senders.store_url)
    telegram.answers.set()
    await senders.add_messages(first_chat=1 + CHATS)
    await telegram.until_called(by_other_than=first)
    senders.takeovers.append(time.monotonic() - began)
    frozen.signal(signal.SIGCONT)
    code = await frozen.ended(LEASE + 10)
    await senders.add_messages()
    await senders.finish()
    figures = await senders.judged(1, "frozen")
    report(figures)
    assert code == 2 and "has taken over as sender" in frozen.said()
    assert (figures.lost, figures.doubled, figures.broken) == (0, 0, 0)
    assert senders.takeovers[0] < LEASE + TAKEOVER_SECONDS
