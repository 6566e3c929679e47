"""Which clocks run: every complaint about clocks of other desks is a case here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.sla.calendar_input import read_calendar
from holdline.dialogs.sla.clock import Policy, SlaClock, sla_at
from holdline.dialogs.sla.decisions import Standing, choose_policy, settle_clocks
from holdline.dialogs.sla.working_time import WEEK
from tests.dialogs.examples import example_dialog

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
POLICY = Policy(1, "Gold", durations={"first_response": "1h", "next_response": "2h", "resolution": "10h"})
NEW = Standing("active", opened_at=NOON, waiting_since=NOON - HOUR / 2, answered=False)
ANSWERED = replace(NEW, waiting_since=None, answered=True)
ASKED_AGAIN = replace(ANSWERED, waiting_since=NOON + HOUR)


def settle(
    clocks: list[SlaClock], standing: Standing, at: datetime, policy: Policy | None = POLICY
) -> list[SlaClock]:
    """As it would be stored."""
    after = settle_clocks(policy, clocks, standing, at=at)
    return [replace(clock, id=clock.id or n) for n, clock in enumerate(after, 1)]


def shown(clocks: list[SlaClock]) -> list[tuple[str, str, float]]:
    """Name, state and the hours after noon at which it is due."""
    return [(clock.name, clock.state, (clock.due_at - NOON) / HOUR) for clock in clocks]


OPENED = settle([], NEW, NOON)


def test_the_first_response_counts_from_the_message_and_the_resolution_from_the_opening() -> None:
    assert shown(OPENED) == [("first_response", "running", 0.5), ("resolution", "running", 10)]


def test_no_response_clock_runs_before_the_customer_has_written() -> None:
    silent = settle([], replace(NEW, waiting_since=None), NOON)
    assert shown(silent) == [("resolution", "running", 10)]


def test_a_reply_in_time_meets_the_clock_for_good() -> None:
    met = settle(OPENED, ANSWERED, NOON + HOUR / 4)
    assert shown(met)[0] == ("first_response", "met", 0.5)
    later = settle(met, ANSWERED, NOON + 9 * HOUR)
    assert later == met, "a clock that was met never becomes late"


def test_a_late_reply_leaves_the_clock_breached() -> None:
    late = settle(OPENED, ANSWERED, NOON + HOUR)
    assert shown(late)[0] == ("first_response", "breached", 0.5)
    assert late[0].stopped_at == NOON + HOUR


def test_the_next_message_starts_one_next_response_clock() -> None:
    met = settle(OPENED, ANSWERED, NOON + HOUR / 4)
    asked = settle(met, ASKED_AGAIN, NOON + HOUR)
    assert shown(asked)[-1] == ("next_response", "running", 3)
    assert settle(asked, ASKED_AGAIN, NOON + 2 * HOUR) == asked
    assert shown(settle(asked, ANSWERED, NOON + 2 * HOUR))[-1] == ("next_response", "met", 3)


def test_the_remaining_time_is_kept_over_a_pause() -> None:
    paused = settle(OPENED, replace(NEW, state="paused"), NOON + HOUR / 4)
    assert [state for _, state, _ in shown(paused)] == ["frozen", "frozen"]
    assert settle(paused, replace(NEW, state="paused"), NOON + 99 * HOUR) == paused
    resumed = settle(paused, NEW, NOON + 100 * HOUR)
    assert shown(resumed) == [("first_response", "running", 100.25), ("resolution", "running", 109.75)]


def test_a_clock_that_was_late_before_the_pause_stays_late() -> None:
    paused = settle(OPENED, replace(NEW, state="paused"), NOON + HOUR)
    assert shown(paused)[0] == ("first_response", "breached", 0.5)


def test_a_reply_during_the_pause_meets_a_frozen_clock() -> None:
    paused = settle(OPENED, replace(NEW, state="paused"), NOON + HOUR / 4)
    answered = settle(paused, replace(ANSWERED, state="paused"), NOON + 50 * HOUR)
    assert shown(answered)[0][:2] == ("first_response", "met")


def test_a_close_meets_the_resolution_clock_and_ends_the_response_clock() -> None:
    closed = settle(OPENED, replace(NEW, state="closed"), NOON + HOUR / 4)
    assert shown(closed) == [("resolution", "met", 10)]
    late = settle(OPENED, replace(NEW, state="closed"), NOON + 11 * HOUR)
    assert [state for _, state, _ in shown(late)] == ["breached", "breached"]


def test_switching_a_policy_off_removes_its_clocks() -> None:
    assert settle(OPENED, NEW, NOON, policy=None) == []
    met = settle(OPENED, ANSWERED, NOON + HOUR / 4)
    assert shown(settle(met, ANSWERED, NOON + HOUR, policy=None)) == [("first_response", "met", 0.5)]


def test_changing_the_policy_keeps_the_time_already_spent() -> None:
    quick = Policy(2, "Quick", durations={"first_response": "45m"})
    paused = settle(OPENED, replace(NEW, state="paused"), NOON)
    resumed = settle(paused, NEW, NOON + 10 * HOUR, policy=quick)
    assert shown(resumed) == [("first_response", "running", 10.25)]
    assert shown(settle(OPENED, NEW, NOON, policy=quick)) == [("first_response", "running", 0.25)]


def test_a_withdrawn_answer_does_not_count() -> None:
    met = settle(OPENED, ANSWERED, NOON + HOUR / 4)
    assert shown(settle(met, NEW, NOON + HOUR / 3))[0] == ("first_response", "running", 0.5)
    assert shown(settle(met, NEW, NOON + HOUR))[0] == ("first_response", "breached", 0.5)


def test_without_a_first_response_limit_the_next_response_limit_applies() -> None:
    policy = Policy(3, "Next", durations={"next_response": "2h"})
    assert shown(settle([], NEW, NOON, policy=policy)) == [("next_response", "running", 1.5)]
    only_first = Policy(4, "First", durations={"first_response": "2h"})
    assert settle([], ASKED_AGAIN, NOON + HOUR, policy=only_first) == []


def test_a_clock_already_late_at_the_opening_is_breached_at_once() -> None:
    old = replace(NEW, waiting_since=NOON - 5 * HOUR)
    assert shown(settle([], old, NOON))[0] == ("first_response", "breached", -4)


def test_no_clock_runs_outside_working_hours() -> None:
    calendar = read_calendar("UTC", {day: [["09:00", "17:00"]] for day in WEEK[:5]}, [])
    policy = replace(POLICY, calendar=calendar)
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    standing = Standing("active", opened_at=friday, waiting_since=friday, answered=False)
    (first, _) = settle([], standing, friday, policy=policy)
    assert first.due_at == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    assert first.warn_at == datetime(2026, 3, 9, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({}, True),
        ({"priority": "urgent"}, True),
        ({"priority": "urgent", "type": "Refund"}, False),
        ({"queue": "Second line"}, False),
    ],
)
def test_a_policy_applies_if_all_its_conditions_hold(conditions: dict[str, str], fits: bool) -> None:
    policy = Policy(1, "Gold", conditions=conditions)
    assert (choose_policy(example_dialog(priority="urgent"), [policy]) is policy) is fits


def test_the_first_matching_policy_applies() -> None:
    first, second = Policy(1, "A"), Policy(2, "B")
    assert choose_policy(example_dialog(), [first, second]) is first


@given(st.lists(st.integers(1, 60 * 30), min_size=2, max_size=12))
def test_pauses_add_exactly_their_length(minutes: list[int]) -> None:
    """Run, pause, run, pause: without a calendar the end moves by as much as was paused."""
    policy = Policy(1, "Gold", durations={"resolution": "366d"})
    clocks, at, paused = settle([], NEW, NOON, policy), NOON, timedelta()
    due_at = clocks[0].due_at
    for turn, length in enumerate(minutes):
        is_paused = turn % 2 == 1
        clocks = settle(clocks, replace(NEW, state="paused" if is_paused else "active"), at, policy)
        at += timedelta(minutes=length)
        paused += timedelta(minutes=length) if is_paused else timedelta()
    clocks = settle(clocks, NEW, at, policy)
    assert clocks[0].due_at == due_at + paused


@pytest.mark.parametrize(
    ("state", "late", "shown_as"),
    [("running", 0, "running"), ("running", 1, "breached"), ("frozen", 1, "frozen"), ("met", 1, "met")],
)
def test_a_clock_that_runs_past_its_time_is_shown_as_breached(state: str, late: int, shown_as: str) -> None:
    clock = replace(OPENED[0], state=state)  # type: ignore[arg-type]
    assert clock.state_at(clock.due_at + late * timedelta(seconds=1)) == shown_as


def test_a_dialog_shows_the_newest_clock_of_each_name_in_order() -> None:
    first, resolution = OPENED
    next_one = replace(first, id=3, name="next_response", due_at=NOON + 5 * HOUR)
    newer = replace(next_one, id=4, due_at=NOON + 6 * HOUR)
    sla = sla_at(POLICY, [resolution, next_one, first, newer], at=NOON + HOUR)
    assert sla.policy == "Gold"
    assert [(clock.id, clock.state) for clock in sla.clocks] == [
        (1, "breached"),
        (4, "running"),
        (2, "running"),
    ]
