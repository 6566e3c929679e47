"""What happens to a dialog whose customer is silent, and which lengths a desk may choose."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from holdline.dialogs.automation.habits import Habits, valid_habits
from holdline.dialogs.automation.order import move
from holdline.dialogs.automation.silence import GRACE, LastReply, Outlook, Warned, outlook, time_of_close
from holdline.dialogs.decisions.rule import (
    Conditions,
    CustomerWords,
    Rule,
    find_silences,
)
from tests.dialogs.examples import AT, refusal_of

HABITS = Habits(close_after="3d", warn_before="1d")
REPLY = LastReply(7, AT)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
WARNED = Warned(7, closes_at=AT + 3 * DAY, delivered_at=AT + 2 * DAY)


@pytest.mark.parametrize(
    ("habits", "reply", "warned", "at", "expected"),
    [
        (Habits(), REPLY, None, AT + 9 * DAY, Outlook.NOTHING),
        (Habits(), REPLY, WARNED, AT, Outlook.FORGET),
        (HABITS, None, None, AT, Outlook.NOTHING),
        (HABITS, None, WARNED, AT, Outlook.FORGET),
        (HABITS, REPLY, None, AT + 2 * DAY - SECOND, Outlook.NOTHING),
        (HABITS, REPLY, None, AT + 2 * DAY, Outlook.WARN),
        (HABITS, LastReply(8, AT), WARNED, AT + 3 * DAY, Outlook.WARN),
        (HABITS, REPLY, WARNED, AT + 3 * DAY - SECOND, Outlook.NOTHING),
        (HABITS, REPLY, WARNED, AT + 3 * DAY, Outlook.CLOSE),
        (HABITS, REPLY, replace(WARNED, lost=True), AT + 3 * DAY, Outlook.FORGET),
        (HABITS, REPLY, replace(WARNED, delivered_at=None), AT + 3 * DAY, Outlook.WAIT),
        (HABITS, REPLY, replace(WARNED, delivered_at=AT + 3 * DAY), AT + 4 * DAY - GRACE, Outlook.CLOSE),
        (
            HABITS,
            REPLY,
            replace(WARNED, delivered_at=AT + 3 * DAY),
            AT + 4 * DAY - GRACE - SECOND,
            Outlook.WAIT,
        ),
    ],
)
def test_a_customer_is_warned_before_their_dialog_closes(
    habits: Habits, reply: LastReply | None, warned: Warned | None, at: object, expected: Outlook
) -> None:
    assert outlook(habits, reply, warned, at=at) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "closes"), [(2, 3), (1, 3), (5, 6)])
def test_the_close_comes_never_earlier_than_the_warning_promises(days: int, closes: int) -> None:
    assert time_of_close(HABITS, REPLY, at=AT + days * DAY) == AT + closes * DAY


def test_durations_of_habits_are_parsed() -> None:
    habits = Habits(close_after="36h", warn_before="30m", alarm_held_after="2d")
    assert (habits.closes_after, habits.warns_before) == (36 * HOUR, HOUR / 2)
    assert habits.alarms_held_after == 2 * DAY
    never = Habits(alarm_held_after=None)
    assert (never.closes_after, never.alarms_held_after) == (None, None)


@pytest.mark.parametrize(
    "habits",
    [
        Habits(),
        Habits(alarm_held_after=None),
        Habits(warn_before="10m", close_after="11m"),
        Habits(alarm_held_after="10m"),
    ],
)
def test_valid_habits_are_accepted(habits: Habits) -> None:
    assert valid_habits(habits) is habits


@pytest.mark.parametrize(
    ("habits", "refusal"),
    [
        (Habits(warn_before="9m"), ("warn_before", "habits.warning_too_short")),
        (Habits(alarm_held_after="9m"), ("alarm_held_after", "habits.alarm_too_soon")),
        (Habits(close_after="1d"), ("close_after", "habits.close_before_warning")),
        (Habits(close_after="soon"), ("close_after", None)),
        (Habits(warn_before="soon"), ("warn_before", None)),
        (Habits(alarm_held_after="soon"), ("alarm_held_after", None)),
    ],
)
def test_invalid_habits_are_refused(habits: Habits, refusal: tuple[str, str | None]) -> None:
    field, mend, _ = refusal_of(lambda: valid_habits(habits))
    assert field == refusal[0] and refusal[1] in (None, mend)


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    position: int


@pytest.mark.parametrize(("to", "order"), [(1, [3, 1, 2]), (2, [1, 3, 2]), (3, [1, 2, 3]), (9, [1, 2, 3])])
def test_moving_an_item_renumbers_the_others(to: int, order: list[int]) -> None:
    things = [Thing(number, number) for number in (1, 2, 3)]
    after = move(things, things[2], to=to)
    assert [(thing.id, thing.position) for thing in after] == [
        (id_, place) for place, id_ in enumerate(order, 1)
    ]


def words(id_: int, hour: float, customer_id: int = 9) -> CustomerWords:
    return CustomerWords(id_, customer_id, AT + hour * HOUR)


@pytest.mark.parametrize(
    ("said", "replies", "at", "lasted"),
    [
        ([words(1, 0)], [], 2, {1}),
        ([words(1, 0)], [], 1.9, set()),
        ([words(1, 0)], [1], 9, set()),
        ([words(1, 0)], [0], 9, set()),
        ([words(1, 0)], [2], 9, {1}),
        ([words(1, 0)], [-1], 9, {1}),
        ([words(1, 0), words(2, 1)], [], 9, {1}),
        ([words(1, 0), words(2, 2)], [], 3, {1}),
        ([words(1, 0), words(2, 2)], [], 4, {1, 2}),
        ([words(1, 0), words(2, 1.5)], [1], 9, {2}),
        ([words(1, 0), words(2, 1, customer_id=8)], [0.5], 9, {2}),
    ],
)
def test_silence_begins_with_the_first_unanswered_message(
    said: list[CustomerWords], replies: list[float], at: float, lasted: set[int]
) -> None:
    answered = {9: [AT + hour * HOUR for hour in replies]} if replies else {}
    assert find_silences(said, answered, length=2 * HOUR, at=AT + at * HOUR) == lasted


def test_a_rule_acts_under_its_name_and_waits_half_an_hour_if_it_does_not_say() -> None:
    rule = Rule(3, "Night", "no_reply", Conditions(), ())
    assert (rule.as_actor().kind, rule.as_actor().name, rule.silence) == ("rule", "Night", HOUR / 2)
    assert replace(rule, conditions=Conditions(after="4h")).silence == 4 * HOUR
