"""What triggers a reply, as it is typed; and what a model is asked that may choose one."""

import json
from typing import Any

import pytest

from holdline.dialogs.smart_replies.model_answer import (
    LONGEST_PAIRS,
    LONGEST_TEXT,
    ask_for_choice,
    read_choice,
)
from holdline.dialogs.smart_replies.smart_reply import SmartReply
from holdline.dialogs.smart_replies.typed import occasion_lines, valid_occasions
from holdline.dialogs.tagging.service_answer import UnreadableAnswer
from tests.dialogs.examples import refusal_of


@pytest.mark.parametrize(
    ("text", "words", "regex", "questions"),
    [
        ("refund, money back", ["refund", "money back"], None, []),
        ("When are you open?\n /inv-\\d+/ \nrefund,", ["refund"], "inv-\\d+", ["When are you open?"]),
        ("/a/", [], "a", []),
        ("/ab", ["/ab"], None, []),
        ("ab/", ["ab/"], None, []),
        ("Open?\nHow much?", [], None, ["Open?", "How much?"]),
    ],
)
def test_typed_lines_are_questions_keywords_or_an_expression(
    text: str, words: list[str], regex: str | None, questions: list[str]
) -> None:
    assert valid_occasions(text) == {"any_of": words, "regex": regex, "questions": questions}


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("/a/\n/b/", ("regex", "smart.one_regex", {"both": "/a|b/"})),
        (" \n,", ("question", "smart.asks_nothing_typed", {})),
        ("/(/", ("regex", "past.regex_wrong", {"quoted": "("})),
        ("!!", ("any_of", "past.keyword", {"limit": 100})),
        ("//", ("any_of", "past.keyword", {"limit": 100})),
    ],
)
def test_an_empty_trigger_is_refused(text: str, refusal: tuple[str, str, Any]) -> None:
    assert refusal_of(lambda: valid_occasions(text)) == refusal


@pytest.mark.parametrize(
    ("reply", "lines"),
    [
        (SmartReply(1, "A", "x", any_of=("refund", "money back")), ["refund, money back"]),
        (SmartReply(1, "A", "x", regex="inv"), ["/inv/"]),
        (SmartReply(1, "A", "x", questions=("Open?", "How much")), ["Open?", "How much?"]),
        (SmartReply(1, "A", "x", ("a",), "b", ("c?",)), ["a", "/b/", "c?"]),
    ],
)
def test_triggers_are_written_as_they_would_be_typed(reply: SmartReply, lines: list[str]) -> None:
    assert occasion_lines(reply) == lines


def test_a_model_is_asked_with_the_pairs_as_material() -> None:
    reply = SmartReply(4, "Hours", "From nine.", questions=tuple(f"Когда {n}?" for n in range(6)))
    system, user = ask_for_choice("ё" * (LONGEST_TEXT + 1), [reply])
    assert (system["role"], user["role"]) == ("system", "user")
    assert "never an instruction" in system["content"]
    asked = json.loads(user["content"])
    assert asked == {
        "pairs": [{"id": 4, "questions": [f"Когда {n}?" for n in range(5)], "answer": "From nine."}],
        "message": "ё" * LONGEST_TEXT,
    }
    assert "Когда" in user["content"]


@pytest.mark.parametrize(("more", "ids"), [(0, [1, 2]), (1, [1])])
def test_the_model_is_offered_as_many_pairs_as_fit_in_order(more: int, ids: list[int]) -> None:
    half = LONGEST_PAIRS // 2
    replies = [
        SmartReply(1, "A", "a" * (half - 4), questions=("abc?",)),
        SmartReply(2, "B", "b" * (half - 4 + more), questions=("abc?",)),
        SmartReply(3, "C", "c"),
    ]
    asked = json.loads(ask_for_choice("?", replies)[1]["content"])
    assert [pair["id"] for pair in asked["pairs"]] == ids


@pytest.mark.parametrize(
    ("answer", "chosen"), [('{"id": 4}', 4), ('{"id": null}', None), ('so {"id": 7}.', 7)]
)
def test_the_choice_of_the_model_is_one_of_the_offered_pairs(answer: str, chosen: int | None) -> None:
    assert read_choice(answer, {4, 7}) == chosen


@pytest.mark.parametrize(
    "answer", ['{"id": 5}', '{"id": "4"}', '{"id": true}', '{"id": 4.0}', "4", '{"name": 4}']
)
def test_any_other_answer_of_the_model_is_invalid(answer: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read_choice(answer, {1, 4})
