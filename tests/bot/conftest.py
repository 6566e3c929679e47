"""Desks to begin a story with, on both engines."""

from collections.abc import AsyncIterator

import pytest

from holdline.dialogs.rules import DeskRules
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from tests.bot.staging import ADMIN, GROUP, furnished
from tests.conftest import BOT


@pytest.fixture
async def group_desk(store_url: str, clock: ManualClock) -> AsyncIterator[Store]:
    """With a staff group and one administrator."""
    store = Store(store_url, bot_id=BOT, rules=DeskRules(staff_group=GROUP, admins=(ADMIN,)), clock=clock)
    await store.start()
    await store.act(furnished)
    yield store
    await store.close()


@pytest.fixture
async def private_desk(store_url: str, clock: ManualClock) -> AsyncIterator[Store]:
    """The same without a group: managers' own chats."""
    store = Store(store_url, bot_id=BOT, rules=DeskRules(admins=(ADMIN,)), clock=clock)
    await store.start()
    await store.act(furnished)
    yield store
    await store.close()
