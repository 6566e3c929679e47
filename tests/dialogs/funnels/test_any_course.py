"""Every funnel ends, and no delay is shorter than written."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.funnels.course import START, Finish, Rest, advance
from holdline.dialogs.funnels.dry_run import DryCustomer, run_dry
from tests.dialogs.funnels.test_course import ANNA, NOW, SECOND, read, say

WAITS = st.sampled_from(["1s", "59s", "60s", "2h", "3d"]).map(lambda length: {"wait": length})
UNTILS = st.sampled_from(["00:00", "09:00", {"time": "23:59", "weekday": "sun"}]).map(
    lambda at: {"until": at}
)
PLAIN = st.one_of(
    WAITS, UNTILS, st.just({"tag": "x"}), st.just({"untag": "x"}), st.just({"goal": "g"}),
    st.just({"stop": True}), st.sampled_from("abc").map(say),
)  # fmt: skip


def branching(steps: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(steps, max_size=3)
    return st.one_of(
        st.builds(lambda a, b: {"if": {"tag": "x"}, "then": a, "else": b}, some, some),
        st.builds(lambda a, b: {"split": [share("a", 40, a), share("b", 60, b)]}, some, some),
        st.builds(
            lambda a, b: {"send": {"text": "?", "within": "1d", "buttons": ways(a)}, "else": b}, some, some
        ),
        st.builds(lambda b: {"question": {"text": "?", "name": "n"}, "else": b}, some),
    )


def share(name: str, percent: int, then: Any) -> dict[str, Any]:
    return {"name": name, "share": percent, "then": then}


def ways(then: Any) -> list[dict[str, Any]]:
    return [{"text": "go", "then": then}, {"text": "up", "goto": "top"}]


STEPS = st.lists(st.recursive(PLAIN, branching, max_leaves=8), min_size=1, max_size=6)


@given(STEPS, st.lists(st.sampled_from(["go", "up", "words"]), max_size=4), st.integers(0, 10**8))
def test_every_funnel_ends_and_no_delay_is_shorter_than_written(
    steps: Any, says: list[str], offset: int
) -> None:
    definition = read({"tag": "begun", "label": "top"}, *steps)
    start = NOW + timedelta(seconds=offset)
    moments = run_dry(definition, DryCustomer(ANNA, tuple(says)), start)
    assert isinstance(moments[-1].what, Finish)
    assert [one.after for one in moments] == sorted(one.after for one in moments)


@given(STEPS, st.integers(0, 10**8))
def test_a_wait_lasts_as_long_as_written_and_repeating_a_turn_changes_nothing(
    steps: Any, offset: int
) -> None:
    definition = read({"tag": "begun", "label": "top"}, *steps)
    at, position = NOW + timedelta(seconds=offset), START
    for _ in range(200):
        turn = advance(definition, position, ANNA, at)
        if isinstance(turn.what, Finish):
            return
        step = definition.by_address[turn.position.address]
        if isinstance(turn.what, Rest):
            assert turn.position.phase == "waiting" and turn.what.until > at
            written = getattr(step, "length", None) or getattr(step, "within", None)
            assert written is None or turn.what.until - at == written
            at = turn.what.until
        else:
            assert turn.position.phase == "saying"
            at += SECOND
        position = turn.position
    raise AssertionError("it neither ends nor moves")
