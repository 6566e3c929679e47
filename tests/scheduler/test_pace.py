"""A flood of the whole bot lowers the pace afterwards; clean minutes raise it again."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.delivery.pace import current_pace
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.leadership import Leadership
from holdline.scheduler.sender import Sender
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.telegram.outcomes import RetryLater, Scope
from tests.scheduler.conftest import Bench, plain_render
from tests.scheduler.wire import FakeWire, error

FLOOD = RetryLater("Too Many Requests", Scope.CHAT, 2, 429)


@pytest.fixture
async def bench(bench: Bench) -> Bench:
    """Somebody leads, so that floods are remembered."""
    await bench.store.act(leases.seize, "sender", "me", seconds=15)
    return bench


@pytest.fixture
def wire() -> FakeWire:
    return FakeWire()


@pytest.fixture
async def sender(bench: Bench, wire: FakeWire) -> AsyncIterator[Sender]:
    """It leads, and its seconds are those of the clock that moves by hand."""
    lead = Leadership(bench.store, "sender")
    await lead.take()
    now = bench.clock.now
    yield Sender(bench.store, render=plain_render, gateway=wire, lead=lead, clock=lambda: now().timestamp())
    await lead.release()


async def fill(bench: Bench, chats: int, *, first: int = 600, name: str = "m") -> None:
    for number in range(first, first + chats):
        await bench.add(f"{name}{number}", chat_id=number, customer_id=None)


async def flooded(bench: Bench, *, chats: int, first: int = 600) -> None:
    """So many calls of one moment come back with 429."""
    await fill(bench, chats, first=first, name="flood")
    for begun in await bench.begin(limit=chats):
        await bench.settle(begun, FLOOD)


async def test_one_flood_lowers_the_pace_once_however_many_calls_it_hits(bench: Bench) -> None:
    await flooded(bench, chats=8)
    assert await bench.store.read(current_pace) == pytest.approx(21)


async def test_a_flood_of_one_chat_leaves_the_pace_alone(bench: Bench) -> None:
    await flooded(bench, chats=1)
    assert await bench.store.read(current_pace) == 30


async def test_the_next_flood_lowers_the_pace_reached_in_clean_minutes(bench: Bench) -> None:
    await flooded(bench, chats=2)
    bench.clock.advance(125)
    assert await bench.store.read(current_pace) == pytest.approx(23)
    await flooded(bench, chats=2, first=700)
    assert await bench.store.read(current_pace) == pytest.approx(16.1)


async def test_a_minute_with_a_flood_of_one_chat_is_not_clean(bench: Bench) -> None:
    await flooded(bench, chats=2)
    bench.clock.advance(50)
    await flooded(bench, chats=1, first=700)
    bench.clock.advance(50)
    assert await bench.store.read(current_pace) == pytest.approx(21)
    bench.clock.advance(10)
    assert await bench.store.read(current_pace) == pytest.approx(22)


async def test_another_process_and_a_restart_use_the_lowered_pace(bench: Bench, store_url: str) -> None:
    await flooded(bench, chats=2)
    again = Store(store_url, bot_id=bench.store.bot_id, rules=DeskRules(), clock=bench.clock)
    await again.start()
    await again.act(leases.seize, "sender", "the next one", seconds=15)
    assert await again.read(current_pace) == pytest.approx(21)
    await again.close()


async def test_the_sender_keeps_to_the_lowered_pace_and_comes_back_to_the_old_one(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    await fill(bench, 2)
    wire.script.extend([error(429, "Too Many Requests: retry after 2", retry_after=2)] * 2)
    await sender.tick()
    bench.clock.advance(5)
    assert await a_second(bench, sender) == 2, "what was refused goes out again"
    for minutes, at_most in ((0, 21), (1, 22), (60, 30)):
        bench.clock.advance(60 * minutes)
        await fill(bench, 40, first=1000 * (minutes + 1))
        assert await a_second(bench, sender) == at_most
        while await a_second(bench, sender):
            bench.clock.advance(1)


async def a_second(bench: Bench, sender: Sender) -> int:
    """As much as may leave in one moment, after a second of silence."""
    bench.clock.advance(1.1)
    sent = 0
    while more := await sender.tick():
        sent += more
    return sent
