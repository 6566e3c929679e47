"""The database file is deleted or replaced under a running desk: nothing is acknowledged any more."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.screens import settings


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}", bot_id=1)
    await store.start()
    yield store
    await store.close()


async def write(store: Store, value: int) -> None:
    await store.act(settings.put, "probe", value)


async def test_a_deleted_file_is_noticed_at_the_next_commit(store: Store, tmp_path: Path) -> None:
    await write(store, 1)
    (tmp_path / "desk.db").unlink()
    with pytest.raises(StoreUnavailable, match="removed or replaced"):
        await write(store, 2)


async def test_a_replaced_database_file_is_noticed_too(store: Store, tmp_path: Path) -> None:
    await write(store, 1)
    database, aside = tmp_path / "desk.db", tmp_path / "aside.db"
    database.rename(aside)
    shutil.copy(aside, database)
    with pytest.raises(StoreUnavailable, match="removed or replaced"):
        await write(store, 2)
    aside.rename(database)
    await write(store, 3)
    assert await store.read(settings.value, "probe") == 3
