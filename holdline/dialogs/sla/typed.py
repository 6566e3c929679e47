"""Calendars and policies as a manager types them on one line, in any of the desk's languages."""

import re
from typing import Any

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.sla.calendar_input import NamedCalendar
from holdline.dialogs.sla.clock import CONDITIONS, TARGETS, Policy
from holdline.dialogs.sla.working_time import WEEK

_DAYS = {
    name: day
    for names in (
        WEEK,
        ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
        ("pn", "wt", "śr", "cz", "pt", "sb", "nd"),
    )
    for name, day in zip(names, WEEK, strict=True)
}
_WORDS = {
    "first_response": ("first", "перв", "pierwsz"),
    "next_response": ("next", "след", "nast"),
    "resolution": ("close", "resol", "закр", "zamk"),
    "type": ("type", "тип", "typ"),
    "priority": ("prio", "приор"),
    "queue": ("queue", "очер", "kolej"),
    "calendar": ("cal", "кален", "kalen"),
    "position": ("pos", "поз", "poz"),
}
_RANGE = re.compile(r"[-–—]")


def read_calendar_line(line: str) -> dict[str, Any]:
    """`Office; Europe/Warsaw; mon-fri 09:00-17:00, sat 10:00-14:00; 2026-12-25 2027-01-01`."""
    parts = [part.strip() for part in line.split(";")]
    if not 3 <= len(parts) <= 4 or not all(parts[:3]):
        raise BadInput("text", "time.calendar_line")
    hours: dict[str, list[list[str]]] = {}
    for stretch in parts[2].split(","):
        days, *frames = stretch.split() or [""]
        for day in _days(days):
            hours.setdefault(day, []).extend(_RANGE.split(frame) for frame in frames)
    holidays = parts[3].replace(",", " ").split() if len(parts) > 3 else []
    return {"name": parts[0], "timezone": parts[1], "hours": hours, "holidays": holidays}


def read_policy_line(line: str) -> dict[str, Any]:
    """`Urgent; first 30m; next 2h; close 2d; priority urgent; calendar Office`."""
    name, *parts = (part.strip() for part in line.split(";"))
    values: dict[str, Any] = {"name": name, "if": {}}
    for part in parts:
        word, _, value = part.partition(" ")
        field = next((key for key, starts in _WORDS.items() if word.casefold().startswith(starts)), None)
        if field is None or not value.strip():
            raise BadInput("text", "time.policy_line")
        if field in CONDITIONS:
            values["if"][field] = value.strip()
        else:
            values[field] = _number(value) if field == "position" else value.strip()
    if not values.keys() & set(TARGETS):
        raise BadInput("text", "time.policy_line")
    return values


def calendar_line(calendar: NamedCalendar) -> str:
    """The calendar as it would be typed."""
    hours = ", ".join(
        f"{day} {' '.join('-'.join(frame) for frame in calendar.hours[day])}"
        for day in WEEK
        if calendar.hours.get(day)
    )
    parts = [calendar.name, calendar.timezone, hours, " ".join(calendar.holidays)]
    return "; ".join(part for part in parts if part)


def policy_line(policy: Policy) -> str:
    """The policy as it would be typed."""
    words = {"first_response": "first", "next_response": "next", "resolution": "close"}
    parts = [f"{words[name]} {policy.durations[name]}" for name in TARGETS if name in policy.durations]
    parts += [f"{name} {policy.conditions[name]}" for name in CONDITIONS if name in policy.conditions]
    calendar = [f"calendar {policy.calendar_name}"] if policy.calendar_name else []
    return "; ".join([policy.name, *parts, *calendar])


def _days(text: str) -> list[str]:
    """`mon` or `mon-fri`, also across the end of the week."""
    ends = [_DAYS.get(name.casefold()) for name in _RANGE.split(text)]
    if not 1 <= len(ends) <= 2 or None in ends:
        raise BadInput("hours", "time.weekday", day=text, days=", ".join(WEEK))
    first, last = WEEK.index(str(ends[0])), WEEK.index(str(ends[-1]))
    return [WEEK[(first + step) % 7] for step in range((last - first) % 7 + 1)]


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text.strip()):
        raise BadInput("text", "time.policy_line")
    return int(text)
