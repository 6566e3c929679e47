"""Loops that keep running, and probes of Telegram at growing intervals during an outage."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from holdline.bot.intake.interruptible import sleep_unless_stopped
from holdline.scheduler import loops
from holdline.scheduler.loops import Fatal, is_stopped_within, run_all, supervise
from holdline.scheduler.outage import Outage
from holdline.store.engine import Bells
from holdline.store.errors import StoreUnavailable


async def test_a_loop_that_dies_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "FIRST_PAUSE", 0.01)
    stop, runs = asyncio.Event(), []

    async def dying(stop: asyncio.Event) -> None:
        runs.append(1)
        if len(runs) == 3:
            stop.set()
        raise ValueError("oh")

    await asyncio.wait_for(supervise("dying", dying, stop), 5)
    assert len(runs) == 3


async def test_after_a_long_outage_of_the_store_no_loop_waits_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a standby, whose first look at the lease fails as long as the database is away."""
    monkeypatch.setattr(loops, "FIRST_PAUSE", 0.001)
    stop, runs = asyncio.Event(), []

    async def standby(stop: asyncio.Event) -> None:
        runs.append(1)
        if len(runs) < 20:
            raise StoreUnavailable("PostgreSQL does not answer")

    await asyncio.wait_for(supervise("standby", standby, stop), 5)
    assert len(runs) == 20


async def test_a_fatal_error_stops_everything_with_its_sentence() -> None:
    stop, ended = asyncio.Event(), []

    async def calm(stop: asyncio.Event) -> None:
        await stop.wait()
        ended.append("calm")

    async def fatal(stop: asyncio.Event) -> None:
        raise Fatal("Another one works already.")

    with pytest.raises(Fatal, match="Another one"):
        await asyncio.wait_for(run_all({"calm": calm, "fatal": fatal}, stop), 5)
    assert ended == ["calm"]


def test_telegram_is_probed_at_once_after_the_first_failure_and_then_less_often() -> None:
    outage, now, asked = Outage(), 0.0, []
    outage.record_failure(now, "refused")
    while now < 600:
        now += max(outage.seconds_left(now), 0.001)
        asked.append(now)
        outage.record_probe(now, answered=False)
    gaps = [later - sooner for sooner, later in itertools.pairwise(asked)]
    assert asked[0] < 0.01 and gaps[0] == pytest.approx(3) and max(gaps) == pytest.approx(45)
    outage.record_probe(now, answered=True)
    assert outage.calm


def test_a_successful_probe_does_not_prove_that_messages_are_accepted() -> None:
    outage = Outage()
    for number in range(6):
        outage.record_failure(10.0 * number, "HTTP 502")
        assert outage.seconds_left(10.0 * number) >= (0 if number == 0 else 3)
        outage.record_probe(10.0 * number, answered=True)
    assert outage.careful
    outage.record_success()
    assert not outage.careful


def test_a_refused_token_is_probed_once_a_minute() -> None:
    outage = Outage()
    outage.token_refused(0.0, "Unauthorized")
    outage.record_failure(1.0, "another call that was on the wire")
    assert outage.seconds_left(1.0) == 59
    outage.record_probe(60.0, answered=False)
    assert outage.seconds_left(60.0) == 60


def a_stop() -> tuple[Coroutine[Any, Any, Any], Callable[[], None]]:
    stop = asyncio.Event()
    return is_stopped_within(stop, 60), stop.set


def a_stop_of_intake() -> tuple[Coroutine[Any, Any, Any], Callable[[], None]]:
    stop = asyncio.Event()
    return sleep_unless_stopped(stop, 60), stop.set


def a_bell() -> tuple[Coroutine[Any, Any, Any], Callable[[], None]]:
    bells = Bells()
    return bells.wait("outbox", 60), lambda: bells.ring("outbox")


@pytest.mark.parametrize("awaited", [a_stop, a_stop_of_intake, a_bell])
async def test_a_cancellation_that_comes_with_the_event_is_kept(
    awaited: Callable[[], tuple[Coroutine[Any, Any, Any], Callable[[], None]]],
) -> None:
    """A sender that woke up after its lease lost it: the task ran on, and the process never ended."""
    wait, make_happen = awaited()
    waiting = asyncio.get_running_loop().create_task(wait)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    make_happen()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
