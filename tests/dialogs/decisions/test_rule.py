"""When a rule of the desk acts."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.decisions.rule import Case, Conditions, matches, valid_silence
from holdline.dialogs.refusal import BadInput
from tests.dialogs.examples import example_dialog

DIALOG = {"type": "Refund", "stage": "New", "priority": "high", "queue": "Money", "tags": ("vip", "eu")}


@pytest.mark.parametrize(
    ("conditions", "text", "expected"),
    [
        ({}, "", True),
        ({"text_contains": ["refund", "money"]}, "My MONEY back!", True),
        ({"text_contains": ["refund"]}, "Hello", False),
        ({"text_contains": ["ВОЗВРАТ"]}, "нужен возврат", True),
        ({"type": "refund", "stage": "new", "priority": "High", "queue": "money", "tag": "VIP"}, "", True),
        ({"type": "Refund", "tag": "us"}, "", False),
        ({"type": "Support"}, "", False),
        ({"type": "Refund", "text_contains": ["x"]}, "y", False),
        ({"queue": None, "type": "Refund"}, "", True),
        ({"queue": "Other"}, "", False),
    ],
)
def test_a_rule_matches_if_all_its_conditions_hold(
    conditions: dict[str, Any], text: str, expected: bool
) -> None:
    assert matches(Conditions.of(conditions), Case(text, example_dialog(**DIALOG))) is expected


def test_a_condition_on_the_dialog_fails_without_a_dialog() -> None:
    assert matches(Conditions.of({"text_contains": ["hi"]}), Case("hi"))
    assert not matches(Conditions.of({"type": "Support"}), Case("hi"))
    assert not matches(Conditions.of({"tag": "vip"}), Case("hi"))


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("outside", [True, False, None])
def test_a_condition_on_hours_fails_without_a_calendar(asked: bool, outside: bool | None) -> None:
    case = Case("hi", outside_hours=outside)
    assert matches(Conditions.of({"outside_hours": asked}), case) is (outside is asked)
    assert matches(Conditions.of({"outside_hours": None}), case)


def test_conditions_are_stored_as_they_were_given() -> None:
    given = {"text_contains": ["a", "b"], "type": "Refund", "outside_hours": False, "after": "2h"}
    assert Conditions.of(given).given == given
    assert Conditions.of({"type": None}).given == {}


@pytest.mark.parametrize(("text", "seconds"), [("45s", 45), ("30m", 1800), ("4h", 14400), ("2d", 172800)])
def test_silence_is_typed_with_a_unit(text: str, seconds: int) -> None:
    assert valid_silence(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "30", "0m", "-1h", "1w", "1.5h", "367d", "9999999d"])
def test_other_lengths_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        valid_silence(text)
