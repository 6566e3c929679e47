"""The new date of a postponed due date."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.decisions.postponing import FURTHEST, UNITS, Shift, postpone
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.times import in_zone, zone_of

WARSAW = "Europe/Warsaw"
NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=zone_of(WARSAW)).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("start", "shift", "expected"),
    [
        pytest.param((2026, 1, 31, 10), Shift("months", 1), (2026, 2, 28, 10), id="the last day of a month"),
        pytest.param((2027, 12, 31, 10), Shift("months", 2), (2028, 2, 29, 10), id="over a leap year"),
        pytest.param((2026, 3, 28, 10), Shift("days", 1), (2026, 3, 29, 10), id="summer time begins"),
        pytest.param((2026, 10, 24, 10), Shift("days", 1), (2026, 10, 25, 10), id="summer time ends"),
        pytest.param((2026, 3, 28, 10), Shift("hours", 24), (2026, 3, 29, 11), id="hours are sixty minutes"),
        pytest.param((2026, 3, 28, 2, 30), Shift("days", 1), (2026, 3, 29, 3, 30), id="an hour that is not"),
    ],
)
def test_postponing_by_days_or_months_keeps_the_time_of_day(
    start: tuple[int, ...], shift: Shift, expected: tuple[int, ...]
) -> None:
    due = local(*start)
    assert postpone(due, shift, at=due - timedelta(hours=1), zone=WARSAW) == local(*expected)


def test_a_past_or_missing_due_date_is_postponed_from_now() -> None:
    hour = Shift("hours", 1)
    assert postpone(None, hour, at=NOW, zone="UTC") == NOW + timedelta(hours=1)
    assert postpone(NOW - timedelta(days=9), hour, at=NOW, zone="UTC") == NOW + timedelta(hours=1)
    assert postpone(NOW + timedelta(days=9), hour, at=NOW, zone="UTC") == NOW + timedelta(days=9, hours=1)


def test_a_given_due_date_must_be_in_the_future() -> None:
    until = NOW + timedelta(minutes=1)
    assert postpone(None, Shift(until=until), at=NOW, zone="UTC") == until
    with pytest.raises(BadInput) as refused:
        postpone(None, Shift(until=NOW), at=NOW, zone="UTC")
    assert refused.value.field == "until"


@pytest.mark.parametrize(
    "shift", [Shift(), Shift("weeks", 1), Shift("days", 0), Shift("days", -1), Shift("months", 121)]
)
def test_an_invalid_shift_is_refused(shift: Shift) -> None:
    with pytest.raises(BadInput) as refused:
        postpone(None, shift, at=NOW, zone="UTC")
    assert refused.value.field == "by"


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_repeated_postponing_stays_within_a_hundred_years(unit: str) -> None:
    due, most = NOW, Shift(unit, UNITS[unit])
    with pytest.raises(BadInput) as refused:
        for _ in range(1000):
            due = postpone(due, most, at=NOW, zone=WARSAW)
    assert (refused.value.field, refused.value.mend_words) == ("by", {"years": 100})
    assert NOW < due <= NOW + FURTHEST


@given(
    unit=st.sampled_from(sorted(UNITS)),
    number=st.integers(1, 120),
    minutes=st.integers(0, 60 * 24 * 366),
    zone=st.sampled_from([WARSAW, "UTC", "America/New_York", "Australia/Lord_Howe"]),
)
def test_postponing_always_gives_a_later_due_date(unit: str, number: int, minutes: int, zone: str) -> None:
    due = NOW + timedelta(minutes=minutes)
    moved = postpone(due, Shift(unit, number), at=NOW, zone=zone)
    assert moved > due
    if unit != "hours" and in_zone(due, zone).hour > 3:  # by night an hour may be missing, or come twice
        assert in_zone(moved, zone).time() == in_zone(due, zone).time()
