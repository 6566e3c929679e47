"""Passes over the tables, on the clock and by hand."""

import asyncio
import logging
from datetime import timedelta

import pytest

from holdline.dialogs.gate import Gate, MessageClass
from holdline.scheduler.janitor import tidy
from holdline.scheduler.sender import Sender
from holdline.scheduler.ticks import Ticks
from holdline.store import lanes

from .conftest import Bench, plain_render
from .wire import FakeWire


@pytest.mark.row("M-10")
async def test_what_is_held_too_long_expires_behind_the_gate(bench: Bench) -> None:
    await bench.store.act(lanes.set_gate, bench.anna.id, Gate.HELD)
    soon = bench.clock.now() + timedelta(seconds=60)
    offer = await bench.add("offer", MessageClass.BROADCAST, expires_at=soon)
    ticks = Ticks()
    tidy(ticks, bench.store, Sender(bench.store, render=plain_render, gateway=FakeWire()))
    await ticks.once()
    assert (await bench.item(offer))["status"] == "queued"
    bench.clock.advance(61)
    await ticks.once()
    assert (await bench.item(offer))["status"] == "expired"


async def test_what_never_came_back_is_asked_about_before_it_is_repeated(bench: Bench) -> None:
    wire = FakeWire()
    sender = Sender(
        bench.store, render=plain_render, gateway=wire, clock=lambda: bench.clock.now().timestamp()
    )
    ticks = Ticks()
    tidy(ticks, bench.store, sender)
    await bench.add("a")
    await bench.begin()
    bench.clock.advance(31)
    await ticks.once()
    bench.clock.advance(5)
    assert await sender.tick() == 1
    assert (wire.asked, wire.texts) == (1, ["a"])


async def test_the_clock_runs_the_passes_and_one_that_fails_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ran, stop, enough = [], asyncio.Event(), asyncio.Event()

    async def good() -> None:
        ran.append(1)
        if len(ran) > 2:
            enough.set()

    async def bad() -> None:
        raise ValueError("broken pass")

    ticks = Ticks()
    ticks.add("good", good, seconds=0.02)
    ticks.add("bad", bad, seconds=0.02)
    with caplog.at_level(logging.ERROR):
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            group.create_task(ticks.run(stop))
            await enough.wait()
            stop.set()
    assert "the pass bad failed: broken pass" in caplog.text
