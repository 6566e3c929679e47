"""Settings → Calendars, SLA policies, My time zone; and how a policy appears on the card."""

import pytest

from holdline.desk.settings import calendars, sla_policies
from holdline.dialogs.sla.typed import read_policy_line
from holdline.store.engine import Store
from tests.bot.desk_kit import Staff, thread_of
from tests.bot.staging import GROUP, manager, opened, words, wrote

OFFICE = "Office; Europe/Warsaw; mon-fri 09:00-13:00 14:00-17:00, sat 10:00-24:00; 2026-12-25"
GOLD = "Gold; first 30m; next 2h; close 2d; priority urgent; calendar Office"


@pytest.fixture
def staff(group_desk: Store) -> Staff:
    return Staff(group_desk)


async def page(staff: Staff, name: str) -> tuple[int, str]:
    """The window, open at that page, and how its buttons begin."""
    await staff.says("/settings")
    window = await staff.answer()
    form = window.form
    await staff.presses(f"{form}:open:{name}", on=window.number)
    return window.number, form


async def test_a_calendar_is_typed_shown_and_deleted(staff: Staff) -> None:
    number, form = await page(staff, "calendars")
    await staff.says(OFFICE)
    assert "• Office; Europe/Warsaw; mon 09:00-13:00 14:00-17:00," in staff.gateway.window
    (made,) = await staff.store.read(calendars.list_calendars)
    assert (made.hours["sat"], made.holidays) == ([["10:00", "24:00"]], ["2026-12-25"])
    await staff.presses(f"{form}:delete:{made.id}", on=number)
    assert len(await staff.store.read(calendars.list_calendars)) == 1
    await staff.presses(f"{form}:delete!:{made.id}", on=number)
    assert await staff.store.read(calendars.list_calendars) == []


async def test_days_are_typed_in_russian_and_polish(staff: Staff) -> None:
    await page(staff, "calendars")
    await staff.says("Офис; UTC; пн-ср 09:00-18:00, вс 10:00-12:00")
    await staff.says("Biuro; UTC; sb-pn 09:00–18:00")
    first, second = await staff.store.read(calendars.list_calendars)
    assert list(first.hours) == ["mon", "tue", "wed", "sun"]
    assert list(second.hours) == ["sat", "sun", "mon"]


@pytest.mark.parametrize(
    "line",
    [
        "Office",
        "Office; Mars; mon 09:00-17:00",
        "Office; UTC; someday 09:00-17:00",
        "Office; UTC; mon 17:00-09:00",
        "Office; UTC; mon 09:00-17:00,",
        "Office; UTC; mon 09:00-17:00,, tue 09:00-17:00",
    ],
)
async def test_an_invalid_calendar_is_answered_with_a_sentence(staff: Staff, line: str) -> None:
    await page(staff, "calendars")
    await staff.says(line)
    await staff.answer()
    assert await staff.store.read(calendars.list_calendars) == []


@pytest.mark.row("W-26")
async def test_a_policy_is_typed_and_shown_on_the_cards_of_its_dialogs(staff: Staff) -> None:
    await page(staff, "calendars")
    await staff.says(OFFICE)
    number, form = await page(staff, "sla")
    await staff.says("Any; first 30m; close 1d")
    await staff.says(GOLD)
    first, second = await staff.store.read(sla_policies.list_policies)
    assert (second.conditions, second.calendar_name) == ({"priority": "urgent"}, "Office")
    await wrote(staff.store, words())
    await opened(staff.store)
    (card,) = await staff.heard("info_card")
    assert "⏱ SLA: Any · first answer by 2026-01-01 00:30 UTC · close by 2026-01-02 00:00 UTC" in card.text
    await staff.presses(f"{form}:delete!:{first.id}", on=number)
    (card,) = await staff.heard("info_card_edit")
    assert "SLA" not in card.text


@pytest.mark.parametrize(
    "line", ["Gold", "Gold; soon 2h", "Gold; first", "Gold; first 2x", "Gold; first 2h; type Nothing"]
)
async def test_an_invalid_policy_is_answered_with_a_sentence(staff: Staff, line: str) -> None:
    await page(staff, "sla")
    await staff.says(line)
    await staff.answer()
    assert await staff.store.read(sla_policies.list_policies) == []


@pytest.mark.row("W-26")
async def test_a_policy_is_chosen_on_the_card(staff: Staff) -> None:
    for line in ("Any; close 1d", "Gold; close 2h; priority urgent"):
        values = read_policy_line(line)
        await staff.store.act(
            lambda tx, values=values: sla_policies.add_policy(tx, manager=None, values=values)
        )
    await wrote(staff.store, words())
    await opened(staff.store)
    (card,) = await staff.heard("info_card")
    place = {"chat": GROUP, "thread": await thread_of(staff.store, 1)}
    await staff.presses("dlg.edit:1", on=card.number, **place)
    window = await staff.answer()
    form = window.form
    for data in ("edit:sla_policy", "sla_policy:2", "save"):
        await staff.presses(f"{form}:{data}", on=window.number, **place)
    (card,) = await staff.heard("info_card_edit")
    assert "⏱ SLA: Gold · close by 2026-01-01 02:00 UTC" in card.text


async def test_managers_set_their_own_time_zone(staff: Staff) -> None:
    number, form = await page(staff, "time_zone")
    await staff.says("Europe/Warsaw")
    assert (await staff.store.read(manager)).time_zone == "Europe/Warsaw"
    await staff.says("Mars")
    assert (await staff.store.read(manager)).time_zone == "Europe/Warsaw"
    await staff.presses(f"{form}:desk", on=number)
    assert (await staff.store.read(manager)).time_zone is None


async def test_a_calendar_in_use_is_changed_by_writing_its_line_again(staff: Staff) -> None:
    number, form = await page(staff, "calendars")
    await staff.says(OFFICE)
    (made,) = await staff.store.read(calendars.list_calendars)
    await page(staff, "sla")
    await staff.says(GOLD)
    number, form = await page(staff, "calendars")
    await staff.presses(f"{form}:edit:{made.id}", on=number)
    assert "It is now:\nOffice; Europe/Warsaw; mon" in staff.gateway.window
    await staff.says("Office; Europe/Warsaw; mon 25:00-26:00")
    await staff.answer()
    await staff.says("Office; Europe/Warsaw; mon-fri 09:00-17:00; 2026-12-25 2027-01-01")
    (changed,) = await staff.store.read(calendars.list_calendars)
    assert (changed.id, changed.holidays) == (made.id, ["2026-12-25", "2027-01-01"])
    (policy,) = await staff.store.read(sla_policies.list_policies)
    assert policy.calendar_name == "Office"
    await staff.says("Night; UTC; mon-fri 22:00-24:00")
    assert [each.name for each in await staff.store.read(calendars.list_calendars)] == ["Office", "Night"]


async def test_a_policy_is_changed_with_its_turn_and_deadlines_kept(staff: Staff) -> None:
    number, form = await page(staff, "sla")
    await staff.says("Any; first 30m; close 1d")
    await staff.says("Later; close 9d")
    first, _ = await staff.store.read(sla_policies.list_policies)
    await wrote(staff.store, words())
    await opened(staff.store)
    await staff.presses(f"{form}:edit:{first.id}", on=number)
    await staff.says("Any; first 45m")
    changed, last = await staff.store.read(sla_policies.list_policies)
    assert (changed.id, changed.durations, last.name) == (first.id, {"first_response": "45m"}, "Later")
    (card,) = await staff.heard("info_card")
    assert "⏱ SLA: Any · first answer by 2026-01-01 00:45 UTC\n" in f"{card.text}\n"


async def test_deleting_a_policy_states_what_happens_to_its_deadlines(staff: Staff) -> None:
    number, form = await page(staff, "sla")
    await staff.says("Any; first 30m")
    (made,) = await staff.store.read(sla_policies.list_policies)
    await staff.presses(f"{form}:delete:{made.id}", on=number)
    assert "Its deadlines disappear from open dialogs" in staff.gateway.window
    assert "keep it" not in staff.gateway.window


async def test_a_tap_moves_a_policy_up(staff: Staff) -> None:
    number, form = await page(staff, "sla")
    for line in ("Any; close 9d", "Slow; close 5d", "Gold; close 1d; priority normal"):
        await staff.says(line)
    _, _, gold = await staff.store.read(sla_policies.list_policies)
    for expected in (["Any", "Gold", "Slow"], ["Gold", "Any", "Slow"], ["Gold", "Any", "Slow"]):
        await staff.presses(f"{form}:up:{gold.id}", on=number)
        policies = await staff.store.read(sla_policies.list_policies)
        assert [policy.name for policy in policies] == expected
    await wrote(staff.store, words())
    await opened(staff.store)
    (card,) = await staff.heard("info_card")
    assert "⏱ SLA: Gold" in card.text
