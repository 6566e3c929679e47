"""Times and the values of a dialog as people read them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from holdline.dialogs.text.times import in_zone, minute_text, moment_text, require_zone, to_rfc3339
from holdline.dialogs.text.value_words import own_value_words, priority_words, stage_words
from tests.dialogs.examples import refusal_of

AT = datetime(2026, 12, 1, 17, 0, 5, tzinfo=UTC)


def test_a_moment_is_formatted() -> None:
    assert moment_text(AT, "Europe/Warsaw") == "2026-12-01 18:00 Europe/Warsaw"
    assert minute_text(AT, "UTC") == "2026-12-01 17:00"
    assert to_rfc3339(AT) == "2026-12-01T17:00:05Z"
    assert in_zone(AT, "Asia/Tokyo").day == 2 and in_zone(AT, "UTC").tzinfo is UTC


def test_an_unknown_zone_is_refused_with_a_shortened_name() -> None:
    require_zone("Europe/Warsaw")
    require_zone("UTC")
    assert refusal_of(lambda: require_zone("Mars/North")) == ("timezone", "time.zone", {"name": "Mars/North"})
    name = refusal_of(lambda: require_zone("x" * 99))[2]["name"]
    assert isinstance(name, str) and len(name) == 64


@pytest.mark.parametrize(
    ("words", "language", "text"),
    [
        (lambda language: stage_words("New", language), "pl", "Nowy"),
        (lambda language: stage_words("At the lawyer's", language), "pl", "At the lawyer's"),
        (lambda language: priority_words("urgent", language), "en", "urgent"),
        (lambda language: own_value_words(True, language), "en", "yes"),
        (lambda language: own_value_words(False, language), "en", "no"),
        (lambda language: own_value_words(7, language), "en", "7"),
    ],
)
def test_values_are_translated_for_each_language(words: Any, language: str, text: str) -> None:
    assert words(language) == text
