"""Processes within milliseconds: one server has imported everything that is slow, and each run is a fork of it.

The program's start costs seconds, nearly all of it imports; a campaign of kills would measure nothing else.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

_context = get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.warm"])


class Forked:
    """`target(*arguments)` in a process of its own; what it says is in `log`."""

    def __init__(self, target: Callable[..., Any], *arguments: Any, log: Path) -> None:
        self.log = log
        self._process = _context.Process(target=_run, args=(target, arguments, str(log)), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def signal(self, number: int) -> None:
        """Nothing where it has ended already."""
        if self._process.is_alive():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL: nothing of it runs any more when this returns, but its end may not be known yet."""
        self._process.kill()

    async def ended(self, seconds: float) -> int:
        """The exit code, minus the signal's number where one ended it; fails where it runs on for `seconds`."""
        loop = asyncio.get_running_loop()
        over = asyncio.Event()
        loop.add_reader(self._process.sentinel, over.set)
        try:
            async with asyncio.timeout(seconds):
                await over.wait()
        except TimeoutError:
            raise AssertionError(f"still running after {seconds:g} s: {self.said()}") from None
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def exit_code(self, seconds: float) -> int:
        """As `ended`, for who has no loop."""
        self._process.join(seconds)
        assert self._process.exitcode is not None, f"still running after {seconds:g} s: {self.said()}"
        return self._process.exitcode

    def said(self) -> str:
        """The end of its log, for the sentence of a failed test."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


def _run(target: Callable[..., Any], arguments: tuple[Any, ...], log: str) -> None:
    """In the child: its words go to the log, its result is the exit code."""
    threading.Thread(target=_die_with_the_test, daemon=True).start()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    code = target(*arguments)
    sys.stdout.flush()
    sys.exit(code if isinstance(code, int) else 0)


def _die_with_the_test() -> None:
    """A test that is killed itself must not leave desks behind."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(3)
