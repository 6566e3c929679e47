"""Every value of a dialog besides its title, changed in one window and saved in one entry."""

from typing import Any

import pytest

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.settings.desk_fields import add_field
from holdline.desk.settings.lists import add_to_list
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs, history, lists
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import GROUP, manager, opened, words, wrote

LISTS = {"queues": "Second line", "root_causes": "Courier", "stages": "At the bank", "tags": "vip"}
KINDS = {"Order": "text", "Pieces": "number", "Sent on": "date", "Damage": "choice", "Insured": "yes_no"}


def lay(tx: Tx) -> dict[str, int]:
    """Lists and fields of the desk, by the name under which they are pressed."""
    ids = {}
    for kind, name in LISTS.items():
        ids[name] = add_to_list(tx, manager=manager(tx), kind=kind, name=name)["id"]
    for name, kind in KINDS.items():
        choices = {"choices": ["none", "box"]} if kind == "choice" else {}
        ids[name] = add_field(tx, manager=manager(tx), values={"name": name, "kind": kind, **choices}).id
    return ids


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    await opened(group_desk)
    return Staff(group_desk)


async def edit_window(staff: Staff) -> tuple[Said, str]:
    card = (await staff.heard("info_card"))[0]
    await staff.presses("dlg.edit:1", chat=GROUP, on=card.number, thread=await thread_of(staff.store, 1))
    assert "dlg.edit:1" in card.offered
    window = await staff.answer()
    return window, window.form


async def press(staff: Staff, window: Said, *data: str) -> None:
    thread = await thread_of(staff.store, 1)
    for one in data:
        await staff.presses(one, chat=GROUP, on=window.number, thread=thread)


async def write(staff: Staff, text: str) -> None:
    await staff.says(text, chat=GROUP, thread=await thread_of(staff.store, 1))


async def state(staff: Staff) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, 1))


def changes(tx: Tx) -> list[Row]:
    return tx.all("SELECT data_json FROM history WHERE kind = 'dialog_changed'")


@pytest.mark.row("R-10")
@pytest.mark.row("R-11")
@pytest.mark.row("R-13")
@pytest.mark.row("R-09")
@pytest.mark.row("S-18")
async def test_stage_queue_priority_tags_causes_and_description_are_one_entry(staff: Staff) -> None:
    ids = await staff.store.act(lay)
    window, form = await edit_window(staff)
    await press(staff, window, f"{form}:edit:stage", f"{form}:stage:{ids['At the bank']}")
    await press(staff, window, f"{form}:edit:queue", f"{form}:queue:{ids['Second line']}")
    await press(staff, window, f"{form}:edit:priority", f"{form}:priority:3")
    await press(
        staff, window, f"{form}:edit:root_causes", f"{form}:root_causes:{ids['Courier']}", f"{form}:back"
    )
    await press(staff, window, f"{form}:edit:tags", f"{form}:tags:{ids['vip']}", f"{form}:back")
    await press(staff, window, f"{form}:edit:description")
    await write(staff, "The parcel went to Oslo")
    assert staff.gateway.window.count("unsaved") == 6 and (await state(staff)).stage == "New"
    await press(staff, window, f"{form}:save")
    dialog = await state(staff)
    assert (dialog.stage, dialog.queue, dialog.priority) == ("At the bank", "Second line", "urgent")
    assert (dialog.root_causes, dialog.description) == (("Courier",), "The parcel went to Oslo")
    (entry,) = await staff.store.read(changes)
    assert entry["data_json"]["stage"] == ["New", "At the bank"] and len(entry["data_json"]) == 6
    card = (await staff.heard("info_card_edit"))[-1].text
    for line in ("Stage: At the bank", "Type: Support", "Priority: urgent", "Queue: Second line"):
        assert line in card
    assert "Tags: vip" in card and "Root causes: Courier" in card
    assert "Description: The parcel went to Oslo" in card


@pytest.mark.row("R-14")
async def test_each_own_field_has_its_button_and_its_kind(staff: Staff) -> None:
    ids = await staff.store.act(lay)
    window, form = await edit_window(staff)
    for name, wrong, right in (
        ("Pieces", "many", "2,5"),
        ("Sent on", "31.02.2026", "28.02.2026"),
        ("Order", "", "A-1"),
    ):
        await press(staff, window, f"{form}:edit:own{ids[name]}")
        if wrong:
            await write(staff, wrong)
            assert "⚠️" in staff.gateway.window
        await write(staff, right)
    await press(staff, window, f"{form}:edit:own{ids['Damage']}", f"{form}:own{ids['Damage']}:1")
    await press(staff, window, f"{form}:edit:own{ids['Insured']}", f"{form}:own{ids['Insured']}:1")
    assert "Insured: no · unsaved" in staff.gateway.window
    await press(staff, window, f"{form}:save")
    values: dict[str, Any] = {
        "Order": "A-1",
        "Pieces": 2.5,
        "Sent on": "2026-02-28",
        "Damage": "box",
        "Insured": False,
    }
    assert (await state(staff)).fields == values
    card = (await staff.heard("info_card_edit"))[-1].text
    assert "Damage: box" in card and "Insured: no" in card
    await staff.says("/history #1")
    assert "Damage: — → box" in (await staff.answer()).text


async def test_a_value_is_removed_by_a_button(staff: Staff) -> None:
    ids = await staff.store.act(lay)
    values = {"queue": "Second line", "fields": {"Damage": "box"}}
    await staff.store.act(lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=1, changes=values))
    window, form = await edit_window(staff)
    await press(staff, window, f"{form}:edit:queue", f"{form}:queue:none")
    await press(staff, window, f"{form}:edit:own{ids['Damage']}", f"{form}:own{ids['Damage']}:none")
    await press(staff, window, f"{form}:save")
    dialog = await state(staff)
    assert (dialog.queue, dialog.fields) == (None, {})


async def test_saving_needs_confirmation_if_a_colleague_saved_first(staff: Staff) -> None:
    ids = await staff.store.act(lay)
    window, form = await edit_window(staff)
    await press(staff, window, f"{form}:edit:own{ids['Damage']}", f"{form}:own{ids['Damage']}:1")
    other = {"fields": {"Damage": "none"}}
    await staff.store.act(lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=1, changes=other))
    await press(staff, window, f"{form}:save")
    assert "Damage: none" in staff.gateway.window and (await state(staff)).fields == {"Damage": "none"}
    await press(staff, window, f"{form}:save")
    assert (await state(staff)).fields == {"Damage": "box"}


async def test_the_stage_closed_cannot_be_chosen(staff: Staff) -> None:
    window, form = await edit_window(staff)
    await press(staff, window, f"{form}:edit:stage")
    shown = str(staff.gateway.last("editMessageText").params["reply_markup"])
    assert "In handling" in shown and "Closed" not in shown


@pytest.mark.row("R-12")
async def test_a_tag_is_chosen_or_typed_by_a_manager_who_may_extend_the_list(staff: Staff) -> None:
    known = await staff.store.act(
        lambda tx: add_to_list(tx, manager=manager(tx), kind="tags", name="vip")["id"]
    )
    window, form = await edit_window(staff)
    await press(staff, window, f"{form}:edit:tags", f"{form}:tags:{known}")
    for tag in ("late", "VIP", "late"):
        await write(staff, tag)
    await press(staff, window, f"{form}:back", f"{form}:save")
    assert (await state(staff)).tags == ("late", "vip")
    names = await staff.store.read(lambda tx: [row["name"] for row in lists.of_kind(tx, "tags")])
    assert names == ["vip", "late"]


@pytest.mark.row("W-32")
async def test_own_stages_are_added_and_deleted_and_system_stages_are_kept(staff: Staff) -> None:
    await staff.heard()
    await staff.says("/settings")
    window = await staff.answer()
    form = window.form
    await staff.presses(f"{form}:open:stages", on=window.number)
    await staff.says("At the bank")
    named = await staff.store.read(lambda tx: {row["name"]: row["id"] for row in lists.of_kind(tx, "stages")})
    assert "At the bank" in named
    for name in ("New", "At the bank"):
        await staff.presses(f"{form}:delete:{named[name]}", on=window.number)
        await staff.presses(f"{form}:delete!:{named[name]}", on=window.number)
    left = await staff.store.read(lambda tx: [row["name"] for row in lists.of_kind(tx, "stages")])
    assert left == ["New", "In handling", "Awaiting review", "Closed"]


async def test_stages_of_the_system_are_named_in_the_readers_language(staff: Staff) -> None:
    await staff.says("/language ru")
    await staff.heard()
    await staff.says("/settings")
    window = await staff.answer()
    await staff.presses(f"{window.form}:open:stages", on=window.number)
    shown = str(staff.gateway.last("editMessageText").params["reply_markup"])
    assert "🗑 В работе" in shown and "In handling" not in shown


@pytest.mark.row("R-28")
async def test_a_close_sets_the_stage_and_history_records_it(staff: Staff) -> None:
    assert (await state(staff)).stage == "New"
    await staff.heard()
    await staff.says("/close #1 3")
    closed = await state(staff)
    assert (closed.state, closed.stage) == ("closed", "Closed")
    told = await staff.store.read(
        lambda tx: [(row["kind"], row["actor_name"]) for row in history.page(tx, dialog_id=1)]
    )
    assert ("dialog_opened", "Administrator") in told and ("dialog_closed", "Maria") in told
