"""How the desk may rewrite the bot's texts for customers."""

from dataclasses import replace

import pytest

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.standard_message import (
    LONGEST_WORD,
    NAMES,
    WORDS,
    default_message,
    is_switched_on,
    rewrite_message,
    valid_language,
    valid_name,
)
from holdline.texts import LANGUAGES

GREETING, RATING = default_message("greeting", "en"), default_message("rating_request", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_desk_may_save_every_default_message(name: str, language: str) -> None:
    default = default_message(name, language)
    assert not default.changed
    assert rewrite_message(default, default.text, default.buttons or None) == replace(default, changed=True)


def test_captions_stay_if_only_the_text_is_rewritten() -> None:
    own = rewrite_message(RATING, "How was it?", ["1", "2", "3"])
    assert rewrite_message(own, "Well?", None) == replace(own, text="Well?")


@pytest.mark.parametrize(
    ("text", "buttons", "field", "mend"),
    [
        ("How?", [], "buttons", "mends.three_buttons"),
        ("How?", ["a", "b", "c", "d"], "buttons", "mends.three_buttons"),
        ("How?", "abc", "buttons", "mends.three_buttons"),
        ("How?", ["a", "b", "B"], "buttons", "mends.different_buttons"),
        ("How?", ["a", "b", " "], "buttons", "mends.empty"),
        ("How?", ["a", "b", "x" * 65], "buttons", "mends.too_long"),
        ("", None, "text", "mends.empty"),
        ("x" * 4097, None, "text", "mends.too_long"),
    ],
)
def test_a_message_that_telegram_would_refuse_is_refused(
    text: str, buttons: list[str] | None, field: str, mend: str
) -> None:
    with pytest.raises(BadInput) as refused:
        rewrite_message(RATING, text, buttons)
    assert (refused.value.field, refused.value.mend) == (field, mend)


def test_only_the_rating_form_has_buttons() -> None:
    with pytest.raises(BadInput) as refused:
        rewrite_message(GREETING, "Hi", ["a"])
    assert (refused.value.mend, refused.value.mend_words) == ("mends.no_buttons", {"count": 1})


@pytest.mark.parametrize("word", WORDS)
def test_a_text_is_measured_with_the_longest_values_of_its_variables(word: str) -> None:
    fits = "x" * (4096 - LONGEST_WORD)
    assert rewrite_message(GREETING, f"{{{word}}}{fits}", None).changed
    with pytest.raises(BadInput):
        rewrite_message(GREETING, f"{{{word}}}{fits}x", None)


@pytest.mark.parametrize(
    ("name", "rules", "sent"),
    [
        ("greeting", DeskRules(), True),
        ("dialog_opened", DeskRules(), False),
        ("dialog_opened", DeskRules(announce_opened=True), True),
        ("dialog_closed", DeskRules(announce_opened=True), False),
        ("dialog_closed", DeskRules(announce_closed=True), True),
    ],
)
def test_some_messages_are_sent_only_if_the_desk_switches_them_on(
    name: str, rules: DeskRules, sent: bool
) -> None:
    assert is_switched_on(rules, name) is sent


def test_unknown_names_and_languages_of_messages_are_refused() -> None:
    assert (valid_name("help"), valid_language("pl")) == ("help", "pl")
    for refuse, field in ((valid_name, "name"), (valid_language, "language")):
        with pytest.raises(BadInput) as refused:
            refuse("nonsense")
        assert refused.value.field == field
