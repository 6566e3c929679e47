"""A rule of the desk: the event that triggers it, its conditions and its steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor
from holdline.dialogs.sla.working_time import parse_duration

Trigger = Literal[
    "first_message", "message", "dialog_opened", "dialog_changed", "overdue", "no_reply", "dialog_closed"
]
OF_MESSAGES = frozenset({"first_message", "message"})
"""These triggers look at the text of that message. The others look at the whole dialog."""
DEFAULT_SILENCE = "30m"


MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Conditions:
    """All conditions that are set must hold.

    `after`: how long nobody answered, for rules of silence. `outside_hours`: whether it is outside the working hours
    of the desk's calendar.
    """

    text_contains: tuple[str, ...] = ()
    type: str | None = None
    stage: str | None = None
    priority: str | None = None
    queue: str | None = None
    tag: str | None = None
    outside_hours: bool | None = None
    after: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Conditions":
        """From the stored form, which is also the API's. Null values are no condition."""
        values = {name: value for name, value in given.items() if value is not None}
        return cls(**{**values, "text_contains": tuple(values.get("text_contains", ()))})

    @property
    def given(self) -> dict[str, Any]:
        names = ("type", "stage", "priority", "queue", "tag", "outside_hours", "after")
        values = {name: value for name in names if (value := getattr(self, name)) is not None}
        return {"text_contains": list(self.text_contains), **values} if self.text_contains else values


@dataclass(frozen=True, slots=True)
class Rule:
    """`steps` are objects with one key each, as in the API. `runs` and `ran_at` are set if they were counted."""

    id: int
    name: str
    trigger: Trigger
    conditions: Conditions
    steps: tuple[dict[str, Any], ...]
    active: bool = True
    position: int = 0
    runs: int = 0
    ran_at: datetime | None = None

    def as_actor(self) -> Actor:
        return Actor(kind="rule", name=self.name)

    @property
    def silence(self) -> timedelta:
        return valid_silence(self.conditions.after or DEFAULT_SILENCE)


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule is checked against: the text that triggered it, and its dialog, if any.

    `outside_hours` is None if it was not looked up, or the desk has no calendar.
    """

    text: str = ""
    dialog: Dialog | None = field(default=None)
    outside_hours: bool | None = None


def matches(conditions: Conditions, case: Case) -> bool:
    """Whether all conditions hold. Comparisons ignore case. Any one word of `text_contains` is enough."""
    words = case.text.casefold()
    if conditions.text_contains and not any(each.casefold() in words for each in conditions.text_contains):
        return False
    if conditions.outside_hours is not None and conditions.outside_hours is not case.outside_hours:
        return False
    expected = {name: getattr(conditions, name) for name in ("type", "stage", "priority", "queue")}
    for name, value in expected.items():
        if value is not None and not _is_same(getattr(case.dialog, name, None), value):
            return False
    tags = case.dialog.tags if case.dialog is not None else ()
    return conditions.tag is None or any(_is_same(tag, conditions.tag) for tag in tags)


def valid_silence(text: str) -> timedelta:
    """`30m`, `4h`: a whole number with s, m, h or d, at most a year."""
    return parse_duration(text, None, field="if.after")


def _is_same(value: str | None, expected: str) -> bool:
    return value is not None and value.casefold() == expected.strip().casefold()


@dataclass(frozen=True, slots=True)
class CustomerWords:
    """A message from a customer."""

    id: int
    customer_id: int
    at: datetime


def find_silences(
    words: Iterable[CustomerWords],
    replies: Mapping[int, Sequence[datetime]],
    *,
    length: timedelta,
    at: datetime,
) -> set[int]:
    """The ids of the messages after which the silence lasted. `words` are oldest first, `replies` are by customer.

    Further messages during a silence do not extend it. Once it has lasted, the next message starts another one.
    """
    began: dict[int, CustomerWords] = {}
    lasted: set[int] = set()
    for each in words:
        first = began.get(each.customer_id)
        if first is not None and _has_lasted(first, replies, length=length, at=each.at):
            lasted.add(first.id)
            first = None
        elif first is not None and _has_answer_between(first.at, each.at, replies.get(each.customer_id, ())):
            first = None
        began[each.customer_id] = first or each
    return lasted | {each.id for each in began.values() if _has_lasted(each, replies, length=length, at=at)}


def _has_lasted(
    first: CustomerWords, replies: Mapping[int, Sequence[datetime]], *, length: timedelta, at: datetime
) -> bool:
    ends = first.at + length
    return ends <= at and not _has_answer_between(first.at, ends, replies.get(first.customer_id, ()))


def _has_answer_between(start: datetime, end: datetime, replies: Sequence[datetime]) -> bool:
    return any(start <= each < end for each in replies)
