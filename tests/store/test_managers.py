"""The table of managers on both engines."""

import pytest

from holdline.dialogs.manager import ROLE_PERMISSIONS
from holdline.store.engine import Store
from holdline.store.people import managers


async def test_permissions_come_from_the_role_unless_set_individually(store: Store) -> None:
    made = await store.act(managers.insert, telegram_id=5, name="Olga", role="agent")
    assert made.permissions == ROLE_PERMISSIONS["agent"]

    own = await store.act(managers.update, made.id, permissions={"report.view"})
    assert own.permissions == {"report.view"}

    again = await store.act(managers.update, made.id, permissions=None)
    assert again.permissions == ROLE_PERMISSIONS["agent"]


async def test_the_same_telegram_id_twice_is_one_manager(store: Store) -> None:
    first = await store.act(managers.insert, telegram_id=5, name="Olga", role="agent")
    second = await store.act(managers.insert, telegram_id=5, name="Somebody", role="admin")

    assert second == first


async def test_pages_go_by_id_and_can_leave_out_those_who_left(store: Store) -> None:
    made = [await store.act(managers.insert, telegram_id=n, name=f"M{n}", role="agent") for n in (1, 2, 3)]
    await store.act(managers.update, made[1].id, active=False)

    assert [m.telegram_id for m in await store.read(managers.page, limit=2)] == [1, 2]
    assert [m.telegram_id for m in await store.read(managers.page, after=made[1].id)] == [3]
    assert [m.telegram_id for m in await store.read(managers.page, active_only=True)] == [1, 3]


async def test_unknown_columns_and_unknown_managers_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="salary"):
        await store.act(managers.update, 1, salary=5)
    with pytest.raises(LookupError):
        await store.act(managers.update, 1, name="Nobody")


async def test_a_manager_row_can_be_locked_for_the_transaction(store: Store) -> None:
    made = await store.act(managers.insert, telegram_id=5, name="Olga", role="agent")

    assert await store.act(managers.load_locked, made.id) == made
    assert await store.act(managers.load_locked, made.id + 1) is None


async def test_managers_of_another_bot_are_not_seen(store: Store) -> None:
    made = await store.act(managers.insert, telegram_id=5, name="Olga", role="agent")
    store.bot_id += 1

    assert await store.read(managers.by_telegram_id, 5) is None
    assert await store.read(managers.by_id, made.id) is None
