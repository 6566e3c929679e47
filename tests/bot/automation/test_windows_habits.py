"""/settings → By itself."""

from holdline.desk.automation.habits import habits_of
from holdline.store.engine import Store
from holdline.store.people import admin_log, managers
from tests.bot.desk_kit import Staff
from tests.bot.screens.test_windows_settings import settings
from tests.bot.staging import IVAN


async def test_a_tap_lets_a_customers_answer_end_a_pause(group_desk: Store) -> None:
    staff = Staff(group_desk)
    window = await settings(staff)
    await window.press("open:habits")
    assert "marketing waits again" in staff.gateway.window
    await window.press("pause")
    assert (await group_desk.read(habits_of)).answer_ends_pause
    (line, *_) = await group_desk.read(admin_log.page)
    assert (line["change"], line["manager_name"]) == ("habits_changed", "Maria")
    await window.press("pause")
    assert not (await group_desk.read(habits_of)).answer_ends_pause


async def test_habits_need_the_permission_to_edit_settings(group_desk: Store) -> None:
    await group_desk.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    staff = Staff(group_desk)
    his = await settings(staff, IVAN)
    await his.press("open:habits")
    assert "dialog_settings.edit" in staff.gateway.toast
    await his.press("pause")
    assert not (await group_desk.read(habits_of)).answer_ends_pause


async def test_closing_after_silence_is_chosen_or_typed(group_desk: Store) -> None:
    staff = Staff(group_desk)
    window = await settings(staff)
    await window.press("open:habits", "warn", "list", "close", "set:3d")
    assert (await group_desk.read(habits_of)).close_after == "3d"
    assert "3 days" in str(staff.gateway.last("editMessageText").params["reply_markup"])
    await window.press("warn", "set:12h", "close")
    await window.type("10h")
    assert "longer than the time between" in (await staff.answer()).text
    await window.type("two weeks")
    assert "for example 90m" in (await staff.answer()).text
    habits = await group_desk.read(habits_of)
    assert (habits.close_after, habits.warn_before) == ("3d", "12h")
    await window.type("14d")
    assert (await group_desk.read(habits_of)).close_after == "14d"
    await window.press("set:1d")  # of a window that is gone
    assert (await group_desk.read(habits_of)).close_after == "14d"
    await window.press("close", "never")
    assert (await group_desk.read(habits_of)).close_after is None


async def test_every_duration_offered_on_a_button_is_valid(group_desk: Store) -> None:
    staff = Staff(group_desk)
    window = await settings(staff)
    await window.press("open:habits", "close")
    assert ":set:1d" not in await lengths(staff)
    assert ":set:2d" in await lengths(staff)
    await window.press("list", "warn", "set:4h", "close")
    assert ":set:12h" in await lengths(staff)
    await window.press("set:12h", "warn")
    assert (await group_desk.read(habits_of)).close_after == "12h"
    assert ":set:1d" not in await lengths(staff)


async def lengths(staff: Staff) -> str:
    return str(staff.gateway.last("editMessageText").params["reply_markup"])
