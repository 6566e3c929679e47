"""Speeds up a process: one core for the interpreter, an event loop written in C, imports without garbage collection."""

import asyncio
import gc
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

_LOOK_SECONDS = 0.1
_NEARLY_EQUAL_TICKS = 2
_CORE = re.compile(r"cpu(\d+) \d+ \d+ \d+ (\d+) (\d+)")

log = structlog.get_logger("run")


def stay_on_one_core() -> None:
    """Call it before any thread is started: threads that share a lock are fastest if they share a cache.

    Does nothing if the system does not support it or allows only one core. Takes the least busy of the allowed
    cores; among equal ones the process number decides, so that several desks on one machine use different cores.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) > 1:
        before = _processor_times()
        time.sleep(_LOOK_SECONDS)
        core = least_busy(before, _processor_times(), allowed, number=os.getpid())
        os.sched_setaffinity(0, {core})
        log.debug("on_one_core", core=core, of=len(allowed))


def least_busy(before: str, after: str, allowed: list[int], *, number: int) -> int:
    """The core that was idle longest between two readings of /proc/stat; `number` picks among nearly equal ones."""
    then, now = _idle_ticks(before), _idle_ticks(after)
    idle = {core: now.get(core, 0) - then.get(core, 0) for core in allowed}
    best = [core for core in allowed if idle[core] >= max(idle.values()) - _NEARLY_EQUAL_TICKS]
    return best[number % len(best)]


def _processor_times() -> str:
    try:
        return Path("/proc/stat").read_text(encoding="ascii")
    except OSError:
        return ""  # then all cores are equal


def _idle_ticks(stat: str) -> dict[int, int]:
    """Time idle or waiting for a disk, in hundredths of a second, by core."""
    matches = (_CORE.match(line) for line in stat.splitlines())
    return {int(core[1]): int(core[2]) + int(core[3]) for core in matches if core}


@contextmanager
def quick_imports() -> Iterator[None]:
    """Switches garbage collection off during imports, where it takes a fifth of the time. Modules are never garbage, so
    they are also excluded from later collections.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop if it is installed: a tenth more updates per second. None means asyncio's own loop."""
    try:
        import uvloop  # noqa: PLC0415 - not made for every system
    except ImportError:
        return None
    return uvloop.new_event_loop
