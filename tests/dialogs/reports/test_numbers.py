"""The arithmetic of reports."""

from datetime import timedelta

import pytest

from holdline.dialogs.event import EventKind
from holdline.dialogs.reports.holds import Marketing, Move, count_holds, hold_spans, waits_behind
from holdline.dialogs.reports.numbers import (
    Span,
    Summary,
    calendar_seconds,
    mean,
    per_cent,
    percentile,
    summarize,
)
from holdline.dialogs.reports.worked_seconds import WorkedSeconds, whole_of
from holdline.dialogs.sla.calendar_input import read_calendar
from tests.dialogs.examples import AT


def span(begin: int, end: int) -> Span:
    return Span(AT + timedelta(hours=begin), AT + timedelta(hours=end))


@pytest.mark.parametrize(
    ("values", "percent", "result"),
    [
        ([], 50, None),
        ([7], 90, 7),
        ([1, 3], 50, 2),
        ([1, 2, 9], 50, 2),
        ([0, 10, 20, 30, 40], 90, 36),
        ([0, 10, 20, 30, 40], 100, 40),
        ([5, 10, 20], 0, 5),
    ],
)
def test_a_percentile_lies_between_two_values(
    values: list[float], percent: int, result: float | None
) -> None:
    assert percentile(values, percent) == result


def test_durations_are_summarised() -> None:
    assert summarize(iter([30.0, 10.0, 80.0])) == Summary(3, 40.0, 30.0, pytest.approx(70.0))
    assert summarize([]) == Summary(0, None, None, None)
    assert mean([1, 2]) == 1.5 and mean([]) is None
    assert per_cent(1, 8) == 12.5 and per_cent(3, 0) is None and per_cent(0, 3) == 0
    assert calendar_seconds(span(0, 2)) == 7200 and calendar_seconds(span(2, 0)) == 0


def move(dialog_id: int, kind: EventKind, hour: int) -> Move:
    return Move(dialog_id, kind, AT + timedelta(hours=hour))


OPENED, PAUSED, RESUMED, CLOSED = (
    EventKind.DIALOG_OPENED,
    EventKind.DIALOG_PAUSED,
    EventKind.DIALOG_RESUMED,
    EventKind.DIALOG_CLOSED,
)


@pytest.mark.parametrize(
    ("moves", "spans"),
    [
        ([], []),
        ([move(1, OPENED, 0), move(1, CLOSED, 2)], [span(0, 2)]),
        ([move(1, OPENED, 0)], [span(0, 9)]),
        (
            [move(1, OPENED, 0), move(1, PAUSED, 1), move(1, RESUMED, 3), move(1, CLOSED, 4)],
            [span(0, 1), span(3, 4)],
        ),
        ([move(1, OPENED, 0), move(2, CLOSED, 1), move(1, CLOSED, 2)], [span(0, 2)]),
        ([move(1, CLOSED, 0), move(1, CLOSED, 1)], []),
        ([move(1, OPENED, 0), move(1, CLOSED, 1), move(1, CLOSED, 2)], [span(0, 1)]),
    ],
)
def test_the_gate_is_held_from_an_opening_to_the_next_change(moves: list[Move], spans: list[Span]) -> None:
    assert hold_spans(moves, now=AT + timedelta(hours=9)) == spans


def marketing(created: int, settled: int | None, status: str = "sent") -> Marketing:
    return Marketing(
        9,
        AT + timedelta(hours=created),
        None if settled is None else AT + timedelta(hours=settled),
        status,
    )


@pytest.mark.parametrize(
    ("message", "waits"),
    [
        (marketing(1, 3), [span(1, 2)]),
        (marketing(0, None), [span(0, 2), span(4, 6)]),
        (marketing(1, 5), [span(1, 2), span(4, 5)]),
        (marketing(2, 4), []),
        (marketing(7, None), []),
    ],
)
def test_a_message_waits_while_it_and_the_gates_hold_overlap(message: Marketing, waits: list[Span]) -> None:
    assert waits_behind([span(0, 2), span(4, 6)], message, now=AT + timedelta(hours=9)) == waits


def test_holds_are_counted_where_they_begin_and_end() -> None:
    waits = [
        (marketing(0, 2), [span(0, 2)]),
        (marketing(1, 6), [span(1, 4), span(5, 6)]),
        (marketing(1, 10), [span(1, 10)]),
        (marketing(-2, 3), [span(-2, 3)]),
        (marketing(3, 5, "expired"), [span(3, 5)]),
        (marketing(3, 5, "cancelled"), [span(3, 5)]),
        (marketing(3, None), [span(3, 9)]),
        (marketing(2, 2), []),
    ]
    figures = count_holds(waits, period=span(0, 10))
    assert figures == {"held": 6, "released": 3, "expired": 1, "median_hold": 4 * 3600}
    assert count_holds([], period=span(0, 10))["median_hold"] is None


def test_worked_seconds_are_those_of_the_calendar() -> None:
    calendar = read_calendar(
        "UTC", {"sun": [["10:00", "14:00"], ["15:00", "16:00"]], "mon": [["10:00", "12:00"]]}, []
    )
    whole = whole_of([span(2, 30), span(-3, 1), span(0, 5)])
    assert whole == span(-3, 30)
    worked = WorkedSeconds(calendar, whole)
    cases = {
        (0, 1): 1,
        (-3, -2): 0,
        (-3, 1): 3,
        (0, 3): 2,
        (2, 4): 1,
        (0, 24): 5,
        (5, 8): 0,
        (1, 0): 0,
        (-3, 30): 7,
    }
    for (begin, end), hours in cases.items():
        assert worked(span(begin, end)) == hours * 3600, (begin, end)
