"""Calendars and policies typed on one line, and written back as they would be typed."""

from typing import Any

import pytest

from holdline.dialogs.sla.calendar_input import NamedCalendar
from holdline.dialogs.sla.clock import Policy
from holdline.dialogs.sla.typed import calendar_line, policy_line, read_calendar_line, read_policy_line
from tests.dialogs.examples import refusal_of

DAY = ["09:00", "17:00"]
WEEKDAYS = {key: [DAY] for key in ("mon", "tue", "wed", "thu", "fri")}


@pytest.mark.parametrize(
    ("line", "hours", "holidays"),
    [
        ("Office; UTC; mon-fri 09:00-17:00", WEEKDAYS, []),
        ("Office; UTC; ПН–пт 09:00—17:00;", WEEKDAYS, []),
        ("Office; UTC; pn-śr 09:00-17:00", {key: [DAY] for key in ("mon", "tue", "wed")}, []),
        (
            "Office; UTC; sat-mon 09:00-17:00; 2026-12-25, 2027-01-01",
            {key: [DAY] for key in ("sat", "sun", "mon")},
            ["2026-12-25", "2027-01-01"],
        ),
        (
            "Office; UTC; wed 09:00-12:00 13:00-17:00, wed 18:00-19:00; 2026-12-25 2027-01-01",
            {"wed": [["09:00", "12:00"], ["13:00", "17:00"], ["18:00", "19:00"]]},
            ["2026-12-25", "2027-01-01"],
        ),
    ],
)
def test_a_calendar_is_read(line: str, hours: dict[str, Any], holidays: list[str]) -> None:
    assert read_calendar_line(line) == {
        "name": "Office",
        "timezone": "UTC",
        "hours": hours,
        "holidays": holidays,
    }


WEEK = "mon, tue, wed, thu, fri, sat, sun"


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("Office; UTC", ("text", "time.calendar_line", {})),
        ("Office; UTC; mon 9-17; 2026-01-01; more", ("text", "time.calendar_line", {})),
        ("; UTC; mon 9-17", ("text", "time.calendar_line", {})),
        ("Office; ; mon 9-17", ("text", "time.calendar_line", {})),
        ("Office; UTC; ; 2026-01-01", ("text", "time.calendar_line", {})),
        ("Office; UTC; someday 9-17", ("hours", "time.weekday", {"day": "someday", "days": WEEK})),
        ("Office; UTC; mon-x 9-17", ("hours", "time.weekday", {"day": "mon-x", "days": WEEK})),
        ("Office; UTC; mon-tue-wed 9-17", ("hours", "time.weekday", {"day": "mon-tue-wed", "days": WEEK})),
        ("Office; UTC; mon 9-17,", ("hours", "time.weekday", {"day": "", "days": WEEK})),
    ],
)
def test_an_incomplete_calendar_line_is_refused(
    line: str, refusal: tuple[str, str, dict[str, object]]
) -> None:
    assert refusal_of(lambda: read_calendar_line(line)) == refusal


def test_a_policy_is_read() -> None:
    line = "Urgent; first 30m; Next 2h; close 2d; priority urgent; type Refund; queue VIP; calendar Office; pos 3"
    assert read_policy_line(line) == {
        "name": "Urgent",
        "first_response": "30m",
        "next_response": "2h",
        "resolution": "2d",
        "calendar": "Office",
        "position": 3,
        "if": {"priority": "urgent", "type": "Refund", "queue": "VIP"},
    }
    assert read_policy_line("Срочно; первый 30m; поз 999999") == {
        "name": "Срочно",
        "first_response": "30m",
        "position": 999999,
        "if": {},
    }


@pytest.mark.parametrize(
    "line",
    [
        "Urgent",
        "Urgent; calendar Office",
        "Urgent; first",
        "Urgent; first 30m; colour red",
        "Urgent; first 30m; pos high",
        "Urgent; first 30m; pos 1234567",
        "Urgent; first 30m; pos -1",
    ],
)
def test_a_policy_line_without_a_limit_or_with_an_unknown_word_is_refused(line: str) -> None:
    assert refusal_of(lambda: read_policy_line(line)) == ("text", "time.policy_line", {})


@pytest.mark.parametrize(
    ("line", "calendar"),
    [
        (
            "Office; UTC; mon 09:00-12:00 13:00-17:00, sat 10:00-14:00; 2026-12-25 2027-01-01",
            ({"sat": [["10:00", "14:00"]], "mon": [["09:00", "12:00"], ["13:00", "17:00"]], "tue": []},
             ("2026-12-25", "2027-01-01")),
        ),
        ("Office; UTC; sun 00:00-24:00", ({"sun": [["00:00", "24:00"]]}, ())),
    ],
)  # fmt: skip
def test_a_calendar_is_written_as_it_would_be_typed(line: str, calendar: tuple[Any, Any]) -> None:
    hours, holidays = calendar
    assert calendar_line(NamedCalendar(1, "Office", "UTC", hours, holidays)) == line
    assert read_calendar_line(line)["hours"] == {day: frames for day, frames in hours.items() if frames}


@pytest.mark.parametrize(
    ("line", "policy"),
    [
        (
            "Urgent; first 30m; next 2h; close 2d; type Refund; priority urgent; queue VIP; calendar Office",
            Policy(
                1,
                "Urgent",
                {"queue": "VIP", "priority": "urgent", "type": "Refund"},
                {"resolution": "2d", "next_response": "2h", "first_response": "30m"},
                "Office",
            ),
        ),
        ("Slow; close 9d", Policy(1, "Slow", {}, {"resolution": "9d"})),
    ],
)
def test_a_policy_is_written_as_it_would_be_typed(line: str, policy: Policy) -> None:
    assert policy_line(policy) == line
