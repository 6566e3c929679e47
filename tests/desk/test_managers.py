"""Which manager acts."""

import asyncio

import pytest

from holdline.desk.people.managers import (
    UNNAMED,
    ensure_admins,
    get_acting_manager,
    manager_by_telegram_id,
    store_telegram_profile,
)
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.manager import PERMISSIONS
from holdline.dialogs.refusal import NotAllowed, NotFound
from holdline.dialogs.rules import DeskRules
from holdline.store.engine import Store
from holdline.store.people import managers


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(admins=(111, 222))


async def test_administrators_of_the_configuration_exist_from_the_first_start(store: Store) -> None:
    await store.act(ensure_admins)
    await store.act(ensure_admins)

    found = await store.read(managers.page)

    assert [(one.telegram_id, one.role) for one in found] == [(111, "admin"), (222, "admin")]
    assert found[0].permissions == frozenset(PERMISSIONS)


async def test_a_configured_administrator_may_act_before_their_row_exists(store: Store) -> None:
    assert (await store.act(get_acting_manager, 111)).role == "admin"


async def test_two_first_actions_of_one_administrator_make_one_manager(store: Store) -> None:
    both = await asyncio.gather(store.act(get_acting_manager, 111), store.act(get_acting_manager, 111))

    assert both[0].id == both[1].id


async def test_a_stranger_may_not_act(store: Store) -> None:
    with pytest.raises(NotFound) as refused:
        await store.act(get_acting_manager, 999)

    assert "999" in refused.value.sentence()


async def test_a_former_manager_may_not_act(store: Store) -> None:
    made = await store.act(managers.insert, telegram_id=5, name="Olga", role="agent")
    await store.act(managers.update, made.id, active=False)

    with pytest.raises(NotAllowed):
        await store.act(get_acting_manager, 5)
    assert await store.read(manager_by_telegram_id, telegram_id=5) is None


async def test_changes_in_the_table_cannot_lock_out_a_configured_administrator(store: Store) -> None:
    admin = await store.act(get_acting_manager, 111)
    await store.act(managers.update, admin.id, active=False, role="restricted", permissions=set())

    again = await store.act(get_acting_manager, 111)

    assert (again.role, again.active, again.permissions) == ("admin", True, frozenset(PERMISSIONS))


async def test_an_administrator_gets_a_name_from_telegram_once(store: Store) -> None:
    assert (await store.act(get_acting_manager, 111)).name == UNNAMED

    await store.act(store_telegram_profile, sender=MessageSender(111, "Maria", "maria"))
    await store.act(store_telegram_profile, sender=MessageSender(111, "Mascha", "maria"))

    assert (await store.act(get_acting_manager, 111)).name == "Maria"


async def test_a_message_of_a_stranger_creates_no_manager(store: Store) -> None:
    await store.act(store_telegram_profile, sender=MessageSender(999, "Eve"))
    assert await store.read(managers.page) == []
