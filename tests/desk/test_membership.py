"""Membership in the staff group decides who may work: a manager who was in it and left has no rights."""

from datetime import timedelta

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.people.managers import get_acting_manager
from holdline.desk.people.membership import doubtful_leavers, restore_if_writing, update_group_membership
from holdline.desk.people.staff import add_manager, change_manager
from holdline.desk.reading.reading import dialog_by_id
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.refusal import NotAllowed
from holdline.dialogs.rules import DeskRules
from holdline.store.engine import Store
from holdline.store.people import admin_log
from holdline.store.tx import Row
from tests.desk.conftest import Desk

OWNER, GROUP = 111, -1002100000001


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(admins=(OWNER,), staff_group=GROUP)


async def stands(desk: Desk, telegram_id: int, *, inside: bool, seconds_ago: float = 0) -> bool:
    as_of = desk.store.clock.now() - timedelta(seconds=seconds_ago)
    return await desk.store.act(update_group_membership, telegram_id=telegram_id, inside=inside, as_of=as_of)


async def notices(store: Store) -> list[Row]:
    return await store.read(
        lambda tx: tx.all("SELECT chat_id, payload_json FROM outbox WHERE kind = 'desk_notice' ORDER BY id")
    )


async def test_a_manager_who_left_the_group_has_no_rights_and_no_dialogs(
    desk: Desk,
) -> None:
    await desk.store.act(get_acting_manager, OWNER)
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel")
    dialog = await desk.store.act(open_dialog, manager=desk.ivan, opening=opening)
    await stands(desk, desk.ivan.telegram_id, inside=True)

    assert await stands(desk, desk.ivan.telegram_id, inside=False)

    with pytest.raises(NotAllowed):
        await desk.store.act(get_acting_manager, desk.ivan.telegram_id)
    assert (await desk.store.read(dialog_by_id, dialog_id=dialog.id)).assignee is None
    (line, *_) = await desk.store.read(admin_log.page)
    assert (line["change"], line["manager_name"]) == ("manager_changed", "system")
    (told,) = [row for row in await notices(desk.store) if row["chat_id"] == OWNER]
    assert told["payload_json"]["key"] == "desk_notices.left_group"
    assert told["payload_json"]["words"]["name"] == "Ivan"


async def test_a_manager_never_seen_in_the_group_keeps_their_rights(desk: Desk) -> None:
    assert not await stands(desk, desk.ivan.telegram_id, inside=False)
    assert (await desk.store.act(get_acting_manager, desk.ivan.telegram_id)).active
    assert await notices(desk.store) == []


async def test_a_manager_added_again_outside_the_group_keeps_their_rights(desk: Desk) -> None:
    ivan = desk.ivan.telegram_id
    await stands(desk, ivan, inside=True)
    await stands(desk, ivan, inside=False)
    await desk.store.act(add_manager, acting=None, telegram_id=ivan, name="Ivan", role="agent")

    assert not await stands(desk, ivan, inside=False)
    assert (await desk.store.act(get_acting_manager, ivan)).active


async def test_rejoining_the_group_alone_gives_no_rights(desk: Desk) -> None:
    ivan = desk.ivan.telegram_id
    for inside in (True, False, True):
        await stands(desk, ivan, inside=inside)
    with pytest.raises(NotAllowed):
        await desk.store.act(get_acting_manager, ivan)


async def test_a_configured_administrator_who_left_the_group_stays_one_and_is_reported_once(
    desk: Desk,
) -> None:
    await desk.store.act(get_acting_manager, OWNER)
    await stands(desk, OWNER, inside=True)
    for _ in range(3):
        assert not await stands(desk, OWNER, inside=False)
    owner = await desk.store.act(get_acting_manager, OWNER)
    assert owner.role == "admin" and owner.may("managers.edit")
    told = await notices(desk.store)
    assert [(row["chat_id"], row["payload_json"]["key"]) for row in told] == [
        (OWNER, "desk_notices.left_group_configured")
    ]


async def test_an_update_older_than_the_last_one_is_ignored(desk: Desk) -> None:
    ivan = desk.ivan.telegram_id
    await stands(desk, ivan, inside=True)
    assert not await stands(desk, ivan, inside=False, seconds_ago=5)
    assert (await desk.store.act(get_acting_manager, ivan)).active


async def test_membership_updates_of_strangers_or_without_a_group_are_ignored(desk: Desk) -> None:
    assert not await stands(desk, 999, inside=True)
    assert not await stands(desk, 999, inside=False)


async def test_a_change_of_the_configured_group_ends_nobodys_rights(desk: Desk, store_url: str) -> None:
    ivan = desk.ivan.telegram_id
    await stands(desk, ivan, inside=True)
    rules = DeskRules(admins=(OWNER,), staff_group=GROUP - 1)
    moved = Store(store_url, bot_id=desk.store.bot_id, rules=rules, clock=desk.store.clock)
    await moved.start()
    now = moved.clock.now() + timedelta(seconds=1)
    assert not await moved.act(update_group_membership, telegram_id=ivan, inside=False, as_of=now)
    assert (await moved.act(get_acting_manager, ivan)).active
    await moved.close()


async def says_left(desk: Desk, telegram_id: int, *, was_removed: bool = False) -> None:
    now = desk.store.clock.now()
    await stands(desk, telegram_id, inside=True)
    await desk.store.act(
        update_group_membership, telegram_id=telegram_id, inside=False, as_of=now, was_removed=was_removed
    )


async def writes(desk: Desk, telegram_id: int, *, after: float) -> bool:
    at = desk.store.clock.now() + timedelta(seconds=after)
    return await desk.store.act(restore_if_writing, telegram_id=telegram_id, at=at)


async def test_a_manager_who_writes_in_the_group_after_a_leave_update_has_not_left(desk: Desk) -> None:
    await desk.store.act(get_acting_manager, OWNER)
    ivan = desk.ivan.telegram_id
    await says_left(desk, ivan)
    assert await desk.store.read(doubtful_leavers) == {ivan}
    assert not await writes(desk, ivan, after=0), "the message may be older than the news"
    assert await writes(desk, ivan, after=2)
    back = await desk.store.act(get_acting_manager, ivan)
    assert back.active and back.role == desk.ivan.role
    keys = [row["payload_json"]["key"] for row in await notices(desk.store) if row["chat_id"] == OWNER]
    assert keys == ["desk_notices.left_group", "desk_notices.still_in_group"]
    assert await desk.store.read(doubtful_leavers) == frozenset()


async def test_a_removed_manager_gets_no_rights_by_writing(desk: Desk) -> None:
    ivan = desk.ivan.telegram_id
    await says_left(desk, ivan, was_removed=True)
    assert not await writes(desk, ivan, after=60)
    with pytest.raises(NotAllowed):
        await desk.store.act(get_acting_manager, ivan)


async def test_a_manager_who_rejoined_the_group_gets_no_rights_by_writing(desk: Desk) -> None:
    ivan = desk.ivan.telegram_id
    await says_left(desk, ivan)
    await stands(desk, ivan, inside=True)
    assert not await writes(desk, ivan, after=60)


@pytest.mark.parametrize("ends", [True, False])
async def test_a_later_decision_about_a_manager_is_kept(desk: Desk, ends: bool) -> None:
    ivan = desk.ivan.telegram_id
    await says_left(desk, ivan)
    await desk.store.act(add_manager, acting=None, telegram_id=ivan, name="Ivan", role="agent")
    if ends:
        changes = {"active": False}
        await desk.store.act(change_manager, acting=None, manager_id=desk.ivan.id, changes=changes)
    assert not await writes(desk, ivan, after=60)
