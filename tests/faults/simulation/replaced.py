"""What the code reads from its surroundings, replaced for one simulation: clocks, random numbers, host names.

Modules are searched for these, so that a module which begins to read a clock is replaced without a change here.
"""

import base64
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

from holdline.store.clock import Clock

ROOTS = ("holdline", "tests.faults")
BEGINS = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A Monday."""


class DeskClock(Clock):
    """The wall clock of the desk's machine: virtual time, and what somebody has set it by. Telegram's is not set."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self.set_by = timedelta()

    def now(self) -> datetime:
        return BEGINS + timedelta(seconds=self._seconds()) + self.set_by

    def monotonic(self) -> float:
        return self._seconds()


class _Secrets:
    """As the module `secrets`, from the seed."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.compare_digest = secrets.compare_digest

    def token_bytes(self, size: int = 32) -> bytes:
        return self._dice.randbytes(size)

    def token_hex(self, size: int = 32) -> str:
        return self.token_bytes(size).hex()

    def token_urlsafe(self, size: int = 32) -> str:
        return base64.urlsafe_b64encode(self.token_bytes(size)).rstrip(b"=").decode()


@contextmanager
def surroundings_of(seed: int, seconds: Callable[[], float]) -> Iterator[None]:
    """Within it the product's modules see this time and these numbers."""
    dice = random.Random(f"{seed}:surroundings")
    begins = BEGINS.timestamp()
    numbers = SimpleNamespace(
        Random=random.Random,
        random=dice.random,
        uniform=dice.uniform,
        choice=dice.choice,
        randint=dice.randint,
    )
    clocks = SimpleNamespace(
        time=lambda: begins + seconds(), monotonic=seconds, perf_counter=seconds, sleep=time.sleep
    )
    instead = {id(time): clocks, id(time.monotonic): seconds, id(time.perf_counter): seconds}
    instead |= {id(random): numbers, id(secrets): _Secrets(dice)}
    undo = [step for module in _modules() for step in _replace_in(module, instead)]
    try:
        yield
    finally:
        for put_back in reversed(undo):
            put_back()


def _modules() -> list[ModuleType]:
    """All of the product, and the faults that read a clock; not this folder, which draws from its own dice."""
    return [
        module
        for name, module in sorted(sys.modules.items())
        if name.startswith(ROOTS) and not name.startswith((__package__ or "", "holdline.tagger"))
        and name != "tests.faults.load"
    ]  # fmt: skip


def _replace_in(module: ModuleType, instead: dict[int, Any]) -> Iterator[Callable[[], None]]:
    """Names of the module, and defaults of its functions and constructors."""
    for name, value in list(vars(module).items()):
        if id(value) in instead:
            setattr(module, name, instead[id(value)])
            yield lambda name=name, value=value: setattr(module, name, value)  # type: ignore[misc]
        for holder in (value, getattr(value, "__init__", None)):
            defaults = getattr(holder, "__kwdefaults__", None)
            if not isinstance(defaults, dict) or getattr(holder, "__module__", "") != module.__name__:
                continue
            for key, default in list(defaults.items()):
                if id(default) in instead:
                    defaults[key] = instead[id(default)]
                    yield lambda d=defaults, key=key, default=default: d.__setitem__(key, default)  # type: ignore[misc]
