"""Where a long text is cut, and how names are shortened."""

from typing import Any

import pytest

from holdline.dialogs.text.limits import (
    characters_within,
    fits,
    fits_button,
    length,
    refuse_too_long,
)
from holdline.dialogs.text.splitting import (
    clean_name,
    first_line,
    inline,
    is_blank,
    split_text,
    truncate,
)
from tests.dialogs.examples import refusal_of

FLAG, FIRST_HALF, LAST_HALF = "🇵🇱", "\U0001f1e6", "\U0001f1ff"


def texts(text: str, limit: int, entities: Any = ()) -> list[str]:
    return [part for part, _ in split_text(text, entities, limit=limit)]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("aaaa bbbb", 9, ["aaaa bbbb"]),
        ("aaaa bbbb", 8, ["aaaa ", "bbbb"]),
        ("aaaaaaaa", 4, ["aaaa", "aaaa"]),
        ("aaa\n\nb c d", 8, ["aaa\n\n", "b c d"]),
        ("aaa b\nc d", 8, ["aaa b\n", "c d"]),
        ("a bbbbbbbbb", 10, ["a bbbbbbbb", "b"]),
        ("aaaa bbbbbb", 10, ["aaaa bbbbb", "b"]),
        ("aaaaa bbbbb", 10, ["aaaaa ", "bbbbb"]),
        ("aaaaaaaaa bb", 10, ["aaaaaaaaa ", "bb"]),
        ("aaaaaaaaaa bb", 10, ["aaaaaaaaaa", " bb"]),
        ("aaaa      ", 5, ["aaaa "]),
        ("     aaaa", 5, ["aaaa"]),
        ("          ", 5, ["     "]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("😀😀😀", 5, ["😀😀", "😀"]),
        (f"{FLAG}{FLAG}", 6, [FLAG, FLAG]),
        (f"a{FLAG}b", 4, ["a", FLAG, "b"]),
        (f"{FIRST_HALF}{LAST_HALF}{LAST_HALF}{FIRST_HALF}", 6,
         [f"{FIRST_HALF}{LAST_HALF}", f"{LAST_HALF}{FIRST_HALF}"]),
        ("aaa\r\nb", 4, ["aaa", "\r\nb"]),
        ("aae\u0301b", 3, ["aa", "e\u0301b"]),
        ("aa👍\U0001f3fbb", 5, ["aa", "👍\U0001f3fbb"]),
        ("aa👍\U0001f3ffb", 5, ["aa", "👍\U0001f3ffb"]),
        ("aa👍\U0001f3fab", 5, ["aa👍", "\U0001f3fab"]),
        ("aa👍\U0001f400b", 5, ["aa👍", "\U0001f400b"]),
        ("aa🏴\U000e0020b", 5, ["aa", "🏴\U000e0020b"]),
        ("aa🏴\U000e007fb", 5, ["aa", "🏴\U000e007fb"]),
        ("aa\u1100\u1160b", 3, ["aa", "\u1100\u1160b"]),
        ("aa\u1100\u11ffb", 3, ["aa", "\u1100\u11ffb"]),
        ("aa\u1100\u115fb", 3, ["aa\u1100", "\u115fb"]),
        ("aa\u1100\u1200b", 3, ["aa\u1100", "\u1200b"]),
        ("aa👩\u200d👧b", 6, ["aa", "👩\u200d👧b"]),
        ("a\u0301\u0301\u0301\u0301", 3, ["a\u0301\u0301", "\u0301\u0301"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_at_a_visible_gap(text: str, limit: int, parts: list[str]) -> None:
    assert texts(text, limit) == parts


def test_a_gap_is_looked_for_in_the_last_quarter_of_a_message() -> None:
    assert [len(part) for part in texts("a" * 3072 + " " + "a" * 2000, 4096)] == [3073, 2000]
    assert [len(part) for part in texts("a" * 3071 + " " + "a" * 2000, 4096)] == [4096, 976]


@pytest.mark.parametrize(
    ("entity", "parts"),
    [
        ({"type": "url", "offset": 6, "length": 4}, ["aaaaaa", "aaaa"]),
        ({"type": "bold", "offset": 6, "length": 4}, ["aaaaaaaa", "aa"]),
        ({"type": "url", "offset": 4, "length": 6}, ["aaaa", "aaaaaa"]),
        ({"type": "url", "offset": 3, "length": 7}, ["aaaaaaaa", "aa"]),
        ({"type": "url", "offset": 8, "length": 2}, ["aaaaaaaa", "aa"]),
        ({"type": "url", "offset": 4, "length": 4}, ["aaaaaaaa", "aa"]),
    ],
)
def test_a_link_stays_whole_if_possible(entity: dict[str, Any], parts: list[str]) -> None:
    assert texts("a" * 10, 8, (entity,)) == parts


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("abcd", 4, "abcd"),
        ("abcde", 4, "abc…"),
        ("ab cde", 4, "ab…"),
        ("😀😀", 4, "😀😀"),
        ("😀😀", 3, "😀…"),
        (f"{FLAG}{FLAG}", 7, f"{FLAG}…"),
        (f"{FLAG}{FLAG}", 4, f"{FLAG[0]}…"),
        ("e\u0301e\u0301e", 4, "e\u0301…"),
    ],
)
def test_a_text_is_shortened_between_visible_characters(text: str, limit: int, cut: str) -> None:
    assert truncate(text, limit) == cut


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("  Anna \n K. ", "Anna K."),
        ("a\u0301\u0301\u0301b", "a\u0301\u0301\u0301b"),
        ("a\u0301\u0301\u0301\u0301b", "a\u0301\u0301\u0301b"),
        ("a\u0301\u0301b\u0301\u0301", "a\u0301\u0301b\u0301\u0301"),
        ("a\u202eb", "ab"),
        ("a\u200db", "a\u200db"),
        ("\u200da\u200c", "a"),
        ("\u3164\u2800", "-"),
        ("\u0301", "-"),
        ("", "-"),
        ("!", "!"),
        ("€", "€"),
        ("\ue000\ud800x", "x"),
        ("a\u0378b", "ab"),
        ("x" * 70, "x" * 63 + "…"),
    ],
)
def test_a_name_is_one_visible_line(raw: str, name: str) -> None:
    assert clean_name(raw, fallback="-") == name


@pytest.mark.parametrize(
    ("name", "quiet"),
    [
        ("/start", "∕start"),
        ("a /b", "a ∕b"),
        ("a/b", "a/b"),
        ("//", "∕∕"),
        ("a \n b", "a b"),
        ("שלום", "\u2068שלום\u2069"),
        ("سلام", "\u2068سلام\u2069"),
    ],
)
def test_a_strangers_name_is_made_safe_for_a_sentence(name: str, quiet: str) -> None:
    assert inline(name) == quiet


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n \nLost box.\nMore", "Lost box"),
        ("Well...", "Well..."),
        ("Well..", "Well.."),
        ("x" * 20, "xxxxxxxxx…"),
        (" \n", ""),
        ("\u3164", ""),
    ],
)
def test_a_title_is_the_first_line(text: str, title: str) -> None:
    assert first_line(text, 10) == title


@pytest.mark.parametrize(
    ("text", "blank"), [("", True), (" \n\u200b\u3164", True), ("a", False), (" .", False)]
)
def test_a_text_without_anything_visible_is_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("abc", 3), ("żółw", 4), ("a😀", 3), ("\uffff", 1), ("\U00010000", 2)]
)
def test_length_is_counted_in_telegrams_units(text: str, units: int) -> None:
    assert length(text) == units
    assert fits(text, units) and not (units and fits(text, units - 1))
    assert characters_within(text + "b", units) == len(text)
    assert characters_within(text, 99) == len(text)
    refuse_too_long(text, units, field="f")
    refused = ("f", "mends.too_long", {"limit": units, "length": units + 1})
    assert refusal_of(lambda: refuse_too_long(text + "b", units, field="f")) == refused


def test_half_an_emoji_does_not_fit() -> None:
    assert characters_within("😀😀", 3) == 1 and characters_within("a\U00010000b", 2) == 1


def test_the_data_of_a_button_is_counted_in_bytes() -> None:
    assert fits_button("я" * 32) and not fits_button("я" * 32 + "a")
