"""SIGTERM and SIGINT: the first one asks for an orderly stop, a later one ends at once. The stop has a timeout.

Often one stop arrives twice: a terminal signals the whole process group, and the supervisor passes its own signal on.
So a signal right after the first means the same stop (docs/decisions/0099-one-stop-arrives-twice.md).
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import structlog

PATIENCE_SECONDS = 9.0
"""An orderly stop takes less. Supervisors commonly kill the process after ten seconds."""
LAST_SECONDS = 0.8
SAME_STOP_SECONDS = 1.0
"""A signal this soon after the first one is not a person's second thought."""

log = structlog.get_logger("stop")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """As Ctrl-C does. A process that was started in the background ignores SIGINT."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


@contextmanager
def interrupt_on_sigterm() -> Iterator[None]:
    """For commands with temporary folders and processes of their own: SIGTERM ends them like Ctrl-C, so that nothing of
    them is left behind.
    """
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Inside the block a signal sets `stop`. A later signal, or the timeout, cancels the task that entered."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    timers: list[asyncio.TimerHandle] = []
    stopping_since = float("inf")

    def now(why: str) -> None:
        log.warning("stopping_now", why=why)
        timers.append(loop.call_later(LAST_SECONDS, os._exit, 1))
        if task is not None:
            task.cancel()

    def on_signal() -> None:
        nonlocal stopping_since
        if stop.is_set():
            if loop.time() - stopping_since >= SAME_STOP_SECONDS:
                now("a second signal")
            return
        stopping_since = loop.time()
        log.info("stopping")
        stop.set()
        timers.append(loop.call_later(PATIENCE_SECONDS, now, "patience is over"))

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        for timer in timers:
            timer.cancel()
