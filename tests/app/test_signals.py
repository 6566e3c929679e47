"""One stop may arrive as two signals; a later signal ends the work at once."""

import asyncio
import signal

import pytest

from holdline.app import signals
from holdline.app.signals import stop_on_signals


async def stopped_twice(stop: asyncio.Event) -> str:
    """How the work ended that hears two signals and then needs some moments more."""
    with stop_on_signals(stop):
        signal.raise_signal(signal.SIGINT)
        await stop.wait()
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.01)
    return "in order"


async def test_a_signal_right_after_the_first_is_the_same_stop() -> None:
    assert await stopped_twice(asyncio.Event()) == "in order"


async def test_a_later_signal_ends_the_work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "SAME_STOP_SECONDS", 0.0)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(stopped_twice(asyncio.Event()))
