"""Which test runs which line of which function: every test runs once in a forked copy, and what it runs is noted."""

import hashlib
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
Line = tuple[str, int]
"""A file below the root, and a number of a line."""
LONGEST_SECONDS = 7200
QUICK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Visit:
    """The functions that one test called, the lines of them that it ran, and its seconds of the processor."""

    functions: frozenset[FunctionName]
    lines: frozenset[Line]
    seconds: float


@dataclass(slots=True)
class Visits:
    """By the place of a test among those that were collected."""

    tests: dict[FunctionName | Line, set[int]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[int, float] = field(default_factory=dict)
    width: dict[int, int] = field(default_factory=dict)
    file: dict[int, str] = field(default_factory=dict)

    def order(self, function: FunctionName, line: Line, most_seconds: float) -> list[int]:
        """The tests that run a line of a function: the quick ones first, those that call the fewest functions before
        the rest; then the slow ones, one of each file and then the next one of each, because files look at different
        things. A line within a longer expression may be noted for no test: then all tests of the function.
        """
        known = self.tests.get(line) or self.tests.get(function, set())
        narrow_first = sorted(known, key=lambda test: (self.width[test], self.seconds[test]))
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
    """What every test runs. A test that is in the file `kept` does not run again as long as the rooms are the same."""
    kept, rooms = Path(config.kept) if config.kept else None, _digest(config)
    before = pickle.loads(kept.read_bytes()) if kept and kept.exists() else {}
    known: dict[str, Visit] = before.get(rooms, {})
    known |= _watched([item for item in session.items if item.nodeid not in known], config)
    if kept:
        kept.write_bytes(pickle.dumps({rooms: known}))
    visits = Visits()
    for place, item in enumerate(session.items):
        if (visit := known.get(item.nodeid)) is None:
            print(f"left out, because it fails without any change: {item.nodeid}")
            continue
        visits.seconds[place], visits.width[place] = visit.seconds, len(visit.functions)
        visits.file[place] = item.nodeid.partition("::")[0]
        for spot in (*visit.functions, *visit.lines):
            visits.tests[spot].add(place)
    total = sum(visits.seconds.values())
    print(
        f"\n{len(session.items)} tests call these rooms at {len(visits.tests)} functions and lines, {total:.0f} s"
    )
    return visits


def _watched(items: list[pytest.Item], config: Config) -> dict[str, Visit]:
    """Runs tests once in a forked copy. What fails is left out."""
    folders = tuple(f"{ROOT / room}/" for room in config.rooms)
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:

        def watch() -> int:
            found: dict[str, Visit] = {}
            for item, later in zip(items, [*items[1:], None], strict=True):
                began, failed = process_time(), item.session.testsfailed
                functions, lines = _ran_by(item, later, folders)
                if item.session.testsfailed == failed:
                    found[item.nodeid] = Visit(functions, lines, process_time() - began)
            Path(file.name).write_bytes(pickle.dumps(found))
            return LIVES

        if forked(watch, seconds=LONGEST_SECONDS) != LIVES:
            raise RuntimeError("the tests did not come to an end")
        read: dict[str, Visit] = pickle.loads(Path(file.name).read_bytes())
        return read


def _digest(config: Config) -> str:
    """Of everything in the rooms."""
    told = hashlib.sha256()
    for room in config.rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            told.update(path.read_bytes())
    return told.hexdigest()


def _ran_by(
    item: pytest.Item, later: pytest.Item | None, folders: tuple[str, ...]
) -> tuple[frozenset[FunctionName], frozenset[Line]]:
    """Runs a test; returns the functions and lines that it ran, in whichever thread. Threads of a kept database go on
    from one test to the next with the function that was set when they began: it always notes for the present test.
    """
    _lines.clear()

    def note(frame: FrameType, _: str, __: Any) -> Any:
        return note_line if frame.f_code.co_filename.startswith(folders) else None

    def note_line(frame: FrameType, event: str, __: Any) -> Any:
        if event == "line":
            _lines[frame.f_code].add(frame.f_lineno)
        return note_line

    threading.settrace(note)
    sys.settrace(note)
    try:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=later)
    finally:
        sys.settrace(None)
        threading.settrace(None)
    functions = frozenset(name_of(code) for code in _lines)
    return functions, frozenset((name_of(code)[0], line) for code, lines in _lines.items() for line in lines)


def name_of(code: CodeType) -> FunctionName:
    """What is defined within a function counts as that function."""
    return Path(code.co_filename).relative_to(ROOT).as_posix(), code.co_qualname.partition(".<locals>")[0]


_lines: dict[CodeType, set[int]] = defaultdict(set)
