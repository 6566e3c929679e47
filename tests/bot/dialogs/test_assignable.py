"""The list of those who can get a dialog or an Inbox item offers only what the manager may choose."""

import pytest

from holdline.desk.people.staff import change_manager
from holdline.store.dialogs import inbox_items
from holdline.store.engine import Store
from tests.bot.desk_kit import Staff
from tests.bot.staging import ADMIN, IVAN, customer, named, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    """Ivan is an agent; Olga is a colleague."""
    ivan = await group_desk.act(lambda tx: named(tx, IVAN, "Ivan"))
    await group_desk.act(lambda tx: named(tx, 77, "Olga"))
    await group_desk.act(change_manager, acting=None, manager_id=ivan.id, changes={"role": "agent"})
    await wrote(group_desk, words())
    return Staff(group_desk)


def chosen(offered: list[str]) -> set[int]:
    return {int(data.rsplit(":", 1)[1]) for data in offered}


@pytest.mark.parametrize("way", ["the button", "a command", "a name that is not clear"])
async def test_an_agent_is_offered_only_themselves_for_a_dialog(staff: Staff, way: str) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    for person, expected in ((IVAN, {IVAN}), (ADMIN, {ADMIN, IVAN, 77})):
        if way == "the button":
            await staff.presses(f"dlg.assign:{dialog.id}", person)
        else:
            name = "" if way == "a command" else " Xenia"
            await staff.says(f"/assign #{dialog.id}{name}", person)
        asked = next(one for one in await staff.heard("text") if one.data_or_none("assign:"))
        assert chosen(asked.offered) - {0} == expected


async def test_an_agent_is_offered_only_themselves_for_an_inbox_item(staff: Staff) -> None:
    await staff.heard()
    item = await staff.store.act(lambda tx: inbox_items.lock_new(tx, customer(tx).id))
    assert item is not None
    for person, expected in ((IVAN, {IVAN}), (ADMIN, {ADMIN, IVAN, 77})):
        await staff.presses(f"card.assign:{item.id}", person)
        asked = next(one for one in await staff.heard("text") if one.data_or_none("card.assign:"))
        assert chosen(asked.offered) - {0} == expected
