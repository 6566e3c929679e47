"""Forked copies of the warm process."""

import os
import resource
import signal
import traceback
from collections.abc import Callable

import pytest
from hypothesis.internal.conjecture import engine

NOTICED, LIVES, SICK = 1, 0, 3
"""How a copy ends: a test failed, none did, the copy itself broke. One ended by a signal was in an endless loop."""


def forked(act: Callable[[], int], *, seconds: int) -> int:
    """The exit code of a copy of this process that did `act`. One that takes too long is ended by a signal."""
    child = os.fork()
    if child:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == SICK:
            raise RuntimeError("the copy broke")
        return code
    errors = os.dup(2)
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(60 * seconds)  # for one that waits; others may keep the processor busy
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        engine.MAX_SHRINKING_SECONDS = 0  # that a test fails is enough
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        code = act()
    except BaseException:
        os.write(errors, traceback.format_exc().encode())
        code = SICK
    os._exit(code)


def first_failing(items: list[pytest.Item]) -> int | None:
    """Runs tests until one fails; returns its place."""
    for place, (item, later) in enumerate(zip(items, [*items[1:], None], strict=True)):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=later)
        if item.session.testsfailed:
            return place
    return None
