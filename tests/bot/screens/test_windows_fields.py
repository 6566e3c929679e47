"""/settings → Own fields: added by a small wizard, changed, moved and deleted by taps; same rules as at the API."""

import pytest

from holdline.desk.dialogs.changes import change_dialog
from holdline.dialogs.decisions.desk_fields import DeskField
from holdline.store.dialogs import desk_fields, dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Staff
from tests.bot.screens.test_windows_settings import Settings, settings
from tests.bot.staging import manager, opened, words, wrote

Window = tuple[Staff, Settings]


@pytest.fixture
async def fields_page(group_desk: Store) -> Window:
    staff = Staff(group_desk)
    window = await settings(staff)
    await window.press("open:fields")
    return staff, window


async def stored(store: Store) -> list[DeskField]:
    return await store.read(desk_fields.all_fields)


async def names(store: Store) -> list[str]:
    return [field.name for field in await stored(store)]


async def test_a_field_is_made_by_a_name_a_tap_and_its_choices(fields_page: Window) -> None:
    staff, window = fields_page
    await window.type("Damage")
    await window.press("kind:choice")
    assert await stored(staff.store) == []
    await window.type("none, box, goods")
    (field,) = await stored(staff.store)
    assert (field.name, field.kind, field.choices) == ("Damage", "choice", ("none", "box", "goods"))
    assert "Can be chosen: none, box, goods" in staff.gateway.window
    await window.press("ask:choices")
    await window.type("none\nbox, broken\ngoods")
    (field,) = await stored(staff.store)
    assert field.choices == ("none", "box, broken", "goods")


@pytest.mark.parametrize("kind", ["text", "number", "date", "yes_no"])
async def test_other_kinds_of_fields_take_one_tap(fields_page: Window, kind: str) -> None:
    staff, window = fields_page
    await window.type("Order")
    await window.type("Order number")
    await window.press(f"kind:{kind}")
    (field,) = await stored(staff.store)
    assert (field.name, field.kind, field.required_on_close) == ("Order number", kind, ())


async def test_ticked_types_need_a_value_at_the_close(fields_page: Window) -> None:
    staff, window = fields_page
    await window.type("Order")
    await window.press("kind:text")
    types = {data for data in staff.gateway.offered if ":type:" in data}
    assert len(types) == 2
    refund = max(types, key=lambda data: int(data.rpartition(":")[2])).partition(f"{window.form}:")[2]
    await window.press(refund)
    assert (await stored(staff.store))[0].required_on_close == ("Refund",)
    await window.press("list")
    assert "▫️ Order · 🔤 Text · needed to close: Refund" in staff.gateway.window
    await window.press(f"show:{(await stored(staff.store))[0].id}", refund)
    assert (await stored(staff.store))[0].required_on_close == ()


async def test_fields_move_up_and_down_and_cards_show_them_so(fields_page: Window) -> None:
    staff, window = fields_page
    for name in ("A", "B", "C"):
        await window.type(name)
        await window.press("kind:text", "list")
    first, second, third = await stored(staff.store)
    await window.press(f"show:{third.id}", "up")
    assert await names(staff.store) == ["A", "C", "B"]
    await window.press("up", "up")
    assert await names(staff.store) == ["C", "A", "B"]
    await window.press("list", f"show:{second.id}", "down", "up")
    assert await names(staff.store) == ["C", "B", "A"]
    await window.press("list")
    await window.type("D")
    await window.press("kind:text", "list")
    assert await names(staff.store) == ["C", "B", "A", "D"]
    await wrote(staff.store, words())
    dialog = await opened(staff.store)
    await staff.heard()
    values = {"fields": {"A": "1", "C": "3", "D": "4"}}
    await staff.store.act(
        lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=dialog.id, changes=values)
    )
    shown = await staff.store.read(lambda tx: dialogs.by_id(tx, dialog.id))
    assert list(shown.fields) == ["C", "A", "D"]
    assert first.name == "A"


async def test_deleting_a_field_states_what_happens_to_its_values(fields_page: Window) -> None:
    staff, window = fields_page
    await window.type("Order")
    await window.press("kind:text", "ask:delete")
    assert "No dialog has a value of it." in staff.gateway.window
    await window.press("shown")
    await wrote(staff.store, words())
    dialog = await opened(staff.store)
    await staff.heard()
    values = {"fields": {"Order": "A-1"}}
    await staff.store.act(
        lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=dialog.id, changes=values)
    )
    await window.press("ask:delete")
    assert "1 dialog has a value of it" in staff.gateway.window
    assert "starts empty" in staff.gateway.window
    await window.press("delete!")
    assert await stored(staff.store) == []
    assert (await staff.store.read(lambda tx: dialogs.by_id(tx, dialog.id))).fields == {}
    await window.press("delete!", "up", "type:1", "ask:name", "kind:text")
    assert await stored(staff.store) == []


LIST = ("list",)
WRONG = [
    ("“order”", LIST, "“order”"),
    ("\u200f", LIST, ""),
    ("x" * 200, LIST, "at most 64"),
    ("damage", ("list", "show:1", "ask:name"), "damage"),
    (" , ,", ("list", "show:2", "ask:choices"), "at least one"),
]


@pytest.mark.parametrize(("written", "way", "told"), WRONG)
async def test_a_wrong_name_or_choice_is_one_sentence_and_changes_nothing(
    fields_page: Window, written: str, way: tuple[str, ...], told: str
) -> None:
    staff, window = fields_page
    await window.type("“Order”")
    await window.press("kind:text", "list")
    await window.type("Damage")
    await window.press("kind:choice")
    await window.type("a,b")
    before = await stored(staff.store)
    await window.press(*way)
    await staff.heard()
    await window.type(written)
    (said,) = await staff.heard("text")
    assert told in said.text
    assert "\n" not in said.text
    assert await stored(staff.store) == before


async def test_a_manager_who_may_not_change_settings_sees_no_fields(group_desk: Store) -> None:
    staff = Staff(group_desk)
    await group_desk.act(lambda tx: managers.insert(tx, telegram_id=400000078, name="Ivan", role="agent"))
    window = await settings(staff, 400000078)
    await window.press("open:fields")
    assert "dialog_settings.edit" in staff.gateway.toast
