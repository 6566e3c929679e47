"""The sender, tick by tick, and once as it runs."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from holdline.dialogs.gate import Gate, MessageClass
from holdline.scheduler.sender import Sender
from holdline.store.people import customers
from holdline.store.people.customers import set_gate
from holdline.telegram.call import Reply
from tests.scheduler.conftest import Bench, plain_render
from tests.scheduler.wire import LOST, REFUSED, FakeWire, error


@pytest.fixture
def wire() -> FakeWire:
    return FakeWire()


@pytest.fixture
def sender(bench: Bench, wire: FakeWire) -> Sender:
    """Its seconds are those of the clock that moves by hand."""
    return Sender(bench.store, render=plain_render, gateway=wire, clock=lambda: bench.clock.now().timestamp())


async def ticks(bench: Bench, sender: Sender, seconds: float, step: float = 0.5) -> int:
    """Tick while the clock moves."""
    sent = 0
    for _ in range(int(seconds / step)):
        sent += await sender.tick()
        bench.clock.advance(step)
    return sent


async def until(holds: Callable[[], Awaitable[bool]] | Callable[[], bool], seconds: float = 10) -> None:
    """Wait for a condition, with a deadline."""
    async with asyncio.timeout(seconds):
        while True:
            answer = holds()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.002)


async def test_a_sent_message_is_stored_with_its_telegram_id(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    item = await bench.add("hello")
    assert await sender.tick() == 1
    row = await bench.item(item)
    assert (row["status"], row["tg_message_id"]) == ("sent", 100)


@pytest.mark.row("F-09")
async def test_five_messages_at_once_arrive_in_order(bench: Bench, sender: Sender, wire: FakeWire) -> None:
    for number in range(5):
        await bench.add(f"m{number}")
    await ticks(bench, sender, 10)
    assert wire.texts == ["m0", "m1", "m2", "m3", "m4"] and wire.most_in_one_chat == 1


async def test_a_failure_before_the_request_repeats_without_limit(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    item = await bench.add("hello")
    wire.script.extend([REFUSED] * 30)
    await ticks(bench, sender, 3600, step=5)
    assert wire.texts == ["hello"] and len(wire.calls) == 31
    row = await bench.item(item)
    assert (row["status"], row["uncertain"]) == ("sent", 0)


async def test_during_an_outage_of_telegram_only_probes_are_sent(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    for number in range(50):
        await bench.add(f"m{number}", chat_id=600 + number, customer_id=None)
    wire.script.extend([REFUSED] * 50)
    wire.me = REFUSED
    await ticks(bench, sender, 600, step=1)
    assert len(wire.calls) <= 8 and 10 <= wire.asked <= 25
    wire.me = FakeWire().me
    wire.script.clear()
    await ticks(bench, sender, 60, step=1)
    assert len(wire.texts) == 50


async def test_a_lost_answer_is_repeated_twice_and_then_parked(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    item = await bench.add("hello")
    await bench.add("next")
    wire.script.extend([LOST] * 3)
    await ticks(bench, sender, 120)
    row = await bench.item(item)
    assert (row["status"], row["uncertain"]) == ("parked", 3)
    assert wire.texts == ["hello"] * 3 + ["next"]


async def test_no_send_is_repeated_before_telegram_answers_a_probe(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    await bench.add("hello")
    wire.script.append(LOST)
    wire.me = LOST
    await ticks(bench, sender, 300)
    assert wire.texts == ["hello"]
    wire.me = FakeWire().me
    await ticks(bench, sender, 100)
    assert wire.texts == ["hello", "hello"]


async def test_a_flood_is_waited_for_and_does_not_count_as_a_try(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    item = await bench.add("hello")
    wire.script.append(error(429, "Too Many Requests: retry after 30", retry_after=30))
    await ticks(bench, sender, 29)
    assert wire.texts == []
    await ticks(bench, sender, 3)
    assert wire.texts == ["hello"] and (await bench.item(item))["failures"] == 0


async def test_a_revoked_token_stops_everything_and_loses_nothing(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    item = await bench.add("hello")
    unauthorized = error(401, "Unauthorized")
    wire.script.append(unauthorized)
    wire.me = unauthorized
    await ticks(bench, sender, 600, step=1)
    assert len(wire.calls) == 1 and wire.asked <= 10
    wire.me = FakeWire().me
    await ticks(bench, sender, 70, step=1)
    assert (await bench.item(item))["status"] == "sent"


async def test_release_wakes_the_running_sender_at_once(bench: Bench, wire: FakeWire) -> None:
    sender = Sender(bench.store, render=plain_render, gateway=wire)
    stop = asyncio.Event()
    await bench.store.act(set_gate, bench.anna.id, Gate.HELD)
    await bench.add("funnel", MessageClass.FUNNEL)
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        await asyncio.sleep(0.05)
        assert wire.calls == []
        loop = asyncio.get_running_loop()
        released = loop.time()
        await bench.store.act(set_gate, bench.anna.id, Gate.OPEN)
        await until(lambda: len(wire.calls) == 1)
        assert loop.time() - released < 0.5
        stop.set()


@pytest.mark.row("O-03")
async def test_a_stop_waits_for_calls_in_flight(bench: Bench, wire: FakeWire) -> None:
    sender = Sender(bench.store, render=plain_render, gateway=wire)
    stop, wire.gate = asyncio.Event(), asyncio.Event()
    item = await bench.add("hello")
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        await until(lambda: len(wire.calls) == 1)
        stop.set()
        await asyncio.sleep(0.01)
        await bench.add("not any more", chat_id=77, customer_id=None)
        wire.gate.set()
    assert (await bench.item(item))["status"] == "sent" and len(wire.calls) == 1
    assert (await bench.chat())["in_flight_id"] is None


@pytest.mark.parametrize("page", [Reply(status) for status in (302, 400, 401, 403, 404, 407, 413, 451)])
async def test_a_proxy_page_neither_fails_the_message_nor_marks_the_customer_unreachable(
    bench: Bench, sender: Sender, wire: FakeWire, page: Reply
) -> None:
    reply, offer = await bench.add("reply"), await bench.add("offer", MessageClass.FUNNEL)
    wire.script.extend([page] * 5)
    await ticks(bench, sender, 200)
    assert wire.texts == ["reply", "offer"]
    assert [(await bench.item(item))["status"] for item in (reply, offer)] == ["sent", "sent"]
    anna = await bench.store.read(customers.by_id, bench.anna.id)
    assert anna is not None and anna.reach == "ok"


async def test_a_message_that_a_proxy_blocks_is_parked_and_others_continue(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    poison = await bench.add("<script>")
    other = await bench.add("hello", chat_id=601, customer_id=None)
    wire.script.extend([Reply(403), wire.ok, *[Reply(403)] * 9])
    await ticks(bench, sender, 600, step=1)
    row = await bench.item(poison)
    assert (row["status"], row["attempts"]) == ("parked", 10)
    assert (await bench.item(other))["status"] == "sent"


@pytest.mark.parametrize("status", [200, 204, 500, 502])
async def test_a_page_that_claims_success_is_repeated_after_telegram_answered(
    bench: Bench, sender: Sender, wire: FakeWire, status: int
) -> None:
    item = await bench.add("hello")
    wire.script.append(Reply(status))
    wire.me = Reply(200)
    await ticks(bench, sender, 100)
    assert len(wire.calls) == 1 and (await bench.item(item))["status"] == "queued"
    wire.me = FakeWire().me
    await ticks(bench, sender, 60)
    row = await bench.item(item)
    assert (row["status"], row["uncertain"]) == ("sent", 1)


async def test_an_uncertain_answer_cancels_no_held_message(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    await bench.store.act(set_gate, bench.anna.id, Gate.HELD)
    offer, reply = await bench.add("offer", MessageClass.FUNNEL), await bench.add("reply")
    wire.script.append(error(400, "Bad Request: chat not found"))
    await ticks(bench, sender, 30)
    assert (await bench.item(reply))["status"] == "sent" and (await bench.item(offer))["status"] == "queued"
    anna = await bench.store.read(customers.by_id, bench.anna.id)
    assert anna is not None and anna.reach == "ok"
