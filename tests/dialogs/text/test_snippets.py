"""The text around a search hit."""

import pytest

from holdline.dialogs.text.snippets import has_words, snippet, strip_marks


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("ABC", "abc"),
        ("Łódź", "lodz"),
        ("ё й и Ё", "е й и е"),
        ("Café ñ", "cafe n"),
        ("e\u0301", "e"),
    ],
)
def test_letters_lose_their_diacritics(text: str, bare: str) -> None:
    assert strip_marks(text) == bare


@pytest.mark.parametrize(
    ("text", "words", "has"),
    [
        ("My order came", ["ord", "cam"], True),
        ("My order came", ["ord", "late"], False),
        ("My reorder", ["order"], False),
        ("ŁÓDŹ", ["lodz"], True),
        ("anything", [], True),
    ],
)
def test_each_search_word_must_begin_a_word_of_the_text(text: str, words: list[str], has: bool) -> None:
    assert has_words(text, words) is has


LINE = "".join(f"{number:03} " for number in range(100)).strip()


@pytest.mark.parametrize(
    ("text", "words", "cut"),
    [
        ("  one\n two  ", ["two"], "one two"),
        ("", ["two"], ""),
        (LINE, [], f"{LINE[:160]}…"),
        (LINE, ["zzz"], f"{LINE[:160]}…"),
        (LINE, ["010"], f"{LINE[:160]}…"),
        (LINE, ["011"], f"…{LINE[4:164]}…"),
        (LINE, ["zzz", "050", "040"], f"…{LINE[120:280]}…"),
        (LINE, ["099"], f"…{LINE[356:]}"),
        ("y" * 160, ["zzz"], "y" * 160),
        ("y" * 161, ["zzz"], "y" * 160 + "…"),
        ("Straße " * 40 + "Łódź", ["lodz"], "…" + ("Straße " * 40)[-40:] + "Łódź"),
    ],
)
def test_a_line_is_cut_around_the_first_hit(text: str, words: list[str], cut: str) -> None:
    assert snippet(text, words) == cut
