"""Parts of long texts and names of strangers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.text.richtext import RichText, length, lines, shift_entities, with_mark
from holdline.dialogs.text.splitting import clean_name, first_line, inline, parts_of, split_text, truncate

SIGNS = st.sampled_from(["a", "б", " ", "\n", "👩‍👩‍👧", "🇵🇱", "é", "🦊", ".", "👍🏽", "\u0301"])
TEXTS = st.lists(SIGNS, max_size=120).map("".join)


def units(text: str) -> list[bytes]:
    raw = text.encode("utf-16-le")
    return [raw[at : at + 2] for at in range(0, len(raw), 2)]


def covered(parts: list[tuple[str, Any]]) -> list[frozenset[str]]:
    found = []
    for text, entities in parts:
        for at in range(length(text)):
            found.append(
                frozenset(e["type"] for e in entities if e["offset"] <= at < e["offset"] + e["length"])
            )
    return found


@st.composite
def rich_texts(draw: st.DrawFn) -> tuple[str, tuple[dict[str, Any], ...]]:
    text = draw(TEXTS)
    size = length(text)
    entities = []
    for _ in range(draw(st.integers(0, 4)) if size else 0):
        start = draw(st.integers(0, size - 1))
        kind = draw(st.sampled_from(["bold", "pre", "url", "custom_emoji", "text_link"]))
        entities.append({"type": kind, "offset": start, "length": draw(st.integers(1, size - start))})
    return text, tuple(entities)


@given(rich_texts(), st.integers(12, 40), st.integers(0, 8))
def test_parts_are_the_whole_text_with_the_whole_formatting(rich: Any, limit: int, header: int) -> None:
    text, entities = rich
    parts = parts_of(text, entities, header, limit=limit)
    room = [limit - header] + [limit] * (len(parts) - 1)
    assert all(length(part) <= most or not part.strip() for (part, _), most in zip(parts, room, strict=True))
    if all(part.strip() for part, _ in parts) and "".join(p for p, _ in parts) == text:
        assert covered(parts) == covered([(text, entities)])
    said = "".join("".join(part.split()) for part, _ in parts)
    assert said == "".join(text.split())


def test_a_header_has_room_above_the_first_part_that_is_sent() -> None:
    parts = parts_of(" " * 7 + "a" * 40, (), 8, limit=12)
    assert [len(part) for part, _ in parts] == [4, 12, 12, 12]


@given(rich_texts(), st.integers(12, 40))
def test_entities_of_parts_lie_inside_their_part(rich: Any, limit: int) -> None:
    for text, entities in split_text(*rich, limit=limit):
        assert all(e["offset"] >= 0 and e["length"] > 0 for e in entities)
        assert all(e["offset"] + e["length"] <= length(text) for e in entities)


@given(TEXTS, st.integers(12, 40))
def test_no_part_begins_with_half_a_character(text: str, limit: int) -> None:
    for part, _ in split_text(text.replace("\u0301", ""), limit=limit)[1:]:
        assert not part.startswith(("\u200d", "\U0001f3fd"))


@pytest.mark.row("F-08")
def test_a_text_of_ten_thousand_characters_is_three_parts() -> None:
    text = "слово " * 1700
    parts = split_text(text)
    assert len(parts) == 3
    assert "".join(part for part, _ in parts) == text
    assert all(part.endswith(" ") for part, _ in parts)


def test_a_text_is_preferably_cut_between_paragraphs() -> None:
    text = "a" * 3500 + "\n\n" + "b " * 900
    first, second = split_text(text)
    assert first[0] == "a" * 3500 + "\n\n"
    assert second[0].startswith("b ")


def test_a_cut_never_splits_a_link() -> None:
    text = "x" * 4090 + "https://example.org/a"
    entity = {"type": "url", "offset": 4090, "length": 21}
    first, second = split_text(text, (entity,))
    assert first == ("x" * 4090, ())
    assert second == ("https://example.org/a", ({**entity, "offset": 0},))


def test_a_cut_through_bold_leaves_both_sides_bold() -> None:
    (_, one), (_, two) = split_text("y" * 5000, ({"type": "bold", "offset": 10, "length": 4900},))
    assert one == ({"type": "bold", "offset": 10, "length": 4086},)
    assert two == ({"type": "bold", "offset": 0, "length": 814},)


def test_a_text_of_only_blanks_is_still_one_part() -> None:
    assert split_text("") == [("", ())]


def test_a_header_moves_entities_by_utf16_units() -> None:
    joined = lines(RichText("👤 Анна"), RichText("bold", ({"type": "bold", "offset": 0, "length": 4},)))
    assert joined.entities[0]["offset"] == len(units("👤 Анна\n"))
    assert shift_entities(({"type": "url", "offset": 3, "length": 2, "x": 1},), 4)[0] == {
        "type": "url", "offset": 7, "length": 2, "x": 1,
    }  # fmt: skip
    assert (RichText("🦊") + with_mark("z", "code")).entities[0]["offset"] == 2


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Anna\u202egnp.exe", "Annagnp.exe"),
        ("ㅤ", "510"),
        ("  A\n\tB  ", "A B"),
        ("a" + "\u0301" * 30, "a" + "\u0301" * 3),
        ("👩‍👩‍👧 Ola", "👩‍👩‍👧 Ola"),
        ("\u2066\u2069", "510"),
        ("", "510"),
        ("x" * 100, "x" * 63 + "…"),
    ],
)
def test_a_name_is_one_line_of_visible_characters(raw: str, shown: str) -> None:
    assert clean_name(raw, fallback="510") == shown


@given(st.text(max_size=200))
def test_any_name_becomes_short_visible_and_one_line(raw: str) -> None:
    name = clean_name(raw, fallback="510")
    assert name.strip()
    assert len(name) <= 64
    assert not set(name) & set("\n\r\t\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00")


def test_a_name_is_never_a_command_to_tap() -> None:
    assert inline("/close 3 form") == "∕close 3 form"
    assert inline("a/b") == "a/b"
    assert inline("משה") == "\u2068משה\u2069"


def test_shortening_never_splits_a_character() -> None:
    assert truncate("ab👍🏽cd", 4) == "ab…"
    assert truncate("abcd", 4) == "abcd"


def test_the_first_line_proposes_a_title() -> None:
    assert first_line("\n  Where is my order?\nIt is late", 128) == "Where is my order?"
    assert first_line(" \n ", 128) == ""
