"""Marks become entities in UTF-16 units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.sandbox.errors import Refusal
from holdline.sandbox.markup import utf16
from holdline.sandbox.markup.entities import parse_text
from holdline.sandbox.markup.html import parse

CASES = [
    ("<b>bold</b> plain", "bold plain", [("bold", 0, 4)]),
    ("😀<i>x</i>", "😀x", [("italic", 2, 1)]),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("&lt;b&gt; &amp; &quot;&#65;&#x42;", '<b> & "AB', []),
    ("<a href='http://x.org/'>here</a>", "here", [("text_link", 0, 4)]),
    (
        '<tg-spoiler>s</tg-spoiler><span class="tg-spoiler">t</span>',
        "st",
        [("spoiler", 0, 1), ("spoiler", 1, 1)],
    ),
    ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
    ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
    ("<b></b>empty", "empty", []),
    ("  <b> padded </b> ", "padded", [("bold", 0, 6)]),
]
MARKDOWN = [
    (
        "*bold* _it_ __un__ ~st~ ||sp||",
        "bold it un st sp",
        ["bold", "italic", "underline", "strikethrough", "spoiler"],
    ),
    ("`code` a\\.b", "code a.b", ["code"]),
    ("```python\nx = 1```", "x = 1", ["pre"]),
    ("[link](http://x.org/a\\)b)", "link", ["text_link"]),
    (">quote\nplain", "quote\nplain", ["blockquote"]),
]


@pytest.mark.parametrize(("source", "text", "found"), CASES)
def test_html_is_read_as_telegram_reads_it(source: str, text: str, found: list[tuple]) -> None:
    plain, entities = parse_text(source, "HTML", [])
    assert plain == text
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == found


@pytest.mark.parametrize(("source", "text", "found"), MARKDOWN)
def test_markdown_is_read_as_telegram_reads_it(source: str, text: str, found: list[str]) -> None:
    plain, entities = parse_text(source, "MarkdownV2", [])
    assert plain == text
    assert [entity["type"] for entity in entities] == found


def test_the_language_of_code_stays_with_its_block() -> None:
    _, (entity,) = parse_text('<pre><code class="language-python">x</code></pre>', "HTML", [])
    assert entity["language"] == "python"


def test_commands_links_and_mentions_are_found_without_marks() -> None:
    text = "/start@holdline_bot see https://x.org/a, mail a@b.org, ask @anna #urgent"
    _, entities = parse_text(text, "", [])
    found = {entity["type"]: utf16.cut(text, entity["offset"], entity["length"]) for entity in entities}
    assert found == {
        "bot_command": "/start@holdline_bot",
        "url": "https://x.org/a",
        "email": "a@b.org",
        "mention": "@anna",
        "hashtag": "#urgent",
    }


def test_entities_outside_the_text_are_left_out() -> None:
    wrong = {"type": "bold", "offset": 3, "length": 9}
    right = {"type": "bold", "offset": 0, "length": 2}
    assert parse_text("four", "", [wrong, right]) == ("four", [right])


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse(f"<b>{escaped}</b>")[0] == text


@given(st.text(alphabet='<>/bia &;"=x😀\n-!', max_size=30))
def test_hostile_html_is_either_read_or_refused(text: str) -> None:
    try:
        plain, entities = parse(text)
    except Refusal as refused:
        assert refused.code == 400
    else:
        assert all(e["offset"] + e["length"] <= utf16.length(plain) for e in entities)


@given(st.text(alphabet="*_~|`[]()>\\ab.\n", max_size=30), st.sampled_from(["Markdown", "MarkdownV2"]))
def test_hostile_markdown_is_either_read_or_refused(text: str, mode: str) -> None:
    try:
        plain, entities = parse_text(text, mode, [])
    except Refusal as refused:
        assert refused.code == 400
    else:
        assert all(e["offset"] + e["length"] <= utf16.length(plain) for e in entities)
