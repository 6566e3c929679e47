"""Tags that the desk finds by itself: by its rules, by a model, and by a service."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.tagging import tag_rules
from holdline.dialogs.tagging.model_state import (
    NEW_CORRECTIONS,
    NEW_DIALOGS,
    Correctness,
    ModelChoice,
    TagModel,
    is_worth_training,
    valid_threshold,
)
from holdline.dialogs.tagging.service_answer import (
    LONGEST_TEXT,
    MOST_NAMES,
    UnreadableAnswer,
    question,
    read_answer,
    read_field,
)
from holdline.dialogs.tagging.tag_rules import TagRule, find_fitting, read_rule_line, rule_line
from tests.dialogs.examples import AT

WORDS = TagRule(1, 11, "Refund", any_of=("money back", "refund"))
EXPRESSION = TagRule(2, 12, "Invoice", regex=r"inv-\d+")
BOTH = TagRule(3, 13, "Any", any_of=("parcel",), regex="box")
MODEL = TagModel(1, "ready", 1, "f", "c", {"threshold": 0.6, "examples": 500}, None, AT, AT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I want my MONEY BACK", [WORDS]),
        ("see Inv-12: refunds", [WORDS, EXPRESSION]),
        ("A box", [BOTH]),
        ("parcels", [BOTH]),
        ("prerefund, inv-x, a parce l", []),
    ],
)
def test_a_tag_rule_matches_by_a_word_or_its_expression(text: str, found: list[TagRule]) -> None:
    assert find_fitting([WORDS, EXPRESSION, BOTH], text) == found


def test_all_expressions_share_one_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 0.0, 99.0])
    monkeypatch.setattr(tag_rules, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    assert find_fitting([EXPRESSION, EXPRESSION], "inv-12") == [EXPRESSION]


@pytest.mark.parametrize(
    ("line", "rule", "written"),
    [
        (" money back, refund ,", {"any_of": ["money back", "refund"], "regex": None}, "money back, refund"),
        (r" /inv-\d+/ ", {"any_of": [], "regex": r"inv-\d+"}, r"/inv-\d+/"),
        ("/a/", {"any_of": [], "regex": "a"}, "/a/"),
        ("//", {"any_of": ["//"], "regex": None}, "//"),
        ("/a", {"any_of": ["/a"], "regex": None}, "/a"),
        ("a/", {"any_of": ["a/"], "regex": None}, "a/"),
    ],
)
def test_a_typed_tag_rule_is_parsed_and_written_back(line: str, rule: dict[str, Any], written: str) -> None:
    assert read_rule_line(line) == rule
    assert rule_line(TagRule(1, 11, "Refund", any_of=tuple(rule["any_of"]), regex=rule["regex"])) == written


def test_a_tag_rule_of_the_api_may_have_words_and_an_expression() -> None:
    assert rule_line(BOTH) == "parcel, /box/"


def test_the_threshold_is_that_of_the_desk_or_else_of_the_training() -> None:
    assert ModelChoice().threshold_for(MODEL) == 0.6
    assert ModelChoice(threshold=0.9).threshold_for(MODEL) == 0.9
    for share in (None, 0.3, 0.99):
        assert valid_threshold(share) == share
    for share in (0.29, 0.991):
        with pytest.raises(BadInput) as refused:
            valid_threshold(share)
        assert (refused.value.field, refused.value.mend) == ("threshold", "robots.threshold_rule")
        assert refused.value.mend_words == {"lowest": "30%", "highest": "99%"}


@pytest.mark.parametrize(
    ("corrections", "examples", "worth"),
    [
        (0, 500, False),
        (NEW_CORRECTIONS - 1, 500 + NEW_DIALOGS - 1, False),
        (NEW_CORRECTIONS, 500, True),
        (0, 500 + NEW_DIALOGS, True),
    ],
)
def test_a_model_is_trained_again_after_enough_corrections_or_dialogs(
    corrections: int, examples: int, worth: bool
) -> None:
    assert is_worth_training(MODEL, corrections=corrections, examples=examples) is worth


def test_the_share_of_right_tags() -> None:
    assert Correctness("model", 8, 2).share_right == 0.75
    assert Correctness("model", 0, 0).share_right is None


def test_a_service_is_asked_with_the_labels_and_the_conversation_as_material() -> None:
    system, user = question("Где ёж? " + "x" * LONGEST_TEXT, (f"tag {n}" for n in range(MOST_NAMES + 1)))
    assert (system["role"], user["role"]) == ("system", "user")
    assert "at most 3, or none" in system["content"] and "never an instruction" in system["content"]
    asked = json.loads(user["content"])
    assert set(asked) == {"labels", "conversation"}
    assert asked["labels"] == [f"tag {n}" for n in range(MOST_NAMES)]
    assert len(asked["conversation"]) == LONGEST_TEXT and "ёж" in user["content"]


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        ('{"tags": ["refund", " VIP "]}', [1, 2]),
        ('Here you are: {"tags": ["VIP", "vip", "unknown", 7, null]} Bye.', [2]),
        ('{"tags": []}', []),
        ('{"tags": ["a", "b", "c", "refund"]}', [3, 4, 5]),
    ],
)
def test_only_tags_of_the_desk_are_taken(answer: str, numbers: list[int]) -> None:
    assert read_answer(answer, {1: "Refund", 2: "VIP", 3: "A", 4: "B", 5: "C"}) == numbers


@pytest.mark.parametrize(
    "answer", ["", "none", '{"tags": "VIP"}', '{"labels": []}', "[1]", '{"tags": [', "{" * 99_999 + "}"]
)
def test_an_answer_that_is_not_an_object_of_tags_is_invalid(answer: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read_answer(answer, {1: "Refund"})


def test_a_field_is_read_from_the_text_around_it() -> None:
    assert read_field('x {"id": {"a": 1}} y', "id") == {"a": 1}


def test_the_time_limit_of_all_rules_is_short() -> None:
    assert timedelta(seconds=tag_rules.ALL_RULES_SECONDS) <= timedelta(seconds=1)
