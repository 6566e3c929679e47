"""Two processes on one PostgreSQL: /stop races with moving, feeding, releasing and sending.

Each store has its own connections, as each process has. One unit of work holds its locks while the other one runs.
"""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast
from holdline.desk.broadcasts.ending import end_chunk
from holdline.desk.broadcasts.feeding import feed_chunk
from holdline.desk.broadcasts.gathering import gather_chunk
from holdline.desk.broadcasts.moves import cancel_broadcast
from holdline.desk.customers.customers import greet_customer, resume_marketing, stop_marketing
from holdline.desk.delivery.settle import settle_all
from holdline.desk.delivery.start import SendOptions, start_calls
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.desk.funnels.definitions import add_funnel
from holdline.desk.funnels.enrolments import enrol
from holdline.desk.funnels.moving import move_due
from holdline.desk.settings import lists
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.text.richtext import RichText
from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.scheduler.funnels import move_enrolments
from holdline.screens.render import render
from holdline.store.broadcasts import recipients
from holdline.store.engine import Store
from holdline.store.funnels import enrolments
from holdline.store.invariants import find_violations
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Sent
from tests.conftest import BOT
from tests.faults.victims import FREE

FIRST = 510000001
CONTENT = BroadcastContent((BroadcastVariant(RichText("sale")),))
ENOUGH, PATIENCE_SECONDS = 20, 60.0
"""The story ends after ENOUGH calls and ENOUGH wishes."""


@dataclass
class Desk:
    """`ours` and `theirs` are the two processes; customers by their Telegram ids."""

    ours: Store
    theirs: Store
    maria: Manager
    funnel_id: int
    numbers: Any = field(default_factory=lambda: count(1))

    async def arrives(self, telegram_id: int) -> int:
        sender = MessageSender(telegram_id, "Guest")
        made = await self.ours.act(greet_customer, sender=sender, payload="", content=self.words())
        return made.id

    def words(self) -> Content:
        return Content(tg_message_id=next(self.numbers))

    async def stops(self, telegram_id: int) -> None:
        await self.ours.act(stop_marketing, sender=MessageSender(telegram_id, "Guest"), content=self.words())

    async def broadcast(self) -> int:
        made = await self.ours.act(
            create_broadcast, order=BroadcastOrder(CONTENT), author=BroadcastAuthor(), expected=1
        )
        await self.ours.act(gather_chunk, broadcast_id=made.broadcast.id)
        return made.broadcast.id

    async def marketing(self) -> list[tuple[str, str]]:
        """The class and status of every marketing message."""
        rows = await self.ours.read(
            lambda tx: tx.all("SELECT class, status FROM outbox WHERE stream = 'marketing' ORDER BY id")
        )
        return [(row["class"], row["status"]) for row in rows]


def _furnished(tx: Tx) -> tuple[Manager, int]:
    lists.ensure_lists(tx)
    maria = managers.insert(tx, telegram_id=400000077, name="Maria", role="admin")
    steps = [{"send": {"text": "one"}}, {"wait": "1s"}, {"send": {"text": "two"}}]
    return maria, add_funnel(tx, written={"name": "Series", "steps": steps}).id


@pytest.fixture
async def desk(postgres_copy: str) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        stores = []
        for _ in range(2):
            store = Store(postgres_copy, bot_id=BOT, rules=FREE)
            await store.start()
            stack.push_async_callback(store.close)
            stores.append(store)
        maria, funnel_id = await stores[0].act(_furnished)
        yield Desk(*stores, maria, funnel_id)


async def one_after_the_other(
    first: tuple[Store, Callable[[Tx], Any]], second: tuple[Store, Callable[[Tx], Any]]
) -> Any:
    """Starts the second unit when the first has done its work but not committed. Returns the result of the second."""
    done = threading.Event()

    def slowly(tx: Tx) -> None:
        first[1](tx)
        done.set()
        tx.run("SELECT pg_sleep(0.2)")

    def meanwhile(tx: Tx) -> Any:
        done.wait(5)
        return second[1](tx)

    _, said = await asyncio.gather(first[0].act(slowly), second[0].act(meanwhile))
    return said


@pytest.mark.row("M-09")
async def test_a_due_funnel_sends_nothing_to_a_customer_who_unsubscribes(desk: Desk) -> None:
    customer_id = await desk.arrives(FIRST)
    enrolment = await desk.ours.act(enrol, funnel_id=desk.funnel_id, telegram_id=FIRST)
    await desk.ours.act(lambda tx: tx.run("UPDATE enrolments SET phase = 'begin', next_at = :at", at=tx.at))
    stop = {"sender": MessageSender(FIRST, "Guest"), "content": desk.words()}
    names = {"enrolment_id": enrolment.id, "customer_id": customer_id}
    moved = await one_after_the_other(
        (desk.ours, lambda tx: stop_marketing(tx, **stop)), (desk.theirs, lambda tx: move_due(tx, **names))
    )
    assert moved is False
    assert (await desk.ours.read(enrolments.load, enrolment.id)).reason == "opted_out"
    assert await desk.ours.read(find_violations) == []


@pytest.mark.row("M-09")
async def test_a_recipient_who_unsubscribes_while_being_fed_gets_nothing(desk: Desk) -> None:
    await desk.arrives(FIRST)
    broadcast_id = await desk.broadcast()
    names = {"broadcast_id": broadcast_id, "ahead": 40}
    stop = {"sender": MessageSender(FIRST, "Guest"), "content": desk.words()}
    fed = await one_after_the_other(
        (desk.ours, lambda tx: stop_marketing(tx, **stop)), (desk.theirs, lambda tx: feed_chunk(tx, **names))
    )
    assert (fed, await desk.marketing()) == (0, [])
    assert await desk.theirs.act(feed_chunk, **names) == 1
    assert await desk.marketing() == []
    rows = await desk.ours.read(lambda tx: tx.all("SELECT status, reason FROM broadcast_recipients"))
    assert [(row["status"], row["reason"]) for row in rows] == [("cancelled", "opted_out")]


@pytest.mark.row("M-09")
async def test_a_customer_who_unsubscribes_during_a_release_gets_nothing(desk: Desk) -> None:
    customer_id = await desk.arrives(FIRST)
    dialog = await desk.ours.act(open_dialog, manager=desk.maria, opening=Opening(customer_id, "Case"))
    await desk.ours.act(enrol, funnel_id=desk.funnel_id, telegram_id=FIRST)
    stop = {"sender": MessageSender(FIRST, "Guest"), "content": desk.words()}
    pause = {"manager": desk.maria, "dialog_id": dialog.id}
    await one_after_the_other(
        (desk.theirs, lambda tx: pause_dialog(tx, **pause)),
        (desk.ours, lambda tx: stop_marketing(tx, **stop)),
    )
    assert await desk.marketing() == [("funnel", "cancelled")]
    assert await desk.ours.read(find_violations) == []


@pytest.mark.row("M-07")
async def test_a_recipient_held_by_a_dialog_while_being_fed_is_fed_once(desk: Desk) -> None:
    customer_id = await desk.arrives(FIRST)
    names = {"broadcast_id": await desk.broadcast(), "ahead": 40}
    opening = {"manager": desk.maria, "opening": Opening(customer_id, "Case")}
    await one_after_the_other(
        (desk.theirs, lambda tx: feed_chunk(tx, **names)), (desk.ours, lambda tx: open_dialog(tx, **opening))
    )
    assert await desk.marketing() == [("broadcast", "queued")]
    assert await desk.ours.read(find_violations) == []


@pytest.mark.row("M-07")
async def test_a_cancelled_broadcast_does_not_end_while_a_recipient_is_locked(desk: Desk) -> None:
    customer_id = await desk.arrives(FIRST)
    broadcast_id = await desk.broadcast()
    await desk.ours.act(cancel_broadcast, broadcast_id=broadcast_id)
    await one_after_the_other(
        (desk.ours, lambda tx: recipients.take(tx, broadcast_id, customer_id)),
        (desk.theirs, lambda tx: end_chunk(tx, broadcast_id=broadcast_id)),
    )
    for _ in range(2):
        await BroadcastLoop(desk.theirs).tick()
    (row,) = await desk.ours.read(lambda tx: tx.all("SELECT status FROM broadcast_recipients"))
    (ended,) = await desk.ours.read(lambda tx: tx.all("SELECT ended_at FROM broadcasts"))
    assert row["status"] == "cancelled" and ended["ended_at"] is not None


@pytest.mark.row("M-02")
async def test_two_simultaneous_enrolments_of_a_customer_make_one(desk: Desk) -> None:
    await desk.arrives(FIRST)
    names = {"funnel_id": desk.funnel_id, "telegram_id": FIRST}
    await one_after_the_other(
        (desk.ours, lambda tx: enrol(tx, **names)), (desk.theirs, lambda tx: enrol(tx, **names))
    )
    assert await desk.marketing() == [("funnel", "queued")]


class Story:
    """Customers act in one process while the other one sends. A call that begins must respect `stopped` and `held`."""

    def __init__(self, desk: Desk, people: dict[int, int]) -> None:
        self.desk, self.people, self.dice = desk, people, random.Random(8)
        self.stopped: set[int] = set()
        self.held: set[int] = set()
        self.dialogs: dict[int, int] = {}
        self.broken: list[str] = []
        self.begun = self.wishes = 0
        self.over = False

    async def until_over(self, act: Callable[[], Awaitable[None]]) -> None:
        while not self.over:
            await act()

    async def sends(self) -> None:
        stopped, held = set(self.stopped), set(self.held)
        options = SendOptions(epoch=1, holder="theirs", render=render)
        begun = await self.desk.theirs.act(start_calls, limit=16, options=options)
        marketing = [call.chat_id for call in begun if call.is_marketing]
        self.begun += len(marketing)
        self.broken += [f"{chat} had stopped" for chat in marketing if chat in stopped & self.stopped]
        self.broken += [f"{chat} was held" for chat in marketing if chat in held & self.held]
        settled = [(call, Sent({"message_id": next(self.desk.numbers)})) for call in begun]
        await self.desk.theirs.act(settle_all, settled)

    async def feeds(self) -> None:
        broadcast_id = await self.desk.broadcast()
        while await self.desk.theirs.act(feed_chunk, broadcast_id=broadcast_id, ahead=1000):
            pass
        await move_enrolments(self.desk.theirs)

    async def wishes_something(self) -> None:
        who = self.dice.choice(list(self.people))
        self.wishes += 1
        match self.dice.choice(["stop", "start", "talk", "talk", "enrol"]):
            case "stop":
                await self.desk.stops(who)
                self.stopped.add(who)
            case "start":
                self.stopped.discard(who)
                await self.desk.ours.act(resume_marketing, telegram_id=who)
            case "talk":
                await self._talks(who)
            case _:
                if who not in self.stopped:
                    names = {"funnel_id": self.desk.funnel_id, "telegram_id": who, "again": True}
                    await self.desk.ours.act(enrol, **names)

    async def _talks(self, who: int) -> None:
        store, maria = self.desk.ours, self.desk.maria
        if who in self.held:
            self.held.discard(who)
            await store.act(pause_dialog, manager=maria, dialog_id=self.dialogs[who])
            return
        if who in self.dialogs:
            await store.act(resume_dialog, manager=maria, dialog_id=self.dialogs[who])
        else:
            opening = Opening(self.people[who], "Case")
            self.dialogs[who] = (await store.act(open_dialog, manager=maria, opening=opening)).id
        self.held.add(who)


@pytest.mark.row("M-09")
async def test_no_marketing_starts_after_a_customer_unsubscribes(desk: Desk) -> None:
    story = Story(desk, {FIRST + n: await desk.arrives(FIRST + n) for n in range(12)})
    async with asyncio.TaskGroup() as group:
        for act in (story.sends, story.feeds, story.wishes_something):
            group.create_task(story.until_over(act))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while story.begun < ENOUGH or story.wishes < ENOUGH:  # noqa: ASYNC110 - no bell tells
                await asyncio.sleep(0.02)
        story.over = True
    print(f"{story.begun} calls of marketing begun, {story.wishes} wishes")
    assert story.broken == []
    assert await desk.ours.read(find_violations) == []
