"""Keywords and expressions: which are taken, and what they find."""

import pytest

from holdline.dialogs.text.patterns import (
    LONGEST_REGEX,
    LONGEST_WORD,
    MOST_WORDS,
    search,
    valid_regex,
    valid_words,
    words_in,
)
from tests.dialogs.examples import refusal_of


def test_normalised_words_are_separated_by_spaces() -> None:
    assert words_in("Zażółć, my_order-12!") == " zazolc my order 12"
    assert words_in("…") == ""


def test_keywords_lose_duplicates_and_extra_blanks() -> None:
    assert valid_words(["money   back", "refund", " money back "]) == ["money back", "refund"]
    longest, most = "x" * LONGEST_WORD, [f"w{n}" for n in range(MOST_WORDS)]
    assert valid_words([longest]) == [longest] and valid_words(most) == most


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (
            [f"w{n}" for n in range(MOST_WORDS + 1)],
            ("any_of", "past.keywords_too_many", {"limit": MOST_WORDS}),
        ),
        (["ok", "!?"], ("any_of", "past.keyword", {"limit": LONGEST_WORD})),
        (["x" * (LONGEST_WORD + 1)], ("any_of", "past.keyword", {"limit": LONGEST_WORD})),
    ],
)
def test_empty_or_too_general_keywords_are_refused(
    words: list[str], refusal: tuple[str, str, dict[str, object]]
) -> None:
    assert refusal_of(lambda: valid_words(words)) == refusal


@pytest.mark.parametrize(
    "regex",
    [
        None,
        r"inv-\d+",
        "x" * LONGEST_REGEX,
        "(ab){100}",
        "a{10000}",
        "(a{100}){100}",
        "(a{99}b){100}",
        r"[ab\]]{10000}",
        r"\d{10000}",
        "(ab)c{9998}",
        "a{100,}b{100,200}",
        "((a)b){5000}",
        "(a{5000})(b{5000})",
        r"\({10000}",
        "a{0}b",
    ],
)
def test_a_valid_expression_is_accepted(regex: str | None) -> None:
    assert valid_regex(regex) == regex


LONG = {"limit": LONGEST_REGEX, "length": LONGEST_REGEX + 1}


@pytest.mark.parametrize(
    ("regex", "mend", "words"),
    [
        ("x" * (LONGEST_REGEX + 1), "mends.too_long", LONG),
        ("a{10001}", "past.regex", {}),
        ("(ab){5001}", "past.regex", {}),
        ("(a{101}){100}", "past.regex", {}),
        ("(a{99}b){101}", "past.regex", {}),
        ("(ab)c{9999}", "past.regex", {}),
        ("((a)b){5001}", "past.regex", {}),
        ("(a{5000})(b{5001})", "past.regex", {}),
        ("a{10001,}", "past.regex", {}),
        ("(a{5001}", "past.regex_wrong", {"quoted": "(a{5001}"}),
        ("(a", "past.regex_wrong", {"quoted": "(a"}),
        ("a)", "past.regex_wrong", {"quoted": "a)"}),
        ("[", "past.regex_wrong", {"quoted": "["}),
        ("(a+)+b", "past.regex", {}),
    ],
)
def test_an_invalid_expression_is_refused(regex: str, mend: str, words: dict[str, object]) -> None:
    assert refusal_of(lambda: valid_regex(regex)) == ("regex", mend, words)


@pytest.mark.parametrize(
    ("regex", "text", "found"), [("INV-\\d", "my inv-7", True), ("inv", "order", False), ("[", "x", None)]
)
def test_a_search_ignores_case(regex: str, text: str, found: bool | None) -> None:
    assert search(regex, text, seconds=1) is found


def test_a_search_that_takes_too_long_finds_nothing() -> None:
    assert search("(a+)+b", "a" * 5000, seconds=0.01) is None
