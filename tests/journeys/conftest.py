"""Every journey runs the whole app; at its end the Bot API has nothing to complain about."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from shutil import copy

import pytest

from tests.journeys.whole import world
from tests.journeys.world import World


async def kept(manager: AbstractAsyncContextManager[World]) -> AsyncIterator[World]:
    """The app lives in one task of its own, because a fixture begins and ends in different ones."""
    made: asyncio.Future[World] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def living() -> None:
        try:
            async with manager as ready:
                made.set_result(ready)
                await over.wait()
        except BaseException as broken:
            if made.done():
                raise
            made.set_exception(broken)

    task = asyncio.get_running_loop().create_task(living())
    yield await made
    over.set()
    await task


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """With a database that has every table: the migrations would cost as much as the rest of a start."""
    copy(sqlite_template, tmp_path / "desk.db")
    return tmp_path


@pytest.fixture
async def desk(folder: Path) -> AsyncIterator[World]:
    """A staff group with Maria (admin) and Ivan (agent), limits lifted."""
    async for made in kept(world(folder)):
        yield made
        assert made.box.problems == []


@pytest.fixture
async def private(folder: Path) -> AsyncIterator[World]:
    """No staff group: Maria and Ivan work in their own chats, in topics."""
    async for made in kept(world(folder, group=0)):
        yield made
        assert made.box.problems == []


@pytest.fixture
async def without_topics(folder: Path) -> AsyncIterator[World]:
    """No staff group and no topics: every message has a header that names its dialog."""
    async for made in kept(world(folder, group=0, topics_in_private=False)):
        yield made
        assert made.box.problems == []


@pytest.fixture(params=["desk", "private", "without_topics"])
def place(request: pytest.FixtureRequest) -> World:
    """Each of the three places to work."""
    made: World = request.getfixturevalue(request.param)
    return made
