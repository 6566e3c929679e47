"""A group gets a new id: what follows it, what ends, and what does not count as a move."""

import pytest

from holdline.desk.delivery.group_migration import migrate_group
from holdline.store.dialogs import places
from tests.scheduler.conftest import DESK, GROUP, Bench, opened

NEW = -1007


async def place(bench: Bench, chat_id: int, dialog_id: int | None) -> int:
    row = await bench.store.act(
        places.insert, chat_id=chat_id, dialog_id=dialog_id, mode="with_header", name="x"
    )
    return int(row["id"])


async def move(bench: Bench, old: int = GROUP, new: int = NEW) -> None:
    await bench.store.act(migrate_group, old_chat_id=old, new_chat_id=new)


async def test_a_place_that_the_new_group_has_already_takes_over_what_waits(bench: Bench) -> None:
    dialog = await opened(bench)
    old, twin = await place(bench, GROUP, dialog.id), await place(bench, NEW, dialog.id)
    alone = await place(bench, GROUP, None)
    item = await bench.add("a", **DESK, place_id=old, dialog_id=dialog.id)
    other = await bench.add("b", **DESK, place_id=alone)
    await move(bench)
    rows = {row["id"]: row for row in await bench.all("SELECT * FROM places")}
    assert (rows[old]["live"], rows[old]["chat_id"]) == (0, GROUP)
    assert (rows[twin]["live"], rows[twin]["chat_id"]) == (1, NEW)
    assert (rows[alone]["live"], rows[alone]["chat_id"]) == (1, NEW)
    assert ((await bench.item(item))["place_id"], (await bench.item(item))["chat_id"]) == (twin, NEW)
    assert ((await bench.item(other))["place_id"], (await bench.item(other))["chat_id"]) == (alone, NEW)


@pytest.mark.parametrize("new", [GROUP, 510000001])
async def test_the_same_group_or_a_private_chat_is_not_a_move(bench: Bench, new: int) -> None:
    item = await bench.add("a", **DESK)
    await move(bench, new=new)
    assert (await bench.item(item))["chat_id"] == GROUP
    assert await bench.all("SELECT * FROM settings WHERE name = 'group_moves'") == []


async def test_moves_of_groups_are_stored_with_their_last_id(bench: Bench) -> None:
    await bench.add("a", **DESK)
    await move(bench)
    await move(bench, NEW, NEW - 1)
    await move(bench, -5, -6)
    moves = await bench.one("SELECT value_json FROM settings WHERE name = 'group_moves'")
    assert moves["value_json"] == {str(GROUP): NEW - 1, str(NEW): NEW - 1, "-5": -6}
