"""The pytest plugin of `make mutation-sample`: tries each change in a copy of one warm process.

All tests are collected once. A forked copy runs them all and notes which lines each of them runs. Then each change
has a forked copy of its own: it gets the code of the changed function and runs the tests that run the changed line,
until one fails.
What fails must pass in a copy without the change, or the failure says nothing.
"""

import asyncio
import mmap
import shutil
import time
from collections import Counter

import pytest
from hypothesis import settings

from tests.databases import migrate
from tests.mutants.mutant import ROOT
from tests.mutants.sample.changes import Change
from tests.mutants.sample.config import Config, load_config
from tests.mutants.sample.copies import LIVES, NOTICED, SICK, first_failing, forked
from tests.mutants.sample.functions import Functions
from tests.mutants.sample.visits import Visits, visited

SPARE_SECONDS = 2
"""A copy that works so much longer than its tests did while they were watched is in an endless loop, and is ended."""
FEW_EXAMPLES = 10
"""Of Hypothesis, where a test does not say its own number: as many with a change as without."""


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


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of pytest's own loop."""
    config = load_config()
    settings.register_profile("few", settings(max_examples=FEW_EXAMPLES))
    settings.load_profile("few")
    _make_template_quick(session)
    trial = Trial(session, config, visited(session, config))
    chosen, of_all = config.choose()
    print(f"\n{len(chosen)} of {of_all} changes, seed {config.seed}", flush=True)
    began = time.monotonic()
    words: Counter[str] = Counter()
    for change in chosen:
        word = trial.of(change)
        words[word] += 1
        if word != "noticed":
            print(f"{word:<8} {change}", flush=True)
        _tidy(session)
    noticed = words["noticed"] + words["ENDLESS"]
    share = noticed / max(1, len(chosen))
    print(
        f"{noticed}/{len(chosen)} noticed ({share:.1%}), {words['ENDLESS']} endless; {words['LIVES']} live, "
        f"no test calls {words['NO TEST']}, tests of {words['SPOILT']} fail without a change too; "
        f"{time.monotonic() - began:.0f} s"
    )
    session.testsfailed = 0 if share >= config.aim else len(chosen) - noticed
    return True


class Trial:
    """Tries changes one by one."""

    def __init__(self, session: pytest.Session, config: Config, visits: Visits) -> None:
        self._items, self._visits, self._most_seconds = session.items, visits, config.most_seconds
        self._functions = Functions(config)
        self._sound: set[tuple[int, ...]] = set()

    def of(self, change: Change) -> str:
        """One word: what became of a change."""
        tests = self._visits.order(
            (change.path, change.function), (change.path, change.line), self._most_seconds
        )
        if not tests:
            return "NO TEST"
        code, ran = self._tried(change, tests)
        if code == LIVES:
            return "LIVES"
        if not self._pass_unchanged(tests[:ran]):
            return "SPOILT"
        return "noticed" if code == NOTICED else "ENDLESS"

    def _pass_unchanged(self, tests: list[int]) -> bool:
        key = tuple(tests)
        if key not in self._sound and self._tried(None, tests)[0] == LIVES:
            self._sound.add(key)
        return key in self._sound

    def _tried(self, change: Change | None, tests: list[int]) -> tuple[int, int]:
        """How the copy ended, and how many of the tests ran in it."""
        items = [self._items[test] for test in tests]
        ran = mmap.mmap(-1, 8)
        ran[:] = len(tests).to_bytes(8)

        def act() -> int:
            if change is None:
                self._functions.empty_caches()
            elif not self._functions.change(change):
                return SICK
            if (place := first_failing(items)) is None:
                return LIVES
            ran[:] = (place + 1).to_bytes(8)
            return NOTICED

        seconds = SPARE_SECONDS + sum(self._visits.seconds[test] for test in tests)
        code = forked(act, seconds=int(seconds))
        return code, int.from_bytes(ran[:])


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
