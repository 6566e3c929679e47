"""Moments as managers type them, to the minute; and the limits of formatting and texts."""

from datetime import UTC, datetime

import pytest

from holdline.dialogs.text.entities import valid_entities
from holdline.dialogs.text.moments import parse_moment
from holdline.dialogs.text.richtext import RichText
from tests.dialogs.examples import refusal_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "moment", "rest"),
    [
        ("12:01 Hi", datetime(2026, 3, 1, 12, 1, tzinfo=UTC), "Hi"),
        ("12:00 Hi", datetime(2026, 3, 2, 12, 0, tzinfo=UTC), "Hi"),
        ("9:05", datetime(2026, 3, 2, 9, 5, tzinfo=UTC), ""),
        ("tomorrow 9:05  Hi there ", datetime(2026, 3, 2, 9, 5, tzinfo=UTC), "Hi there"),
        ("2026-12-01 18:00 Hi", datetime(2026, 12, 1, 18, tzinfo=UTC), "Hi"),
        ("90M Hi", datetime(2026, 3, 1, 13, 30, tzinfo=UTC), "Hi"),
        ("2h", datetime(2026, 3, 1, 14, tzinfo=UTC), ""),
        ("3d x", datetime(2026, 3, 4, 12, tzinfo=UTC), "x"),
    ],
)
def test_a_moment_is_read_with_what_follows(words: str, moment: datetime, rest: str) -> None:
    assert parse_moment(words, now=NOW, zone="UTC") == (moment, rest)


@pytest.mark.parametrize(
    "words", ["", "soon", "24:00 x", "9:60", "9:5", "tomorrow", "tomorrow soon", "12345m"]
)
def test_a_text_without_a_leading_moment_has_no_moment(words: str) -> None:
    assert parse_moment(words, now=NOW, zone="UTC") is None


@pytest.mark.parametrize(
    ("type_", "name", "limit", "more"),
    [("pre", "language", 64, {}), ("date_time", "date_time_format", 32, {"unix_time": 5})],
)
def test_details_of_formatting_have_a_maximum_length(
    type_: str, name: str, limit: int, more: dict[str, int]
) -> None:
    def entity(length: int) -> dict[str, object]:
        return {"type": type_, "offset": 0, "length": 1, name: "x" * length, **more}

    assert valid_entities("a", [entity(limit)]) == (entity(limit),)
    refused = (f"entities.0.{name}", "mends.entity_detail", {"type": type_})
    assert refusal_of(lambda: valid_entities("a", [entity(limit + 1)])) == refused


def test_texts_are_joined_with_their_formatting() -> None:
    bold = ({"type": "bold", "offset": 0, "length": 1},)
    text = RichText("b", bold)
    assert RichText() + text == text and text + RichText() == text
    assert RichText("😀") + text == RichText("😀b", ({"type": "bold", "offset": 2, "length": 1},))
