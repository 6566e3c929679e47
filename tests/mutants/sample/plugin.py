"""The pytest plugin of `make mutation-sample`: tries each change in a copy of one warm process.

All tests are collected once. A forked copy runs them all and notes which function each of them calls. Then each change
has a forked copy of its own: it gets the code of the changed function and runs the tests that call it, until one fails.
"""

import asyncio
import functools
import gc
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import engine

from tests.databases import migrate
from tests.mutants.mutant import ROOT
from tests.mutants.sample.changes import Change
from tests.mutants.sample.config import Config, load_config

FunctionName = tuple[str, str]
"""A file below the root, and a qualified name in it."""
NOTICED, LIVES, SICK = 1, 0, 3
"""How a forked copy ends: a test failed, none did, the copy itself broke."""
SPARE_SECONDS = 2
"""A copy that works so much longer than its tests did while they were watched is in an endless loop, and is ended."""
_failed: list[str] = []
_codes: set[CodeType] = set()


@dataclass(slots=True)
class Visits:
    """Which tests call which function, and how many seconds of the processor each test takes."""

    tests: dict[FunctionName, set[int]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[int, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def order(self, function: FunctionName, most_seconds: float) -> list[int]:
        """The tests of a function, those that call the fewest others first."""
        width: dict[int, int] = defaultdict(int)
        for tests in self.tests.values():
            for test in tests:
                width[test] += 1
        chosen, total = [], 0.0
        for test in sorted(self.tests.get(function, ()), key=lambda test: (width[test], self.seconds[test])):
            if chosen and total + self.seconds[test] > most_seconds:
                break
            chosen.append(test)
            total += self.seconds[test]
        return chosen


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out what runs on PostgreSQL."""
    items[:] = [item for item in items if not _is_on_postgres(item)]


def _is_on_postgres(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return (
        "[postgres" in item.name
        or "-postgres" in item.name
        or bool({"databases", "postgres_copy"} & set(names))
    )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes what failed, in a forked copy."""
    if report.failed:
        _failed.append(report.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of pytest's own loop."""
    config = load_config()
    _make_template_quick(session)
    visits = _visited(session, config)
    functions = Functions(config)
    chosen, of_all = config.choose()
    print(f"\n{len(chosen)} of {of_all} changes, seed {config.seed}", flush=True)
    began = time.monotonic()
    words: Counter[str] = Counter()
    for change in chosen:
        tests = visits.order((change.path, change.function), config.most_seconds)
        items = [session.items[test] for test in tests]
        limit = SPARE_SECONDS + sum(visits.seconds[test] for test in tests)
        word = _tried(functions, change, items, seconds=int(limit)) if tests else "NO TEST"
        words[word] += 1
        if word != "noticed":
            print(f"{word:<8} {change}", flush=True)
        _tidy(session)
    noticed = words["noticed"] + words["ENDLESS"]
    share = noticed / max(1, len(chosen))
    print(
        f"{noticed}/{len(chosen)} noticed ({share:.1%}), {words['LIVES']} live, {words['NO TEST']} are in functions "
        f"that no test calls, {words['ENDLESS']} never ended, {time.monotonic() - began:.0f} s"
    )
    session.testsfailed = 0 if share >= config.aim else len(chosen) - noticed
    return True


def _visited(session: pytest.Session, config: Config) -> Visits:
    """Runs every test once in a forked copy."""
    folders = tuple(f"{ROOT / room}{os.sep}" for room in config.rooms)
    with tempfile.NamedTemporaryFile(suffix=".pickle") as kept:

        def watched() -> int:
            visits = Visits()
            settings.register_profile("watched", settings(max_examples=10))
            settings.load_profile("watched")
            for number, (item, later) in enumerate(pairwise([*session.items, None])):
                began, failed = time.process_time(), len(_failed)
                called = _called_by(item, later, folders)
                visits.seconds[number] = time.process_time() - began
                for function in called if len(_failed) == failed else ():
                    visits.tests[function].add(number)
            visits.failed = _failed
            Path(kept.name).write_bytes(pickle.dumps(visits))
            return LIVES

        _forked(watched, seconds=7200)
        visits: Visits = pickle.loads(Path(kept.name).read_bytes())
    print(
        f"\n{len(session.items)} tests call {len(visits.tests)} functions, {sum(visits.seconds.values()):.0f} s"
    )
    if visits.failed:
        print(f"left out, because they fail without any change: {', '.join(visits.failed)}")
    return visits


def _called_by(item: pytest.Item, later: pytest.Item | None, folders: tuple[str, ...]) -> set[FunctionName]:
    """Runs a test; returns the functions that it called, in whichever thread. Threads of a kept database go on from one
    test to the next with the function that was set when they began: what it notes is always the present test's.
    """
    _codes.clear()

    def note(frame: FrameType, _: str, __: Any) -> None:  # None: its lines are not traced
        if frame.f_code not in _codes and frame.f_code.co_filename.startswith(folders):
            _codes.add(frame.f_code)

    threading.settrace(note)
    sys.settrace(note)
    try:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=later)
    finally:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type] # None is what it means to say
    return {_name_of(code) for code in _codes}


def _name_of(code: CodeType) -> FunctionName:
    """What is defined within a function counts as that function."""
    return Path(code.co_filename).relative_to(ROOT).as_posix(), code.co_qualname.partition(".<locals>")[0]


class Functions:
    """Every function object of the rooms, and the caches that may hold what it has answered before."""

    def __init__(self, config: Config) -> None:
        folders = tuple(f"{ROOT / room}{os.sep}" for room in config.rooms)
        for room in config.rooms:  # some are imported late
            for path in (ROOT / room).rglob("*.py"):
                import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        self._of: dict[FunctionName, list[FunctionType]] = defaultdict(list)
        self._caches: list[Any] = []
        gc.unfreeze()  # what is frozen cannot be listed
        for thing in gc.get_objects():
            if type(thing) is FunctionType and thing.__code__.co_filename.startswith(folders):
                self._of[_name_of(thing.__code__)].append(thing)
            elif isinstance(thing, functools._lru_cache_wrapper) and thing.__module__.startswith("holdline."):
                self._caches.append(thing)
        gc.freeze()

    def change(self, change: Change) -> bool:
        """Puts the changed code in its place; False if there is no such function."""
        code = change.compiled(ROOT)
        targets = [
            function
            for function in self._of.get((change.path, change.function), ())
            if function.__code__.co_qualname == code.co_qualname
        ]
        for target in targets:
            target.__code__ = code
        for cache in self._caches:
            cache.cache_clear()
        return bool(targets)


def _tried(functions: Functions, change: Change, items: list[pytest.Item], *, seconds: int) -> str:
    def act() -> int:
        if not functions.change(change):
            return SICK
        for item, later in pairwise([*items, None]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=later)
            if _failed:
                return NOTICED
        return LIVES

    code = _forked(act, seconds=seconds)
    return {LIVES: "LIVES", NOTICED: "noticed"}.get(code, "ENDLESS")


def _forked(act: Callable[[], int], *, seconds: int) -> int:
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
        signal.alarm(10 * seconds)  # for one that waits; others may keep the processor busy
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


def _make_template_quick(session: pytest.Session) -> None:
    """Each copy would run all migrations for its first test with a database: instead it gets a file that is ready."""
    folder = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    template = folder / "ready.db"
    asyncio.run(migrate(f"sqlite:///{template}"))

    async def copied(url: str) -> None:
        shutil.copy(template, url.removeprefix("sqlite:///"))

    for plugin in session.config.pluginmanager.get_plugins():
        if getattr(plugin, "__file__", None) == str(ROOT / "tests/conftest.py"):
            plugin.migrate = copied


def _tidy(session: pytest.Session) -> None:
    """Deletes the databases that a copy has left."""
    for path in session.config._tmp_path_factory.getbasetemp().iterdir():  # type: ignore[attr-defined]
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
