"""Settings in the database."""

import asyncio

from holdline.store.engine import Store
from holdline.store.screens import settings


async def test_a_setting_is_read_back_as_stored(store: Store) -> None:
    for value in ({"a": [1, None, "ё"]}, "text", True, 0, None):
        await store.act(settings.put, "x", value)
        found = await store.read(settings.value, "x", "default")
        assert found == value
        assert type(found) is type(value)


async def test_a_missing_setting_has_its_default(store: Store) -> None:
    assert await store.read(settings.value, "x") is None
    assert await store.read(settings.value, "x", 5) == 5


async def test_of_many_simultaneous_writers_only_the_first_stores_a_setting(store: Store) -> None:
    heard = await asyncio.gather(*(store.act(settings.put_once, "x", n) for n in range(4)))

    assert sum(heard) == 1
