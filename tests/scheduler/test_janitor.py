"""Chores of delivery, stepped by hand: expired messages and unanswered calls."""

from datetime import timedelta

import pytest

from holdline.dialogs.gate import Gate, MessageClass
from holdline.scheduler.sender import Sender
from holdline.scheduler.timers import Timers, chores_of
from holdline.store.people.customers import set_gate
from tests.scheduler.conftest import Bench, plain_render
from tests.scheduler.wire import FakeWire


@pytest.mark.row("M-10")
async def test_a_message_held_too_long_expires(bench: Bench) -> None:
    await bench.store.act(set_gate, bench.anna.id, Gate.HELD)
    soon = bench.clock.now() + timedelta(seconds=60)
    offer = await bench.add("offer", MessageClass.BROADCAST, expires_at=soon)
    sender = Sender(bench.store, render=plain_render, gateway=FakeWire())
    timers = Timers(chores_of(bench.store, sender))
    await timers.tick()
    assert (await bench.item(offer))["status"] == "queued"
    bench.clock.advance(61)
    await timers.tick()
    assert (await bench.item(offer))["status"] == "expired"


async def test_an_unanswered_call_is_checked_before_it_is_repeated(bench: Bench) -> None:
    wire = FakeWire()
    sender = Sender(
        bench.store, render=plain_render, gateway=wire, clock=lambda: bench.clock.now().timestamp()
    )
    timers = Timers(chores_of(bench.store, sender))
    await bench.add("a")
    await bench.begin()
    bench.clock.advance(31)
    await timers.tick()
    bench.clock.advance(5)
    assert await sender.tick() == 1
    assert (wire.asked, wire.texts) == (1, ["a"])
