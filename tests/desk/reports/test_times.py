"""How long people waited, computed again by hand from the messages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.removals import undo_message
from holdline.desk.conversation.replies import write_in_general
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.inbox_items import ignore_item
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.reading.figures import make_report
from holdline.desk.settings.calendars import add_calendar, switch_away_message
from holdline.desk.settings.sla_policies import add_policy
from holdline.dialogs.closing import Closing
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.reports.kinds import ReportKind, ReportQuery
from holdline.dialogs.reports.numbers import Span
from holdline.dialogs.reports.worked_seconds import WorkedSeconds, whole_of
from holdline.dialogs.sla.calendar_input import read_calendar
from holdline.dialogs.sla.working_time import WEEK, work_between
from holdline.store.clock import ManualClock
from holdline.store.dialogs import inbox_items
from tests.desk.conftest import ANNA, Desk, text
from tests.desk.reports.steps import NOBODY, answers, figures, moved, one, opened, says, times

WARSAW = ZoneInfo("Europe/Warsaw")


def until(clock: ManualClock, *on_the_wall: int) -> float:
    """Seconds until then in Warsaw."""
    return (datetime(*on_the_wall, tzinfo=WARSAW) - clock.now()).total_seconds()


async def test_the_clock_of_a_first_response_starts_in_the_general_chat(
    desk: Desk, clock: ManualClock
) -> None:
    await says(desk)
    clock.advance(60)
    await says(desk)
    clock.advance(60)
    dialog_id = await opened(desk)
    clock.advance(30)
    await answers(desk, dialog_id)
    clock.advance(1000)
    await answers(desk, dialog_id)  # nobody waited for this one
    clock.advance(10)
    await says(desk)
    clock.advance(20)
    await says(desk)
    clock.advance(20)
    await answers(desk, dialog_id)
    clock.advance(100)
    await moved(desk, close_dialog, dialog_id, closing=Closing())

    found = await times(desk)

    assert found == {
        "first_response": one(60 + 60 + 30),
        "next_response": one(20 + 20),
        "resolution": one(60 + 60 + 30 + 1000 + 10 + 20 + 20 + 100),
    }
    assert list(found) == ["first_response", "next_response", "resolution"]


async def test_a_dialog_started_by_the_desk_has_no_first_response(desk: Desk, clock: ManualClock) -> None:
    dialog_id = await opened(desk)
    await answers(desk, dialog_id)
    clock.advance(500)
    await says(desk)
    clock.advance(5)
    await answers(desk, dialog_id)
    found = await times(desk)
    assert (found["first_response"], found["next_response"]) == (NOBODY, one(5))


async def test_only_a_managers_kept_public_reply_ends_a_wait(desk: Desk, clock: ManualClock) -> None:
    dialog_id = await opened(desk)
    await says(desk)
    clock.advance(10)
    await desk.store.act(add_note, manager=desk.maria, dialog_id=dialog_id, text="A thief?")
    smart = OutboundRequest(ANNA.telegram_id, MessageClass.SMART_REPLY, "We are open till five")
    await desk.store.act(accept_outbound, order=smart)
    taken_back = await answers(desk, dialog_id)
    await desk.store.act(undo_message, manager=desk.maria, message_id=taken_back)
    clock.advance(30)
    assert (await times(desk))["first_response"] == NOBODY
    await answers(desk, dialog_id)
    assert (await times(desk))["first_response"] == one(40)


@pytest.mark.parametrize("end", ["pause", "close", "ignore"])
async def test_a_wait_that_ends_without_an_answer_is_not_counted(
    desk: Desk, clock: ManualClock, end: str
) -> None:
    """Nobody has waited three weeks for an answer to words that wanted none."""
    if end == "ignore":
        await says(desk)
        item = await desk.store.act(inbox_items.lock_new, desk.anna.id)
        assert item is not None
        clock.advance(1)
        await desk.store.act(ignore_item, manager=desk.maria, item_id=item.id)
    else:
        dialog_id = await opened(desk)
        clock.advance(1)
        await says(desk)
        clock.advance(1)
        if end == "close":
            await moved(desk, close_dialog, dialog_id, closing=Closing())
        else:
            await moved(desk, pause_dialog, dialog_id)
    clock.advance(86400 * 21)
    await says(desk)
    clock.advance(7)
    await desk.store.act(
        write_in_general, manager=desk.maria, customer_id=desk.anna.id, content=text("Hello again")
    )
    assert (await times(desk))["first_response"] == one(7)


async def test_mean_median_and_p90_as_a_spreadsheet_gives_them(desk: Desk, clock: ManualClock) -> None:
    dialog_id = await opened(desk)
    await answers(desk, dialog_id)
    for seconds in (10, 20, 30, 40, 100):
        await says(desk)
        clock.advance(seconds)
        await answers(desk, dialog_id)
    assert (await times(desk))["next_response"] == {
        "count": 5,
        "mean": 40,
        "median": 30,
        "p90": pytest.approx(76),
    }


async def test_a_value_belongs_to_the_period_in_which_it_ended(desk: Desk, clock: ManualClock) -> None:
    await says(desk)
    dialog_id = await opened(desk)
    clock.advance(3600)
    between = clock.now()
    clock.advance(3600)
    await answers(desk, dialog_id)
    await moved(desk, close_dialog, dialog_id, closing=Closing())
    assert await times(desk, to_at=between) == dict.fromkeys(await times(desk), NOBODY)
    assert (await times(desk, from_at=between))["first_response"] == one(7200)
    before, after = (
        await figures(desk, "dialogs", to_at=between),
        await figures(desk, "dialogs", from_at=between),
    )
    assert before == {"opened": 1, "closed": 0, "active": 1, "paused": 0, "overdue": 0, "customers": 1}
    assert after == {"opened": 0, "closed": 1, "active": 0, "paused": 0, "overdue": 0, "customers": 0}


OFFICE = {
    "name": "Office",
    "timezone": "Europe/Warsaw",
    "hours": {"mon": [["09:00", "17:00"]], "fri": [["09:00", "17:00"]]},
}
ROUND_THE_CLOCK = {
    "name": "Night shift",
    "timezone": "UTC",
    "hours": {day: [["00:00", "24:00"]] for day in WEEK},
}


async def test_working_time_leaves_out_nights_and_weekends(desk: Desk, clock: ManualClock) -> None:
    """By hand, on the clocks of Warsaw: Friday 16:50 to Monday 9:05 is ten minutes and five."""
    await desk.store.act(add_calendar, manager=None, values=OFFICE)
    clock.advance(until(clock, 2026, 3, 27, 16, 50))
    await says(desk)
    clock.advance(until(clock, 2026, 3, 30, 9, 5))  # summer time has begun meanwhile
    dialog_id = await opened(desk)
    await answers(desk, dialog_id)
    clock.advance(until(clock, 2026, 3, 30, 16, 0))
    await says(desk)
    clock.advance(until(clock, 2026, 3, 30, 20, 0))
    await answers(desk, dialog_id)
    await moved(desk, close_dialog, dialog_id, closing=Closing())

    report = await desk.store.read(make_report, kind=ReportKind.TIMES, asked=ReportQuery())

    assert report.working == {
        "first_response": one(15 * 60),
        "next_response": one(60 * 60),
        "resolution": one(10 * 60 + 8 * 3600),
    }
    assert report.figures["first_response"] == one(7 * 3600 + 10 * 60 + 2 * 86400 - 3600 + 9 * 3600 + 5 * 60)


async def test_without_a_calendar_there_is_no_working_time(desk: Desk) -> None:
    report = await desk.store.read(make_report, kind=ReportKind.TIMES, asked=ReportQuery())
    assert report.working is None


async def test_a_policy_counts_in_its_own_hours_and_the_rest_in_those_of_the_desk(
    desk: Desk, clock: ManualClock
) -> None:
    await desk.store.act(add_calendar, manager=None, values=OFFICE)
    await desk.store.act(add_calendar, manager=None, values=ROUND_THE_CLOCK)
    policy = {"name": "Urgent", "if": {"priority": "urgent"}, "resolution": "4h", "calendar": "Night shift"}
    await desk.store.act(add_policy, manager=None, values=policy)
    clock.advance(until(clock, 2026, 3, 6, 16, 0))
    usual = await opened(desk)
    clock.advance(until(clock, 2026, 3, 6, 19, 0))
    await moved(desk, close_dialog, usual, closing=Closing())
    urgent = await opened(desk)
    await moved(desk, change_dialog, urgent, changes={"priority": "urgent"})
    clock.advance(until(clock, 2026, 3, 6, 21, 0))
    await moved(desk, close_dialog, urgent, closing=Closing())
    found = await desk.store.read(make_report, kind=ReportKind.TIMES, asked=ReportQuery())
    assert found.working is not None and found.working["resolution"]["mean"] == (3600 + 7200) / 2
    assert found.figures["resolution"]["mean"] == (3 * 3600 + 7200) / 2


async def test_the_calendar_of_the_away_message_is_that_of_the_desk(desk: Desk, clock: ManualClock) -> None:
    await desk.store.act(add_calendar, manager=None, values=OFFICE)
    night = await desk.store.act(add_calendar, manager=None, values=ROUND_THE_CLOCK)
    await desk.store.act(switch_away_message, manager=None, calendar_id=night.id)
    clock.advance(until(clock, 2026, 3, 7, 12, 0))  # a Saturday
    dialog_id = await opened(desk)
    clock.advance(60)
    await moved(desk, close_dialog, dialog_id, closing=Closing())
    found = await desk.store.read(make_report, kind=ReportKind.TIMES, asked=ReportQuery())
    assert found.working is not None and found.working["resolution"] == one(60)


@given(
    start=st.integers(0, 400 * 86400), lengths=st.lists(st.integers(0, 20 * 86400), min_size=1, max_size=5)
)
def test_tabulated_working_seconds_equal_those_of_the_calendar(start: int, lengths: list[int]) -> None:
    """Over both changes of the clocks, and frames that pass midnight."""
    hours = {
        "sat": [["22:00", "24:00"]],
        "sun": [["00:00", "03:30"], ["09:15", "12:00"]],
        "mon": [["09:00", "17:00"]],
    }
    calendar = read_calendar("Europe/Warsaw", hours, ["2026-04-06"])
    first = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=start)
    spans = [
        Span(first + timedelta(seconds=n * 977), first + timedelta(seconds=n * 977 + length))
        for n, length in enumerate(lengths)
    ]
    worked = WorkedSeconds(calendar, whole_of(spans))
    for span in spans:
        assert worked(span) == work_between(calendar, span.start, span.end).total_seconds()
