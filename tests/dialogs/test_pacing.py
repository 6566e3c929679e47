"""The limits of the Bots FAQ, kept by arithmetic."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.pacing import Window, group_pause, spacing
from holdline.dialogs.rules import DeskRules

AT = datetime(2026, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
RULES = DeskRules()


def test_a_private_chat_rests_a_second_and_a_bit() -> None:
    assert spacing(RULES) == timedelta(seconds=1.05)
    assert spacing(RULES, edit=True) == timedelta(seconds=0.35)


def test_zero_means_that_no_limit_is_wanted() -> None:
    free = DeskRules(per_second=0, per_chat_per_second=0, group_per_minute=0)
    assert spacing(free) == timedelta(0)
    assert group_pause([1, 2, 3], AT, 10, free) == (AT, [])
    assert Window(0).room(5.0) > 1000 and Window(0).seconds_until_room(5.0) == 0


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
    assert all(later - sooner >= 1_050_000 for sooner, later in itertools.pairwise(done))


@given(st.lists(st.tuples(st.floats(0, 0.4), st.integers(1, 40)), min_size=1, max_size=80))
def test_no_second_ever_holds_more_calls_than_allowed(wishes: list[tuple[float, int]]) -> None:
    window, now, started = Window(30), 0.0, []
    for pause, wish in wishes:
        now += pause
        calls = min(wish, window.room(now))
        window.take(now, calls)
        started += [now] * calls
    for start in started:
        assert sum(start <= moment < start + 1 for moment in started) <= 30


def test_a_share_of_the_second_is_kept_for_people() -> None:
    window = Window(30)
    window.take(1.0, 25)
    assert window.room(1.0) == 5 and window.room_for_marketing(1.0) == 0
    assert window.seconds_until_room(1.0) + 1 > 0 and window.room(2.06) == 30
