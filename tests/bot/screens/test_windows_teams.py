"""/settings → Teams: made by a typed line, set up by taps."""

import pytest

from holdline.desk.teams.routing import prefers_last_handler
from holdline.store.engine import Store
from holdline.store.people import admin_log, managers, teams
from tests.bot.desk_kit import Staff
from tests.bot.screens.test_windows_settings import settings
from tests.bot.staging import IVAN


@pytest.mark.row("S-03")
async def test_a_team_is_made_by_a_line_and_set_up_by_taps(group_desk: Store) -> None:
    await group_desk.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    window = await settings(Staff(group_desk))
    await window.press("open:teams")
    await window.type("Refunds")
    await window.press(f"member:{IVAN}", "routing:least_loaded", "capacity:3")
    (team,) = await group_desk.read(teams.list_all)
    assert (team.name, team.routing, team.capacity) == ("Refunds", "least_loaded", 3)
    assert [member.person.name for member in team.members] == ["Ivan"]
    await window.press(f"member:{IVAN}", "capacity:0", "delete", "delete!")
    assert await group_desk.read(teams.list_all) == []


async def test_a_team_is_deleted_only_after_a_question(group_desk: Store) -> None:
    staff = Staff(group_desk)
    window = await settings(staff)
    await window.press("open:teams")
    await window.type("Refunds")
    await window.press("delete")
    assert "Refunds" in staff.gateway.window
    assert [data.split(":")[2] for data in staff.gateway.offered] == ["delete!", "keep"]
    await window.press("keep")
    assert [team.name for team in await group_desk.read(teams.list_all)] == ["Refunds"]
    await window.press("delete", "delete!")
    assert await group_desk.read(teams.list_all) == []


async def test_more_people_than_a_page_holds_can_be_members(group_desk: Store) -> None:
    last = IVAN + 25
    for telegram_id in range(IVAN, last + 1):
        name = f"Person {telegram_id}"
        await group_desk.act(
            lambda tx, t=telegram_id, n=name: managers.insert(tx, telegram_id=t, name=n, role="agent")
        )
    staff = Staff(group_desk)
    window = await settings(staff)
    await window.press("open:teams")
    await window.type("Refunds")
    await window.press("page:20")
    assert f"{window.form}:member:{last}" in staff.gateway.offered
    await window.press(f"member:{last}")
    (team,) = await group_desk.read(teams.list_all)
    assert [member.person.telegram_id for member in team.members] == [last]


async def test_preferring_the_last_handler_is_switched_by_a_tap_and_logged(group_desk: Store) -> None:
    window = await settings(Staff(group_desk))
    await window.press("open:teams", "prefer")
    assert await group_desk.read(prefers_last_handler)
    (line, *_) = await group_desk.read(admin_log.page)
    assert (line["change"], line["manager_name"]) == ("last_handler_preference_switched", "Maria")
    await window.press("prefer")
    assert not await group_desk.read(prefers_last_handler)
