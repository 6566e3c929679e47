"""What happens next to a customer in a funnel."""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdline.dialogs.funnels.conditions import FunnelProfile
from holdline.dialogs.funnels.course import (
    START,
    Finish,
    FunnelPosition,
    FunnelTurn,
    Rest,
    Say,
    advance,
    on_answer,
    on_press,
)
from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.dry_run import DryCustomer, messages_of, run_dry
from holdline.dialogs.funnels.effects import AnswerEffect, BranchEffect, FieldEffect, GoalEffect, TagEffect
from holdline.dialogs.funnels.reading.definition import read_definition
from holdline.dialogs.funnels.splits import choose_branch
from holdline.dialogs.funnels.steps import SplitStep
from tests.dialogs.funnels.test_reading import SAY, funnel

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANNA = FunnelProfile(key="7", name="Anna", language="pl", time_zone="Europe/Warsaw")
SECOND = timedelta(seconds=1)


def read(*steps: Any, **more: Any) -> Definition:
    return read_definition(funnel(*steps, **more))


def say(text: str, **more: Any) -> dict[str, Any]:
    return {"send": {"text": text, **more}}


def texts(definition: Definition, profile: FunnelProfile = ANNA, *says: str) -> list[str]:
    return [text for _, text in messages_of(run_dry(definition, DryCustomer(profile, says), NOW))]


def test_a_delay_counts_from_the_sending_and_one_message_is_out_at_a_time() -> None:
    definition = read(say("a"), {"wait": "90s"}, say("b"))
    first = advance(definition, START, ANNA, NOW)
    assert isinstance(first.what, Say) and first.position == FunnelPosition("0", "saying")
    sent_at = NOW + timedelta(hours=5)
    second = advance(definition, first.position, ANNA, sent_at)
    assert second == FunnelTurn((), Rest(sent_at + 90 * SECOND), FunnelPosition("1", "waiting"))
    third = advance(definition, second.position, ANNA, sent_at + 90 * SECOND)
    assert isinstance(third.what, Say) and third.what.step.message.words.text == "b"
    assert advance(definition, third.position, ANNA, sent_at).what == Finish("end")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"tag": "VIP"}, True),
        ({"tag": "other"}, False),
        ({"not": {"tag": "other"}}, True),
        ({"field": "City"}, True),
        ({"field": "empty"}, False),
        ({"field": "city", "is": "warsaw"}, True),
        ({"field": "city", "is": ["Kraków", "Warsaw"]}, True),
        ({"field": "age", "above": 29, "below": 31}, True),
        ({"field": "age", "above": 30}, False),
        ({"field": "age", "is": 30}, True),
        ({"field": "city", "above": 1}, False),
        ({"field": "adult", "is": True}, True),
        ({"field": "adult", "is": "true"}, False),
        ({"answer": "size", "is": "XL"}, True),
        ({"answer": "colour"}, False),
        ({"language": ["en", "pl"]}, True),
        ({"dialog": "closed"}, True),
        ({"dialog": ["active", "paused"]}, False),
        ({"all": [{"tag": "vip"}, {"language": "pl"}]}, True),
        ({"all": [{"tag": "vip"}, {"language": "en"}]}, False),
        ({"any": [{"tag": "x"}, {"language": "pl"}]}, True),
    ],
)
def test_each_condition_of_a_funnel_is_evaluated(condition: Any, expected: bool) -> None:
    profile = replace(
        ANNA,
        tags=frozenset({"vip"}),
        fields={"city": "Warsaw", "age": "30", "adult": True, "empty": ""},
        answers={"size": "xl"},
        dialog="closed",
    )
    definition = read({"if": condition, "then": [say("yes")], "else": [say("no")]}, say("after"))
    turn = advance(definition, START, profile, NOW)
    assert turn.position.address == ("0.then.0" if expected else "0.else.0")
    assert advance(definition, turn.position, profile, NOW).position.address == "1"


def test_a_stop_word_ends_a_dry_run() -> None:
    definition = read({"question": {"text": "?", "name": "a"}}, say("b"), stop_words=["stop"])
    assert texts(definition, ANNA, "Stop!") == ["?"]


def test_a_dry_run_fills_in_known_values() -> None:
    definition = read({"set": {"city": "Łódź"}}, say("{customer.name|x}, {field.city|?}, {field.age|young}"))
    assert texts(definition) == ["Anna, Łódź, young"]


@pytest.mark.parametrize("round_", [[], [{"tag": "x"}], [{"set": {"a": 1}}] * 150, [say("again")]])
def test_a_dry_run_of_a_loop_ends_soon(round_: list[Any]) -> None:
    """A year of minutes would keep the desk busy for one."""
    definition = read({"wait": "60s", "label": "top"}, *round_, {"goto": "top"})
    begun = time.process_time()
    moments = run_dry(definition, DryCustomer(ANNA), NOW)
    assert time.process_time() - begun < 1
    assert len(moments) < 700


def test_later_steps_see_the_effects_of_earlier_steps() -> None:
    definition = read(
        {"tag": "new"}, {"set": {"city": "Łódź", "n": 3}}, {"goal": "half"},
        {"if": {"all": [{"tag": "new"}, {"field": "city", "is": "łódź"}]}, "then": [{"untag": "new"}]},
        {"if": {"tag": "new"}, "then": [say("never")]},
    )  # fmt: skip
    turn = advance(definition, START, ANNA, NOW)
    assert turn.what == Finish("end")
    assert turn.effects == (
        TagEffect("new", True), FieldEffect("city", "Łódź"), FieldEffect("n", 3), GoalEffect("half"),
        TagEffect("new", False),
    )  # fmt: skip


def test_a_goal_whose_condition_holds_ends_the_funnel_before_the_next_message() -> None:
    definition = read(say("a"), {"wait": "1d"}, say("b"), goals=[{"goal": "bought", "if": {"tag": "buyer"}}])
    assert texts(definition) == ["a", "b"]
    buyer = replace(ANNA, tags=frozenset({"buyer"}))
    turn = advance(definition, FunnelPosition("1", "waiting"), buyer, NOW)
    assert (turn.effects, turn.what) == ((GoalEffect("bought"),), Finish("goal"))


QUESTION = read(
    {
        "question": {"text": "Where?", "name": "city", "field": "City", "within": "2d"},
        "else": [say("nobody")],
    },
    say("thanks"),
)


def test_an_answer_is_stored_and_silence_has_its_own_steps() -> None:
    waiting = advance(QUESTION, FunnelPosition("0", "saying"), ANNA, NOW)
    assert waiting.what == Rest(NOW + timedelta(days=2))
    answered = on_answer(QUESTION, waiting.position, " Kraków ", ANNA, NOW)
    assert answered and answered.effects == (AnswerEffect("city", "Kraków"), FieldEffect("City", "Kraków"))
    assert answered.position.address == "1"
    silent = advance(QUESTION, waiting.position, ANNA, NOW + timedelta(days=2))
    assert silent.position.address == "0.else.0"
    assert advance(QUESTION, silent.position, ANNA, NOW).position.address == "1"


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (START, "Kraków"),
        (FunnelPosition("0", "saying"), "Kraków"),
        (FunnelPosition("0", "waiting"), "  "),
        (FunnelPosition("1", "saying"), "Kraków"),
        (FunnelPosition("9", "waiting"), "Kraków"),
    ],
)
def test_a_text_outside_a_waiting_question_is_not_an_answer(position: FunnelPosition, text: str) -> None:
    assert on_answer(QUESTION, position, text, ANNA, NOW) is None


CHOICES = read(
    {"question": {"text": "Size?", "name": "size", "choices": [
        "S", {"text": "XL", "then": [say("big")]}, {"text": "?", "goto": "help"}]}},
    say("after"), {"stop": True}, {**say("help"), "label": "help"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "got"), [("s", ["Size?", "after"]), ("XL", ["Size?", "big", "after"]), ("?", ["Size?", "help"])]
)
def test_a_choice_is_typed_or_pressed(said: str, got: list[str]) -> None:
    assert texts(CHOICES, ANNA, said) == got
    number = ["s", "XL", "?"].index(said)
    waiting = FunnelPosition("0", "waiting")
    assert on_press(CHOICES, waiting, ("0", number), ANNA, NOW) == on_answer(
        CHOICES, waiting, said, ANNA, NOW
    )


@pytest.mark.parametrize(("said", "got"), [("XL", "So XL, Anna"), ("S", "So S, Anna"), ("m", "So any, Anna")])
def test_an_answer_is_filled_into_later_messages(said: str, got: str) -> None:
    question = {"question": {"text": "Size?", "name": "Size", "choices": ["S", "XL"], "within": "1d"}}
    definition = read(question, say("So {answer.size|any}, {customer.name}"))
    assert texts(definition, ANNA, said)[-1] == got


def test_a_text_that_is_not_a_choice_is_not_an_answer() -> None:
    assert on_answer(CHOICES, FunnelPosition("0", "waiting"), "medium", ANNA, NOW) is None
    assert texts(CHOICES, ANNA, "medium") == ["Size?", "after"]


BRANCHING = read(
    {"send": {"text": "Tour?", "within": "1d", "buttons": [
        [{"text": "Yes", "then": [say("1"), say("2")]}, {"text": "Site", "url": "https://example.org"}],
        {"text": "No", "goto": "end"}, {"text": "Later", "then": []}]},
     "else": [{"tag": "silent"}]},
    say("after"), {"label": "end", "goal": "done"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("pressed", "got"),
    [("yes", ["1", "2", "after"]), ("No", []), ("Later", ["after"]), ("Site", ["after"]), ("", ["after"])],
)
def test_a_pressed_button_leads_to_its_branch(pressed: str, got: list[str]) -> None:
    assert texts(BRANCHING, ANNA, *([pressed] if pressed else [])) == ["Tour?", *got]


@pytest.mark.parametrize(
    ("position", "pressed"),
    [
        (START, ("0", 0)),
        (FunnelPosition("1", "saying"), ("0", 0)),
        (FunnelPosition("0", "waiting"), ("0", 1)),
        (FunnelPosition("0", "waiting"), ("0", 9)),
        (FunnelPosition("0", "waiting"), ("0", -1)),
    ],
)
def test_an_unexpected_button_press_changes_nothing(position: FunnelPosition, pressed: Any) -> None:
    assert on_press(BRANCHING, position, pressed, ANNA, NOW) is None


def test_a_press_before_the_sending_is_confirmed_counts() -> None:
    turn = on_press(BRANCHING, FunnelPosition("0", "saying"), ("0", 0), ANNA, NOW)
    assert turn and turn.effects == (BranchEffect("0", "Yes"),)


@pytest.mark.parametrize(
    ("until", "zone", "start", "after"),
    [
        ("09:00", "Europe/Warsaw", "2026-11-30T07:00Z", "1:00:00"),
        ("09:00", "Europe/Warsaw", "2026-11-30T08:00Z", "0:00:00"),
        ("09:00", "Europe/Warsaw", "2026-11-30T08:00:01Z", "23:59:59"),
        ("09:00", "Asia/Tokyo", "2026-11-30T08:00Z", "16:00:00"),
        ({"time": "09:00", "weekday": "mon"}, "UTC", "2026-11-30T09:00:01Z", "6 days, 23:59:59"),
        ({"time": "09:00", "weekdays": ["sat", "sun"]}, "UTC", "2026-11-30T10:00Z", "4 days, 23:00:00"),
        ("02:30", "Europe/Warsaw", "2027-03-28T00:00Z", "1:30:00"),  # 02:30 is left out: 03:30 stands for it
        ("02:30", "Europe/Warsaw", "2026-10-24T23:00Z", "1:30:00"),  # there are two: the first
        ("02:30", "Europe/Warsaw", "2026-10-25T00:45Z", "1 day, 0:45:00"),  # between the two: the next day
    ],
)  # fmt: skip
def test_a_wait_until_a_time_uses_the_customers_time_zone(
    until: Any, zone: str, start: str, after: str
) -> None:
    definition = read({"until": until}, say("x"))
    at = datetime.fromisoformat(start)
    [moment, _] = run_dry(definition, DryCustomer(replace(ANNA, time_zone=zone)), at)
    assert str(moment.after) == after


def branch_of(step: SplitStep, key: int, funnel: str = "f") -> str:
    return choose_branch(step, funnel=funnel, profile=FunnelProfile(str(key)))[1].name


def test_a_split_is_stable_and_follows_its_shares() -> None:
    split = {
        "split": [{"name": "a", "share": 70, "then": [say("A")]}, {"name": "b", "share": 30}],
        "label": "x",
    }
    step = read(split).by_address["0"]
    assert isinstance(step, SplitStep)
    chosen = [branch_of(step, key) for key in range(20_000)]
    assert chosen == [branch_of(step, key) for key in range(20_000)]
    assert abs(Counter(chosen)["a"] - 14_000) < 260  # four standard deviations
    moved = read(SAY, split).by_address["1"]
    assert isinstance(moved, SplitStep)
    assert chosen[:500] == [branch_of(moved, key) for key in range(500)]
    other = [branch_of(step, key, "g") for key in range(20_000)]
    both = Counter(zip(chosen, other, strict=True))[("a", "a")]
    assert abs(both - 9_800) < 290  # two funnels divide the same people independently
