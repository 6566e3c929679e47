"""Every word of the chat page exists in three languages."""

import re
from pathlib import Path

import pytest

from tests.app.desk_process import ROOT

PAGE = ROOT / "holdline" / "sandbox" / "page"
LANGUAGES = ("en", "ru", "pl")
BLOCK = re.compile(r"^  (en|ru|pl): \{\n(.*?)^  \},", re.MULTILINE | re.DOTALL)
FIRST_PICTURE = 0x2600
PLAIN = "✎✓✕✘➤＝"
"""Every system's text fonts have these."""
PAIR = re.compile(r'(\w+): "((?:[^"\\]|\\.)*)"')


def spoken() -> dict[str, dict[str, str]]:
    text = (PAGE / "strings.js").read_text("utf-8")
    return {code: dict(PAIR.findall(block)) for code, block in BLOCK.findall(text)}


def asked(path: Path) -> set[str]:
    """The words that a module or the page itself asks for by name."""
    text = path.read_text("utf-8")
    return set(re.findall(r'(?:\bsay\(|data-say=)"(\w+)"', text))


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_each_language_has_every_text_with_the_same_placeholders(language: str) -> None:
    words = spoken()
    english, other = words["en"], words[language]
    assert english.keys() == other.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", other[key])), key
        assert other[key].strip(), key


def test_every_text_used_by_the_page_exists() -> None:
    wanted = set().union(*(asked(path) for path in (*PAGE.glob("*.js"), PAGE / "index.html")))
    assert len(wanted) > 40
    assert wanted <= spoken()["en"].keys()


def test_every_emoji_of_the_bot_and_the_page_has_a_picture() -> None:
    """Where no emoji font is installed, a sign that signs.woff2 lacks would be an empty box."""
    ranges = re.findall(r"U\+([0-9a-f]+)(?:-([0-9a-f]+))?", (PAGE / "page.css").read_text("utf-8"))
    drawn = {code for low, high in ranges for code in range(int(low, 16), int(high or low, 16) + 1)}
    bot = ROOT / "holdline"
    told = [*(bot / "texts").rglob("*.po"), *PAGE.glob("*.js")]
    told += [path for room in ("bot", "screens") for path in (bot / room).rglob("*.py")]
    signs = {sign for path in told for sign in path.read_text("utf-8") if ord(sign) >= FIRST_PICTURE}
    assert len(signs) > 40
    assert not {sign for sign in signs if ord(sign) not in drawn} - set(PLAIN)
