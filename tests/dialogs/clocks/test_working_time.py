"""Working time of a calendar, also over clock changes, midnight, holidays and skipped days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.sla.calendar_input import Hours, read_calendar
from holdline.dialogs.sla.working_time import (
    WEEK,
    Calendar,
    add_working_time,
    parse_duration,
    work_between,
)
from holdline.dialogs.text.times import zone_of

WARSAW = "Europe/Warsaw"
OFFICE: Hours = {day: [["09:00", "17:00"]] for day in WEEK[:5]}
ALWAYS: Hours = {day: [["00:00", "24:00"]] for day in WEEK}
HOUR = timedelta(hours=1)


def at(*when: int, zone: str = WARSAW) -> datetime:
    return datetime(*when, tzinfo=zone_of(zone)).astimezone(UTC)  # type: ignore[arg-type,misc]


def office(*holidays: str) -> Calendar:
    return read_calendar(WARSAW, OFFICE, holidays)


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        pytest.param((2026, 3, 2, 10), "4h", (2026, 3, 2, 14), id="within a day"),
        pytest.param((2026, 3, 2, 15), "4h", (2026, 3, 3, 11), id="the rest on the next day"),
        pytest.param((2026, 3, 2, 9), "8h", (2026, 3, 2, 17), id="exactly to the end of a day"),
        pytest.param((2026, 3, 6, 16), "2h", (2026, 3, 9, 10), id="over a weekend"),
        pytest.param((2026, 3, 7, 12), "1h", (2026, 3, 9, 10), id="begins on a free day"),
        pytest.param((2026, 3, 2, 3), "30m", (2026, 3, 2, 9, 30), id="no reminder at midnight"),
        pytest.param((2026, 3, 2, 10), "2d", (2026, 3, 4, 10), id="16 hours are two working days"),
        pytest.param((2026, 3, 27, 16), "2h", (2026, 3, 30, 10), id="over the beginning of summer time"),
        pytest.param((2026, 10, 23, 16), "2h", (2026, 10, 26, 10), id="over its end"),
        pytest.param((2026, 12, 24, 16), "2h", (2026, 12, 28, 10), id="over a holiday and a weekend"),
    ],
)
def test_an_office_counts_its_hours(start: tuple[int, ...], length: str, expected: tuple[int, ...]) -> None:
    calendar = office("2026-12-25")
    wanted = parse_duration(length, calendar, field="x")
    assert add_working_time(calendar, at(*start), wanted) == at(*expected)
    assert work_between(calendar, at(*start), at(*expected)) == wanted


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)])
def test_the_day_of_a_clock_change_has_its_real_length(day: tuple[int, ...], hours: int) -> None:
    calendar = read_calendar(WARSAW, ALWAYS, [])
    start = at(*day)
    following = date(*day) + timedelta(days=1)
    end = at(following.year, following.month, following.day)
    assert work_between(calendar, start, end) == end - start == timedelta(hours=hours)


def test_a_skipped_hour_counts_zero_and_a_repeated_hour_counts_twice() -> None:
    night = read_calendar(WARSAW, {"sun": [["02:00", "03:00"]]}, [])
    assert work_between(night, at(2026, 3, 28, 12), at(2026, 3, 29, 12)) == timedelta()
    assert work_between(night, at(2026, 10, 24, 12), at(2026, 10, 25, 12)) == 2 * HOUR


def test_a_day_that_a_country_skipped_counts_nothing() -> None:
    calendar = read_calendar("Pacific/Apia", ALWAYS, [])
    start = at(2011, 12, 29, zone="Pacific/Apia")
    end = at(2012, 1, 1, zone="Pacific/Apia")
    assert work_between(calendar, start, end) == end - start == 48 * HOUR


def test_working_hours_over_midnight_are_two_frames() -> None:
    nights = read_calendar("UTC", {"mon": [["22:00", "24:00"]], "tue": [["00:00", "06:00"]]}, [])
    monday = datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert add_working_time(nights, monday, 3 * HOUR) == datetime(2026, 3, 3, 2, tzinfo=UTC)
    assert nights.day == 6 * HOUR


def test_without_a_calendar_every_moment_counts_and_a_day_is_24_hours() -> None:
    start = at(2026, 3, 28, 12)
    assert add_working_time(None, start, parse_duration("1d", None, field="x")) == start + 24 * HOUR
    assert work_between(None, start, start + HOUR) == HOUR
    assert work_between(None, start, start - HOUR) == timedelta()


@pytest.mark.parametrize(
    "text", ["", "4", "h", "4x", "-4h", "0h", "1.5h", "4 h", "1h30m", "4H", "9000d", "99999999h"]
)
def test_the_refusal_of_an_invalid_duration_names_its_field(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_duration(text, None, field="first_response")
    assert refused.value.field == "first_response"


@pytest.mark.parametrize(
    ("zone", "hours", "holidays", "field"),
    [
        ("Mars/Base", OFFICE, [], "timezone"),
        (WARSAW, {}, [], "hours"),
        (WARSAW, {"mon": []}, [], "hours"),
        (WARSAW, {"day": [["09:00", "17:00"]]}, [], "hours"),
        (WARSAW, {"mon": [["17:00", "09:00"]]}, [], "hours"),
        (WARSAW, {"mon": [["09:00", "09:00"]]}, [], "hours"),
        (WARSAW, {"mon": [["09:00"]]}, [], "hours"),
        (WARSAW, {"mon": [["9:00", "17:00"]]}, [], "hours"),
        (WARSAW, {"mon": [["09:00", "24:01"]]}, [], "hours"),
        (WARSAW, {"mon": [["09:00", "13:00"], ["12:00", "17:00"]]}, [], "hours"),
        (WARSAW, OFFICE, ["2026-02-30"], "holidays"),
        (WARSAW, OFFICE, ["25.12.2026"], "holidays"),
        (WARSAW, OFFICE, ["20261225"], "holidays"),
    ],
)
def test_the_refusal_of_an_invalid_calendar_names_its_field(
    zone: str, hours: Hours, holidays: list[str], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read_calendar(zone, hours, holidays)
    assert refused.value.field == field


frames = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(
    lambda marks: [
        [clock(start), clock(end)]
        for start, end in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False)
    ]
)
weeks = st.dictionaries(st.sampled_from(WEEK), frames, min_size=1)
zones = st.sampled_from(
    [WARSAW, "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
lengths = st.integers(1, 60 * 80).map(lambda minutes: timedelta(minutes=minutes))


def clock(quarter: int) -> str:
    hours, quarters = divmod(quarter, 4)
    return f"{hours:02}:{quarters * 15:02}"


@given(zone=zones, hours=weeks, start=moments, length=lengths)
def test_working_time_counted_equals_working_time_added(
    zone: str, hours: Hours, start: datetime, length: timedelta
) -> None:
    """In every zone, over every change of its clocks."""
    calendar = read_calendar(zone, hours, ["2026-05-01"])
    end = add_working_time(calendar, start, length)
    assert work_between(calendar, start, end) == length
    assert work_between(calendar, start, end - timedelta(microseconds=1)) < length
    assert work_between(calendar, start, end) <= end - start


@given(zone=zones, hours=weeks, start=moments, first=lengths, second=lengths)
def test_working_time_can_be_added_in_parts(
    zone: str, hours: Hours, start: datetime, first: timedelta, second: timedelta
) -> None:
    """So that what a clock has counted before a pause and after it makes the whole."""
    calendar = read_calendar(zone, hours, [])
    halfway = add_working_time(calendar, start, first)
    assert add_working_time(calendar, halfway, second) == add_working_time(calendar, start, first + second)
