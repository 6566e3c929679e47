"""What managers may type, and how a refusal states the correction."""

import pytest

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.wording import one_line, whole_text, without_controls
from holdline.texts import LANGUAGES


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Refund ", "Refund"),
        ("a\nb\tc", "a b c"),
        ("nul\x00here", "nul here"),
        ("rtl\u202eevil", "rtlevil"),
        ("half\ud800", "half"),
        ("Żółć и ёлка", "Żółć и ёлка"),
    ],
)
def test_a_name_is_one_clean_line(written: str, kept: str) -> None:
    assert one_line(written, field="name") == kept


@pytest.mark.parametrize("written", ["", "   ", "\n", "\u200b", "\u202e", "\x00"])
def test_an_invisible_name_is_refused(written: str) -> None:
    with pytest.raises(BadInput) as refused:
        one_line(written, field="name")

    assert refused.value.field == "name"


def test_a_name_has_a_maximum_length() -> None:
    assert one_line("x" * 64, field="name") == "x" * 64
    with pytest.raises(BadInput) as refused:
        one_line("x" * 65, field="name")

    assert "65" in refused.value.sentence()
    assert "64" in refused.value.sentence()


@pytest.mark.parametrize("written", [None, 5, b"x", ["a"]])
def test_a_value_that_is_not_text_is_refused(written: object) -> None:
    with pytest.raises(BadInput):
        whole_text(written, field="text")


def test_a_text_keeps_its_lines() -> None:
    assert whole_text(" Hello\r\n\r\nthere\x07! ", field="text") == "Hello\n\nthere !"


def test_a_search_text_is_cleaned_and_never_refused() -> None:
    assert without_controls("a\x00b\u2028c") == "a b c"


def test_a_remedy_is_shown_in_the_readers_language() -> None:
    refused = BadInput("name", "mends.too_long", limit=64, length=65)

    said = {refused.sentence(language) for language in LANGUAGES}

    assert len(said) == 3
    assert all("64" in sentence and "mends" not in sentence for sentence in said)


def test_a_remedy_named_without_its_domain_is_found() -> None:
    assert "128" in BadInput("title", "too_long", limit=128, length=130).sentence("pl")


def test_a_plain_phrase_is_shown_unchanged() -> None:
    assert BadInput("customer_score", "1, 2 or 3").sentence("en").endswith("1, 2 or 3")


@pytest.mark.parametrize("phrase", ["Either. Or this. " * 40, "a.b", "../../etc.passwd", "", "{limit}"])
def test_no_phrase_is_mistaken_for_a_key(phrase: str) -> None:
    assert BadInput("x", phrase).sentence("en").endswith(phrase)
