"""The limits of the Bots FAQ, kept by arithmetic."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.rules import DeskRules
from holdline.telegram.pacing import (
    CARD_PAUSE,
    GROUP_BURST,
    MARGIN,
    RateWindow,
    album_pause,
    call_pause,
    collapse_delay,
    current_pace,
    customers_share,
    group_pause,
    lower_pace,
    pause_of_customer,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
RULES = DeskRules()


def test_a_private_chat_waits_a_little_more_than_a_second() -> None:
    assert call_pause(RULES) == timedelta(seconds=1.05)
    assert call_pause(RULES, edit=True) == timedelta(seconds=0.35)


def test_zero_switches_a_limit_off() -> None:
    free = DeskRules(per_second=0, per_chat_per_second=0, group_per_minute=0)
    assert call_pause(free) == timedelta(0)
    assert group_pause([1, 2, 3], AT, 10, free) == (AT, [])
    assert RateWindow(0).room(5.0) > 1000 and RateWindow(0).seconds_until_room(5.0) == 0


@given(st.lists(st.integers(0, 5_000_000), min_size=30, max_size=120))
def test_no_minute_ever_holds_more_than_twenty_operations(impatience: list[int]) -> None:
    now, allowed, recent = 1_000_000, 0, []
    done: list[int] = []
    for wish in impatience:
        now = max(now + wish, allowed)
        done.append(now)
        until, recent = group_pause(recent, AT, now, RULES)
        allowed = now + (until - AT) // MICRO
    for start in done:
        assert sum(start <= moment < start + 60_000_000 for moment in done) <= 20
        assert sum(start <= moment < start + 1_050_000 for moment in done) <= GROUP_BURST
        assert sum(start <= moment < start + 10_500_000 for moment in done) <= GROUP_BURST + 9


@given(st.lists(st.integers(0, 5_000_000), min_size=30, max_size=60))
def test_after_a_flood_a_group_gets_operations_one_by_one(impatience: list[int]) -> None:
    now, allowed, recent = 1_000_000, 0, []
    done: list[int] = []
    for wish in impatience:
        now = max(now + wish, allowed)
        done.append(now)
        until, recent = group_pause(recent, AT, now, RULES, burst=1)
        allowed = now + (until - AT) // MICRO
    assert all(later - sooner >= 1_050_000 for sooner, later in itertools.pairwise(done))


@given(st.lists(st.tuples(st.integers(0, 20_000_000), st.integers(1, 10)), min_size=5, max_size=40))
def test_every_part_of_an_album_counts_in_the_minute(wishes: list[tuple[int, int]]) -> None:
    now, allowed, recent = 1_000_000, 0, []
    done: list[int] = []
    for wish, parts in wishes:
        now = max(now + wish, allowed)
        now += (album_pause(recent, AT, now, RULES, parts=parts) - AT) // MICRO
        done += [now] * parts
        until, recent = group_pause(recent, AT, now, RULES, parts=parts)
        allowed = now + (until - AT) // MICRO
    for start in done:
        assert sum(start <= moment < start + 60_000_000 for moment in done) <= 20


def test_a_quiet_group_gets_a_short_burst_and_then_one_operation_a_second() -> None:
    recent: list[int] = []
    pauses = []
    for _ in range(GROUP_BURST + 1):
        until, recent = group_pause(recent, AT, 10, RULES)
        pauses.append((until - AT).total_seconds())
    assert pauses == [0, 0, 0, 1.05, 2.1]


def test_one_customer_leaves_others_more_than_half_of_a_groups_minute() -> None:
    assert customers_share(RULES) == 6
    assert customers_share(DeskRules(group_per_minute=0)) is None
    assert 60 / pause_of_customer(RULES).total_seconds() == pytest.approx(8, rel=0.02)


@given(st.lists(st.tuples(st.floats(0, 0.4), st.integers(1, 40)), min_size=1, max_size=80))
def test_no_second_ever_holds_more_calls_than_allowed(wishes: list[tuple[float, int]]) -> None:
    window, now, started = RateWindow(30), 0.0, []
    for pause, wish in wishes:
        now += pause
        calls = min(wish, window.room(now))
        window.take(now, calls)
        started += [now] * calls
    for start in started:
        assert sum(start <= moment < start + 1 for moment in started) <= 30


def test_marketing_uses_all_but_one_call_a_second_if_nobody_else_writes() -> None:
    window, now, started = RateWindow(30), 0.0, 0
    while now < 60:
        calls = window.room_for_marketing(now)
        window.take(now, calls, marketing=calls)
        started += calls
        now += window.seconds_until_marketing(now, 0) or 0.001
    assert started / 60 >= 0.95 * 30 / MARGIN
    assert window.room(now) >= 1


@given(st.lists(st.floats(0.001, 0.2), min_size=1, max_size=200))
def test_marketing_is_spread_evenly_and_makes_up_for_short_delays_only(pauses: list[float]) -> None:
    window, now, began = RateWindow(30), 0.0, 0
    for pause in pauses:
        now += pause
        calls = window.room_for_marketing(now)
        assert calls <= 4
        window.take(now, calls, marketing=calls)
        began += calls
        assert window.seconds_until_room(now) <= 0.1 + MARGIN / 30
    assert began <= 4 + now * 30 / MARGIN + 1


def test_other_calls_reduce_the_share_of_marketing() -> None:
    window = RateWindow(30)
    window.take(1.0, 30)
    assert window.room_for_marketing(1.5) == 0 and window.room_for_marketing(2.06) >= 1
    assert window.room(2.06) == 30


def test_a_flood_lowers_the_pace_by_30_percent_and_each_clean_minute_restores_10() -> None:
    left = lower_pace(30)
    assert left == pytest.approx(21)
    minutes = {0: 21, 59: 21, 60: 22, 119: 22, 180: 24, 539: 29, 540: 30, 86_400: 30}
    for seconds, expected in minutes.items():
        now = AT + timedelta(seconds=seconds)
        assert current_pace(30, pace_left=left, flood_at=AT, at=now) == pytest.approx(expected)


def test_without_a_flood_or_without_a_limit_the_pace_is_the_configured_one() -> None:
    assert current_pace(30, pace_left=None, flood_at=None, at=AT) == 30
    assert current_pace(0, pace_left=21, flood_at=AT, at=AT) == 0
    assert current_pace(5, pace_left=21, flood_at=AT, at=AT) == 5, (
        "the limit was lowered in the configuration meanwhile"
    )


@given(st.floats(0.1, 10_000), st.integers(1, 200))
def test_floods_never_lower_the_pace_to_zero(most: float, floods: int) -> None:
    left = most
    for _ in range(floods):
        left, before = lower_pace(left), left
        assert min(before, 1.0) <= left <= before


@given(st.floats(1, 1000), st.floats(1, 1000), st.integers(-3600, 10**6), st.integers(0, 10**6))
def test_the_pace_only_rises_between_floods_and_never_passes_the_limit(
    most: float, left: float, seconds: int, later: int
) -> None:
    before, after = (
        current_pace(most, pace_left=left, flood_at=AT, at=AT + timedelta(seconds=moment))
        for moment in (seconds, seconds + later)
    )
    assert min(left, most) <= before <= after <= most


@pytest.mark.parametrize(
    ("group_per_minute", "expected"), [(20, 2.0), (10, 2.0), (40, 1.0), (2000, 0.02), (0, 0.0)]
)
def test_changes_are_spaced_while_the_group_is_short_of_operations(
    group_per_minute: float, expected: float
) -> None:
    rules = DeskRules(group_per_minute=group_per_minute)
    assert collapse_delay(CARD_PAUSE, rules) == timedelta(seconds=expected)
