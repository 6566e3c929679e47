"""Reads durations, times of day, fields and names."""

import re
from collections.abc import Mapping
from datetime import time, timedelta

from holdline.dialogs.funnels.reading.node import Node
from holdline.dialogs.funnels.steps import FieldValue
from holdline.dialogs.sla.working_time import WEEK

LONGEST_WAIT = timedelta(days=365)
LARGEST_NUMBER = 1e15
FIELD_TEXT_LIMIT = 500
MOST_FIELDS = 20
_LENGTH = re.compile(r"([1-9][0-9]{0,9})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_NO_NAME = re.compile(r"[{}|]")


def read_length(node: Node) -> timedelta:
    """`90s`, `2h`, `3d`: from a second to a year."""
    if not isinstance(node.value, str):
        node.refuse("length")
        return timedelta(seconds=1)
    found = _LENGTH.fullmatch(node.value.strip())
    if found is None:
        node.refuse("length_form")
        return timedelta(seconds=1)
    seconds = int(found[1]) * _SECONDS[found[2]]
    if seconds > LONGEST_WAIT.total_seconds():
        node.refuse("length_too_long", days=LONGEST_WAIT.days)
        return LONGEST_WAIT
    return timedelta(seconds=seconds)


def read_until(node: Node) -> tuple[time, frozenset[int]]:
    """`09:00`, or a table with `time` and one or several weekdays."""
    if isinstance(node.value, str):
        return _read_time(node), frozenset()
    keys = node.table(("time", "weekday", "weekdays"))
    if not isinstance(node.value, Mapping):
        return time(), frozenset()
    if "weekday" in keys and "weekdays" in keys:
        node.refuse("weekday_once")
    days = frozenset(
        WEEK.index(day.one_of(WEEK))
        for key in ("weekday", "weekdays")
        if key in keys
        for day in keys[key].one_or_more(len(WEEK))
    )
    return _read_time(keys.get("time", node.key("time"))), days


def read_fields(node: Node) -> tuple[tuple[str, FieldValue], ...]:
    """Each field name with its new value."""
    if not isinstance(node.value, Mapping) or not 1 <= len(node.value) <= MOST_FIELDS:
        node.refuse("fields", most=MOST_FIELDS)
        return ()
    return tuple(
        (_field_name(node, str(name)), read_field_value(node.key(str(name), value)))
        for name, value in node.value.items()
    )


def read_field_value(node: Node) -> FieldValue:
    """A text, a number, a boolean, or None."""
    if node.value is None or isinstance(node.value, bool):
        return node.value
    if isinstance(node.value, int | float):
        return read_number(node)
    return node.name(FIELD_TEXT_LIMIT)


def read_number(node: Node) -> float:
    """A number. Whole numbers stay whole; numbers out of range are refused."""
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        node.refuse("number")
        return 0
    if not abs(value) <= LARGEST_NUMBER:  # written this way so that NaN is refused too
        node.refuse("number_range")
        return 0
    return value


def read_answer_name(node: Node) -> str:
    """The name of a stored answer. It is also used in variables, so it may contain no braces or bars."""
    name = node.name()
    if _NO_NAME.search(name):
        node.refuse("answer_name")
    return name


def _field_name(node: Node, name: str) -> str:
    return Node(name, node.key(name).path, node.faults).name()


def _read_time(node: Node) -> time:
    found = _CLOCK.fullmatch(node.value) if isinstance(node.value, str) else None
    if found is None:
        node.refuse("clock")
        return time()
    return time(int(found[1]), int(found[2]))
