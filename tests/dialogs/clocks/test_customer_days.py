"""Quiet hours and days in a customer's time zone, over midnight and over clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.marketing.customer_days import (
    QuietHours,
    day_start,
    next_day_start,
    parse_quiet_hours,
    postpone_for_day,
    quiet_end,
    zone_of_customer,
)
from holdline.dialogs.text.times import in_zone

NIGHT = QuietHours(time(22), time(8))
NOON = QuietHours(time(12), time(14))
ZONES = sorted(
    name for name in available_timezones() if "/" in name and not name.startswith(("posix", "right"))
)

moments = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
hours = st.builds(QuietHours, minutes, minutes).filter(lambda each: each.begin != each.end)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def falls_into(clock: time, quiet: QuietHours) -> bool:
    if quiet.begin < quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end


@pytest.mark.parametrize(
    ("quiet", "at", "zone", "end"),
    [
        (NIGHT, "2026-06-01T20:00", "Europe/Warsaw", "2026-06-02T06:00"),
        (NIGHT, "2026-06-02T05:59", "Europe/Warsaw", "2026-06-02T06:00"),
        (NIGHT, "2026-06-02T06:00", "Europe/Warsaw", None),
        (NIGHT, "2026-06-01T19:59", "Europe/Warsaw", None),
        (NIGHT, "2026-06-01T20:00", "UTC", None),
        (NIGHT, "2026-06-01T13:00", "Asia/Tokyo", "2026-06-01T23:00"),
        (NIGHT, "2026-03-28T22:00", "Europe/Warsaw", "2026-03-29T06:00"),  # the night with an hour less
        (NIGHT, "2026-10-24T22:00", "Europe/Warsaw", "2026-10-25T07:00"),  # and with an hour more
        (NOON, "2026-06-01T10:30", "Europe/Warsaw", "2026-06-01T12:00"),
        (NOON, "2026-06-01T12:00", "Europe/Warsaw", None),
        (QuietHours(time(1), time(2, 30)), "2026-10-25T00:10", "Europe/Warsaw", "2026-10-25T01:30"),
        (QuietHours(time(1), time(2, 30)), "2026-03-29T00:30", "Europe/Warsaw", "2026-03-29T01:30"),
    ],
)
def test_quiet_hours_end_on_the_customers_clock(
    quiet: QuietHours, at: str, zone: str, end: str | None
) -> None:
    assert quiet_end(quiet, utc(at), zone) == (utc(end) if end else None)


@given(hours, moments, st.sampled_from(ZONES))
def test_quiet_hours_never_end_inside_a_quiet_hour_of_the_customers_clock(
    quiet: QuietHours, at: datetime, zone: str
) -> None:
    end = quiet_end(quiet, at, zone)
    if end is None:
        assert not falls_into(in_zone(at, zone).time(), quiet)
        return
    assert at < end <= at + timedelta(hours=27)
    assert not falls_into(in_zone(end, zone).time(), quiet) or quiet_end(quiet, end, zone)


@given(moments, st.sampled_from(ZONES))
def test_a_day_ends_where_the_next_one_begins(at: datetime, zone: str) -> None:
    start, after = day_start(at, zone), next_day_start(at, zone)
    assert start <= at < after
    assert day_start(after, zone) == after
    assert in_zone(start, zone).date() == in_zone(at, zone).date() < in_zone(after, zone).date()


@given(hours, moments, st.sampled_from(ZONES), st.integers(1, 3), st.integers(0, 5))
def test_a_message_put_off_may_be_sent_at_that_time(
    quiet: QuietHours, at: datetime, zone: str, cap: int, sent: int
) -> None:
    verdict = postpone_for_day(at, zone=zone, quiet=quiet, cap=cap, sent_today=sent)
    if verdict is None:
        assert sent < cap
        return
    assert verdict.until > at
    if verdict.reason == "cap_per_day":
        assert in_zone(verdict.until, zone).date() > in_zone(at, zone).date()


def test_beyond_the_cap_the_next_day_waits_for_its_morning() -> None:
    at = utc("2026-06-01T10:00")
    for quiet, until in ((NIGHT, "2026-06-02T06:00"), (None, "2026-06-01T22:00"), (NOON, "2026-06-01T22:00")):
        verdict = postpone_for_day(
            utc("2026-06-01T09:00"), zone="Europe/Warsaw", quiet=quiet, cap=3, sent_today=3
        )
        assert verdict is not None
        assert (verdict.until, verdict.reason, verdict.for_all) == (utc(until), "cap_per_day", True)
        assert postpone_for_day(at, zone="UTC", quiet=None, cap=3, sent_today=2) is None
    assert postpone_for_day(at, zone="UTC", quiet=None, cap=0, sent_today=99) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-08:00", NIGHT),
        (" 22:00 – 8:00 ", NIGHT),
        ("", None),
        ("12:00-14:00", NOON),
    ],
)
def test_quiet_hours_are_parsed_as_people_type_them(text: str, hours: QuietHours | None) -> None:
    assert parse_quiet_hours(text) == hours


@pytest.mark.parametrize(
    "text", ["22-8", "22:00", "22:00-24:00", "25:00-08:00", "08:00-08:00", "night", "22:60-08:00"]
)
def test_invalid_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_quiet_hours(text)


def test_an_unknown_time_zone_is_replaced_by_that_of_the_desk() -> None:
    assert zone_of_customer("Mars/Olympus", "Europe/Warsaw") == "Europe/Warsaw"
    assert zone_of_customer(None, "Europe/Warsaw") == "Europe/Warsaw"
    assert zone_of_customer("Asia/Tokyo", "Europe/Warsaw") == "Asia/Tokyo"
