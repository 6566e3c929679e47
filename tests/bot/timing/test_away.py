"""Outside its hours the desk answers once with the away message."""

from datetime import timedelta

import pytest

from holdline.desk.settings.calendars import add_calendar, switch_away_message
from holdline.desk.settings.standard_messages import standard_message
from holdline.dialogs.customer import MessageSender
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from tests.bot.desk_kit import Staff, to_customer
from tests.bot.staging import words, wrote

BORIS = MessageSender(telegram_id=510000002, name="Boris", language="en")
HOUR = timedelta(hours=1).total_seconds()
HOURS = {"thu": [["09:00", "17:00"]], "fri": [["09:00", "17:00"]]}
TEXT = "Nobody is here at the moment."


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    """The clock stands at midnight before a Thursday."""
    values = {"name": "Office", "timezone": "UTC", "hours": HOURS}
    await group_desk.act(lambda tx: add_calendar(tx, manager=None, values=values))
    return Staff(group_desk)


async def said_to_anna(staff: Staff, number: int) -> list[str]:
    await wrote(staff.store, words("Hello?", number))
    return to_customer(await staff.heard())


async def test_no_away_message_is_sent_until_a_calendar_is_chosen(staff: Staff) -> None:
    assert await said_to_anna(staff, 1) == []


async def test_each_customer_gets_the_away_message_once_until_the_desk_opens(
    staff: Staff, clock: ManualClock
) -> None:
    await staff.says("/settings")
    window = await staff.answer()
    form = window.form
    await staff.presses(f"{form}:open:calendars", on=window.number)
    await staff.presses(f"{form}:away:1", on=window.number)
    assert [text[: len(TEXT)] for text in await said_to_anna(staff, 1)] == [TEXT]
    clock.advance(HOUR)
    assert await said_to_anna(staff, 2) == []
    await wrote(staff.store, words("Hi", 3), BORIS)
    assert len(to_customer(await staff.heard(), BORIS)) == 1
    clock.advance(9 * HOUR)
    assert await said_to_anna(staff, 4) == [], "at ten somebody is there"
    clock.advance(10 * HOUR)
    assert len(await said_to_anna(staff, 5)) == 1, "the next night is another one"


async def test_the_away_message_is_switched_off_again(staff: Staff) -> None:
    for _ in range(2):
        await staff.store.act(lambda tx: switch_away_message(tx, manager=None, calendar_id=1))
    assert await said_to_anna(staff, 1) == []
    text, _ = await staff.store.read(lambda tx: standard_message(tx, name="away", language="pl"))
    assert text.startswith("Teraz nikogo tu nie ma.")
