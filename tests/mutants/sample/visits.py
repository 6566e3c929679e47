"""Which test calls which function: every test runs once in a forked copy, and what it calls is noted."""

import pickle
import sys
import tempfile
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, zip_longest
from pathlib import Path
from time import process_time
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.mutants.mutant import ROOT
from tests.mutants.sample.config import Config
from tests.mutants.sample.copies import LIVES, forked

FunctionName = tuple[str, str]
"""A file below the root, and a qualified name in it."""
LONGEST_SECONDS = 7200
QUICK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Visit:
    """The functions that one test called, and its seconds of the processor."""

    functions: frozenset[FunctionName]
    seconds: float


@dataclass(slots=True)
class Visits:
    """By the place of a test among those that were collected."""

    tests: dict[FunctionName, set[int]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[int, float] = field(default_factory=dict)
    width: dict[int, int] = field(default_factory=dict)
    file: dict[int, str] = field(default_factory=dict)

    def order(self, function: FunctionName, most_seconds: float) -> list[int]:
        """The tests of a function: the quick ones first, those that call the fewest others before the rest; then the
        slow ones, one of each file and then the next one of each, because files look at different things.
        """
        narrow_first = sorted(
            self.tests.get(function, ()), key=lambda test: (self.width[test], self.seconds[test])
        )
        quick = [test for test in narrow_first if self.seconds[test] < QUICK_SECONDS]
        by_file: dict[str, list[int]] = defaultdict(list)
        for test in narrow_first:
            if self.seconds[test] >= QUICK_SECONDS:
                by_file[self.file[test]].append(test)
        slow = [test for turn in zip_longest(*by_file.values()) for test in turn if test is not None]
        return [*self._within(quick, most_seconds), *self._within(slow, most_seconds)]

    def _within(self, tests: list[int], most_seconds: float) -> list[int]:
        so_far = accumulate(self.seconds[test] for test in tests)
        return [
            test
            for place, (test, sum_) in enumerate(zip(tests, so_far, strict=True))
            if not place or sum_ <= most_seconds
        ]


def visited(session: pytest.Session, config: Config) -> Visits:
    """What every test calls. A test that is in the file `kept` does not run again."""
    kept = Path(config.kept) if config.kept else None
    known: dict[str, Visit] = pickle.loads(kept.read_bytes()) if kept and kept.exists() else {}
    known |= _watched([item for item in session.items if item.nodeid not in known], config)
    if kept:
        kept.write_bytes(pickle.dumps(known))
    visits = Visits()
    for place, item in enumerate(session.items):
        if (visit := known.get(item.nodeid)) is None:
            print(f"left out, because it fails without any change: {item.nodeid}")
            continue
        visits.seconds[place], visits.width[place] = visit.seconds, len(visit.functions)
        visits.file[place] = item.nodeid.partition("::")[0]
        for function in visit.functions:
            visits.tests[function].add(place)
    total = sum(visits.seconds.values())
    print(f"\n{len(session.items)} tests call {len(visits.tests)} functions, {total:.0f} s")
    return visits


def _watched(items: list[pytest.Item], config: Config) -> dict[str, Visit]:
    """Runs tests once in a forked copy. What fails is left out."""
    folders = tuple(f"{ROOT / room}/" for room in config.rooms)
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:

        def watch() -> int:
            found: dict[str, Visit] = {}
            for item, later in zip(items, [*items[1:], None], strict=True):
                began, failed = process_time(), item.session.testsfailed
                functions = _called_by(item, later, folders)
                if item.session.testsfailed == failed:
                    found[item.nodeid] = Visit(frozenset(functions), process_time() - began)
            Path(file.name).write_bytes(pickle.dumps(found))
            return LIVES

        if forked(watch, seconds=LONGEST_SECONDS) != LIVES:
            raise RuntimeError("the tests did not come to an end")
        read: dict[str, Visit] = pickle.loads(Path(file.name).read_bytes())
        return read


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
        threading.settrace(None)
    return {name_of(code) for code in _codes}


def name_of(code: CodeType) -> FunctionName:
    """What is defined within a function counts as that function."""
    return Path(code.co_filename).relative_to(ROOT).as_posix(), code.co_qualname.partition(".<locals>")[0]


_codes: set[CodeType] = set()
