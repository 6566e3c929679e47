"""The sender's knowledge about Telegram is available in every process."""

import asyncio

from holdline.desk.health import readiness
from holdline.scheduler.leadership import Leadership
from holdline.scheduler.sender import Sender
from holdline.store.engine import Store
from holdline.telegram.call import Reply
from tests.scheduler.conftest import Bench, plain_render
from tests.scheduler.wire import REFUSED, FakeWire, error


def sender_of(bench: Bench, wire: FakeWire) -> Sender:
    return Sender(bench.store, render=plain_render, gateway=wire, clock=lambda: bench.clock.now().timestamp())


async def test_an_outage_is_reported_once_and_its_end_too(bench: Bench) -> None:
    wire = FakeWire()
    sender = sender_of(bench, wire)
    wire.me = REFUSED
    wire.script.append(REFUSED)
    assert await sender.store_outage() == 1, "whatever an earlier sender has left is replaced"
    assert await bench.store.read(readiness.outage) is None
    await bench.add("hello")
    await sender.tick()
    assert [await sender.store_outage(), await sender.store_outage()] == [1, 0]
    known = await bench.store.read(readiness.outage)
    assert known is not None and known["token_refused"] is False
    wire.me = Reply(200, {"ok": True, "result": {"id": 7}})
    bench.clock.advance(60)
    await sender.tick()
    assert await sender.store_outage() == 1
    assert await bench.store.read(readiness.outage) is None


async def test_a_refused_token_is_reported(bench: Bench) -> None:
    wire = FakeWire()
    sender = sender_of(bench, wire)
    wire.script.append(error(401, "Unauthorized"))
    await bench.add("hello")
    await sender.tick()
    await sender.store_outage()
    known = await bench.store.read(readiness.outage)
    assert known is not None and known["token_refused"] is True
    assert (await sender_of(bench, FakeWire()).store_outage()) == 1
    assert await bench.store.read(readiness.outage) is None, "a new sender begins anew"


async def test_a_standby_knows_that_it_waits_until_it_leads(store: Store) -> None:
    first, second = Leadership(store, "sender"), Leadership(store, "sender", standby=True)
    await first.take()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(second.take())
        while not second.waiting:  # noqa: ASYNC110 - another task's state
            await asyncio.sleep(0.01)
        await first.release()
    assert second.held and not second.waiting
    await second.release()


async def test_pages_in_place_of_answers_are_reported_although_polls_are_answered(bench: Bench) -> None:
    wire = FakeWire()
    sender = sender_of(bench, wire)
    await bench.add("hello")
    wire.script.extend([Reply(403)] * 4)
    for _ in range(40):
        await sender.tick()
        bench.clock.advance(1)
        if len(wire.calls) == 4:
            break
    await sender.store_outage()
    told = await bench.store.read(readiness.outage)
    assert told is not None and "HTTP 403" in told["reason"]
    for _ in range(60):
        await sender.tick()
        bench.clock.advance(1)
    await sender.store_outage()
    assert await bench.store.read(readiness.outage) is None
