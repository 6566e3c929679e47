"""What makes a process quick without anybody noticing: one core for one interpreter, and a loop written in C."""

import asyncio
import os
from collections.abc import Callable

import structlog

log = structlog.get_logger("run")


def stay_on_one_core() -> None:
    """Before any thread is made: threads that hand one lock to each other are quickest where they share a cache.

    Nothing happens where the system cannot do it, or has left us one core anyway.

    Which of the allowed cores is told by the process number, so that several desks on one machine spread.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) > 1:
        os.sched_setaffinity(0, {allowed[os.getpid() % len(allowed)]})
        log.debug("on_one_core", of=len(allowed))


def quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it can be had: a tenth more updates a second. None is asyncio's own."""
    try:
        import uvloop  # noqa: PLC0415 - not made for every system
    except ImportError:
        return None
    return uvloop.new_event_loop
