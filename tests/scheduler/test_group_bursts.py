"""A staff group gets a short burst of operations after a pause, and Telegram never answers 429."""

import pytest

from holdline.sandbox.errors import Refusal
from holdline.sandbox.limits import Limits
from holdline.scheduler.sender import Sender
from holdline.telegram.call import Call, CallResult
from holdline.telegram.outcomes import RetryLater, Scope
from holdline.telegram.pacing import GROUP_BURST
from tests.scheduler.conftest import DESK, GROUP, Bench, plain_render
from tests.scheduler.wire import FakeWire, error


class LimitedWire(FakeWire):
    """Answers as the sandbox does with its limits on, on the clock that moves by hand; each part of an album counts."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._clock, self._limits = bench.clock, Limits(on=True)
        self.refused = 0

    def ok(self, call: Call) -> CallResult:
        now, chat = self._clock.now().timestamp(), call.params["chat_id"]
        parts = len(call.params["text"].split("+"))
        try:
            self._limits.admit(chat, now, parts=parts)
        except Refusal as refused:
            self.refused += 1
            return error(429, refused.description, **(refused.parameters or {}))
        self._limits.count(chat, now, parts=parts)
        return super().ok(call)


@pytest.fixture
def wire(bench: Bench) -> LimitedWire:
    return LimitedWire(bench)


@pytest.fixture
def sender(bench: Bench, wire: LimitedWire) -> Sender:
    return Sender(bench.store, render=plain_render, gateway=wire, clock=lambda: bench.clock.now().timestamp())


async def now(sender: Sender) -> int:
    """As much as leaves in this very moment."""
    sent = 0
    while more := await sender.tick():
        sent += more
    return sent


async def lines(bench: Bench, number: int, *, name: str = "line") -> None:
    for one in range(number):
        await bench.add(f"{name}{one}", **DESK)


async def test_a_few_quick_lines_are_in_the_group_at_once(bench: Bench, sender: Sender) -> None:
    await lines(bench, GROUP_BURST)
    assert await now(sender) == GROUP_BURST


async def test_five_quick_lines_take_a_second(bench: Bench, sender: Sender, wire: LimitedWire) -> None:
    await lines(bench, 5)
    await now(sender)
    bench.clock.advance(1.05)
    assert await now(sender) == 1 and wire.texts == [f"line{one}" for one in range(5)]


async def test_two_minutes_of_work_never_meet_a_429(bench: Bench, sender: Sender, wire: LimitedWire) -> None:
    await lines(bench, 12)
    album = {"kind": "album", "payload": {"text": "a+b+c+d+e+f+g", "message_ids": [1, 2, 3, 4, 5, 6, 7]}}
    await bench.add("album", **DESK, **album)
    await lines(bench, 12, name="later")
    for _ in range(500):
        await sender.tick()
        bench.clock.advance(0.25)
    assert (len(wire.done), wire.refused) == (25, 0)


async def test_after_a_flood_a_group_gets_one_operation_a_second_until_a_clean_minute(
    bench: Bench,
) -> None:
    await lines(bench, 1)
    (begun,) = await bench.begin()
    await bench.settle(begun, RetryLater("Too Many Requests", Scope.CHAT, 2, 429))
    bench.clock.advance(3.5)
    await lines(bench, 4, name="soon")
    assert await leaves_at_once(bench) == 1
    bench.clock.advance(30)
    assert await leaves_at_once(bench) == 1, "no clean minute yet"
    bench.clock.advance(30)
    await lines(bench, 6, name="late")
    assert await leaves_at_once(bench) == GROUP_BURST


async def leaves_at_once(bench: Bench) -> int:
    sent = 0
    while begun := await bench.begin():
        for one in begun:
            await bench.settle(one)
        sent += len(begun)
    return sent


async def test_a_flood_of_the_group_slows_no_other(bench: Bench) -> None:
    await lines(bench, 1)
    (begun,) = await bench.begin()
    await bench.settle(begun, RetryLater("Too Many Requests", Scope.CHAT, 2, 429))
    for one in range(3):
        await bench.add(f"other{one}", **{**DESK, "chat_id": GROUP - 1})
    assert await leaves_at_once(bench) == 3
