"""A broadcast to very many recipients: how fast it is gathered and sent, and how long others wait for it."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from holdline.desk.broadcasts.audience_size import count_audience
from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast
from holdline.desk.broadcasts.gathering import gather_chunk
from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.people.managers import get_acting_manager
from holdline.desk.settings.lists import ensure_lists
from holdline.dialogs.broadcasts.audience_filter import EVERYBODY
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.text.richtext import RichText
from holdline.lab.bench.scenario import Scenario, percentile
from holdline.lab.process_memory import read_megabytes
from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.scheduler.sender import Sender
from holdline.screens.render import render
from holdline.store.crowd import FIRST_TELEGRAM_ID, copy_recipients, gather_statistics, settle_audience
from holdline.store.delivery.outbox import list_queued
from holdline.store.engine import Store
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.telegram.call import Call, CallResult, Reply
from holdline.telegram.pacing import MARGIN

BOT, MANAGER = 720_000_000, 500_000_001
PIECE, REPLIES, QUIET_REPLIES, PAUSE_SECONDS, ANSWER_SECONDS = 5_000, 30, 20, 0.8, 0.05
GREETING = "Hello"
AIMS = {
    "gather": "1,000,000 in under 30 s; the floor is one statement for all of them",
    "longest": "no unit longer than 50 ms, so that nobody waits for it",
    "memory": "flat: it does not grow with the audience",
    "drain": "at least 95 % of what Telegram allows and people's calls leave over",
    "crossed": "none begins after a dialog has opened; one that was on the wire may arrive",
    "reply": "at most one call (50 ms) later than the floor, a reply before the broadcast; while all of them wait",
}


@dataclass(frozen=True, slots=True)
class _MadeCall:
    at: float
    chat_id: int
    text: str


class _Telegram:
    """A fake gateway that takes as long as Telegram, accepts every call and records its time.

    `held_since`: chats whose dialog has opened, and when; `crossed`: marketing calls that started there afterwards.
    """

    def __init__(self) -> None:
        self.calls: list[_MadeCall] = []
        self.held_since: dict[int, float] = {}
        self.crossed = 0
        self._called = asyncio.Event()

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult:
        made = _MadeCall(time.perf_counter(), call.params.get("chat_id", 0), call.params.get("text", ""))
        self.calls.append(made)
        self._called.set()
        self.crossed += made.text.startswith(GREETING) and made.chat_id in self.held_since
        await asyncio.sleep(ANSWER_SECONDS)
        return Reply(200, {"ok": True, "result": {"message_id": len(self.calls)}})

    async def until(self, test: Callable[[], bool]) -> None:
        """Waits until `test` is true; it is evaluated after each call."""
        while not test():
            await self.next_call()

    async def next_call(self) -> None:
        self._called.clear()
        await self._called.wait()

    def when_said(self, text: str) -> float | None:
        return next((call.at for call in reversed(self.calls) if call.text == text), None)


async def measure(folder: Path, *, store: str | None, recipients: int) -> list[Scenario]:
    """`store` names an empty database; `recipients` is the size of the audience."""
    rules = DeskRules(admins=(MANAGER,))
    desk = Store(store or "sqlite:///broadcast.db", bot_id=BOT, base=folder, rules=rules)
    await desk.start()
    try:
        await desk.act(_prepare)
        for first in range(0, recipients, PIECE):
            await desk.act(settle_audience, first=first, last=min(first + PIECE, recipients) - 1)
        if desk.engine.name == "postgres":
            await desk.act(gather_statistics)
        return [*await _gather(desk, recipients), *await _drain(desk)]
    finally:
        await desk.close()


def _prepare(tx: Tx) -> None:
    ensure_lists(tx)
    get_acting_manager(tx, MANAGER)


async def _gather(desk: Store, recipients: int) -> list[Scenario]:
    """Creates the broadcast and gathers its audience. The next scenario sends it."""
    content = BroadcastContent((BroadcastVariant(RichText(GREETING + ", {customer.name|friend}!")),))
    expected = await desk.read(count_audience, audience=EVERYBODY)
    made = await desk.act(
        create_broadcast, order=BroadcastOrder(content), author=BroadcastAuthor(), expected=expected
    )
    took: list[float] = []
    memory, started = read_megabytes(os.getpid()), time.perf_counter()
    while await _measure_unit(took, lambda: desk.act(gather_chunk, broadcast_id=made.broadcast.id)):
        pass
    seconds, grown = time.perf_counter() - started, read_megabytes(os.getpid()) - memory
    floor = await _floor(desk)
    name = f"gather_{recipients}_recipients"
    return [
        Scenario(name, seconds, "s", floor, AIMS["gather"]),
        Scenario(
            f"{name}_longest_unit", max(took) * 1000, "ms", percentile(took, 0.5) * 1000, AIMS["longest"]
        ),
        Scenario(f"{name}_memory", grown, "MB", memory, AIMS["memory"]),
    ]


async def _floor(desk: Store) -> float:
    """Seconds of one statement that copies all recipients, in one transaction."""
    started = time.perf_counter()
    await desk.act(copy_recipients)
    return time.perf_counter() - started


async def _drain(desk: Store) -> list[Scenario]:
    """Sends for a while with Telegram's limits on, while dialogs open and a manager answers."""
    telegram, stop = _Telegram(), asyncio.Event()
    sender = Sender(desk, render=render, gateway=telegram)
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        quiet = [await _answer(desk, telegram, number) for number in range(QUIET_REPLIES)]
        await _until_told(desk, telegram)
        telegram.calls.clear()
        group.create_task(BroadcastLoop(desk).run(stop))
        await telegram.until(lambda: bool(telegram.calls))
        waits = [await _answer(desk, telegram, QUIET_REPLIES + number) for number in range(REPLIES)]
        stop.set()
        desk.bells.ring("outbox")
    began, ended = telegram.calls[0].at, telegram.calls[-1].at
    left = sum(1 for call in telegram.calls if call.text.startswith(GREETING))
    people = len(telegram.calls) - left
    seconds = ended - began
    allowed = desk.rules.per_second / MARGIN - people / seconds
    reply, floor = percentile(waits, 0.95) * 1000, percentile(quiet, 0.95) * 1000
    return [
        Scenario("broadcast_drain", left / seconds, "messages/s", allowed, AIMS["drain"]),
        Scenario("begun_after_a_dialog_opened", telegram.crossed, "messages", 1, AIMS["crossed"]),
        Scenario("reply_during_a_broadcast_p95", reply, "ms", floor, AIMS["reply"]),
    ]


async def _answer(desk: Store, telegram: _Telegram, number: int) -> float:
    """Seconds from a manager's reply to its call, in a dialog that was opened just before."""
    telegram_id = FIRST_TELEGRAM_ID + 200 + number * 40
    dialog_id = await desk.act(_open, telegram_id=telegram_id, title=f"Case {number}")
    telegram.held_since[telegram_id] = time.perf_counter()
    await asyncio.sleep(PAUSE_SECONDS)
    words, started = f"Answer {number}", time.perf_counter()
    await desk.act(_reply, dialog_id=dialog_id, text=words)
    await telegram.until(lambda: telegram.when_said(words) is not None)
    return (telegram.when_said(words) or started) - started


async def _until_told(desk: Store, telegram: _Telegram) -> None:
    """Waits until nothing is queued for the manager's own chat. That chat takes one message a second, so the cards of
    the replies before the broadcast would otherwise use calls that a broadcast leaves to people.
    """
    while await desk.read(list_queued, MANAGER):
        await telegram.next_call()


def _open(tx: Tx, *, telegram_id: int, title: str) -> int:
    customer = customers.by_telegram_id(tx, telegram_id)
    assert customer is not None
    manager = get_acting_manager(tx, MANAGER)
    return open_dialog(tx, manager=manager, opening=Opening(customer.id, title)).id


def _reply(tx: Tx, *, dialog_id: int, text: str) -> None:
    manager = get_acting_manager(tx, MANAGER)
    write_in_dialog(tx, manager=manager, dialog_id=dialog_id, content=Content(text=text))


async def _measure_unit(took: list[float], unit: Callable[[], Awaitable[bool]]) -> bool:
    started = time.perf_counter()
    answer = await unit()
    took.append(time.perf_counter() - started)
    return answer
