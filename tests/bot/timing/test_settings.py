"""Settings → Calendars, SLA policies, My time zone; and what a policy puts on the card."""

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
async def test_a_calendar_that_makes_no_sense_is_answered_in_words(staff: Staff, line: str) -> None:
    await page(staff, "calendars")
    await staff.says(line)
    await staff.answer()
    assert await staff.store.read(calendars.list_calendars) == []


@pytest.mark.row("W-26")
async def test_a_policy_is_typed_and_stands_on_the_cards_of_what_it_fits(staff: Staff) -> None:
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
async def test_a_policy_that_makes_no_sense_is_answered_in_words(staff: Staff, line: str) -> None:
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


async def test_everybody_sets_their_own_time_zone(staff: Staff) -> None:
    number, form = await page(staff, "time_zone")
    await staff.says("Europe/Warsaw")
    assert (await staff.store.read(manager)).time_zone == "Europe/Warsaw"
    await staff.says("Mars")
    assert (await staff.store.read(manager)).time_zone == "Europe/Warsaw"
    await staff.presses(f"{form}:desk", on=number)
    assert (await staff.store.read(manager)).time_zone is None
