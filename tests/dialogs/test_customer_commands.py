"""A customer's commands, and which of their messages answer a question."""

import pytest

from holdline.dialogs.customer_commands import CustomerCommand, is_start_payload, parse_customer_command
from holdline.dialogs.funnels.answer_words import is_plain_answer
from holdline.dialogs.message import Content


@pytest.mark.parametrize(
    ("content", "command"),
    [
        (Content(text="/start"), CustomerCommand("start")),
        (Content(text=" /Start@Desk_bot abc_-9 "), CustomerCommand("start", "Desk_bot", "abc_-9")),
        (Content(text="/start two words"), CustomerCommand("start", None, "", True)),
        (Content(text="/start\nabc"), CustomerCommand("start", None, "", True)),
        (Content(text="/start\n"), CustomerCommand("start")),
        (Content(text=f"/start {'x' * 65}"), CustomerCommand("start", None, "", True)),
        (Content(text="/language pl"), CustomerCommand("language", None, "pl")),
        (Content(text="/language\npl"), CustomerCommand("language", None, "", True)),
        (Content(text="/language"), CustomerCommand("language")),
        (Content(text="/help me"), CustomerCommand("help", None, "", True)),
        (Content(text="/stop"), CustomerCommand("stop")),
        (Content("photo", "/start abc"), CustomerCommand("start", None, "abc", True)),
        (Content(text="/open"), None),
        (Content(text="start"), None),
        (Content(text="/etc/hosts"), None),
    ],
)
def test_commands_of_a_customer_are_parsed(content: Content, command: CustomerCommand | None) -> None:
    assert parse_customer_command(content) == command


@pytest.mark.parametrize(
    ("text", "is_payload"), [("a", True), ("x" * 64, True), ("", False), ("a b", False), ("ё", False)]
)
def test_a_start_payload_follows_the_rules_of_telegram(text: str, is_payload: bool) -> None:
    assert is_start_payload(text) is is_payload


@pytest.mark.parametrize(
    ("text", "is_answer"),
    [
        ("M", True),
        (" size M \n", True),
        ("x" * 80, True),
        ("x" * 81, False),
        ("", False),
        ("  ", False),
        ("one\ntwo", False),
        ("really?", False),
        ("真的？", False),
    ],
)
def test_a_short_text_without_a_question_is_an_answer(text: str, is_answer: bool) -> None:
    assert is_plain_answer(text) is is_answer
