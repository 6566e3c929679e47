"""Formatting from outside: we parse HTML and entities, and name what Telegram would refuse."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdline.dialogs.marketing.content import (
    MarketingContent,
    Medium,
    read_media,
    read_words,
    refuse_unsayable,
)
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.entities import MOST_ENTITIES, valid_entities
from holdline.dialogs.text.html import TAGS, parse_html
from holdline.dialogs.text.limits import CAPTION_LIMIT
from holdline.dialogs.text.richtext import RichText
from holdline.sandbox.markup import html as telegram_html


def entity(kind: str, offset: int, size: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": size, **more}


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("plain &amp; simple", "plain & simple", []),
        ("<b>Hi</b>, <I>you</i>", "Hi, you", [entity("bold", 0, 2), entity("italic", 4, 3)]),
        ("🎁<b>🎁</b>", "🎁🎁", [entity("bold", 2, 2)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("&lt;b&gt; &#128512; &nbsp; 2 > 1", "<b> 😀 &nbsp; 2 > 1", []),
        (
            '<a href="https://x.test/?a=1&amp;b=2">shop</a>',
            "shop",
            [entity("text_link", 0, 4, url="https://x.test/?a=1&b=2")],
        ),
        ("<a>x.test</a>", "x.test", [entity("text_link", 0, 6, url="http://x.test")]),
        ('<a href="tg://user?id=42">him</a>', "him", [entity("text_mention", 0, 3, user={"id": 42})]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        (
            '<pre><code class="language-py">1</code></pre>',
            "1",
            [entity("pre", 0, 1, language="py")],
        ),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="7">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="7")]),
        ('<tg-time unix="60" format="wDT">x</tg-time>', "x",
         [entity("date_time", 0, 1, unix_time=60, date_time_format="wDT")]),
        ("<b></b>x", "x", []),
        ("a\n<u>b</u>", "a\nb", [entity("underline", 2, 1)]),
    ],
)  # fmt: skip
def test_html_is_parsed_into_text_and_entities(markup: str, text: str, entities: list[Any]) -> None:
    assert parse_html(markup) == RichText(text, tuple(entities))


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("Hi <br> you", "<br> (character 4)"),
        ("<script>alert(1)</script>", "<script>"),
        ("1 < 2", "character 3"),
        ("<b>Hi", "<b> at character 1"),
        ("<b><i>Hi</b></i>", "</b> at character 9"),
        ("Hi</b>", "</b> at character 3"),
        ('<a href="javascript:alert(1)">x</a>', "<a> at character 1"),
        ("<a>no link</a>", "<a> at character 1"),
        ('<span class="x">y</span>', "<span> at character 1"),
        ("<tg-emoji>y</tg-emoji>", "<tg-emoji> at character 1"),
        ('<tg-time unix="soon">y</tg-time>', "<tg-time>"),
        ("<b", "character 1"),
        ("<b>x</b>" * (MOST_ENTITIES + 1), str(MOST_ENTITIES)),
    ],
)
def test_the_refusal_of_invalid_html_names_the_tag_and_its_position(markup: str, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_html(markup)
    assert refused.value.field == "html"
    assert told in refused.value.sentence()


PIECES = st.sampled_from(
    ["<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "<pre>", "</pre>", "<blockquote>", "</blockquote>",
     '<a href="https://x.test">', "</a>", "&lt;", "&amp;", "&copy;", "🎁", "a", " ", "\n", "é", ">", '"']
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_accepted_html_is_parsed_as_telegram_parses_it(markup: str) -> None:
    """The sandbox's reader was written by itself, after Telegram's."""
    try:
        ours = parse_html(markup)
    except BadInput:
        return
    text, entities = telegram_html.parse(markup)
    assert ours.text == text
    assert sorted(map(str, ours.entities)) == sorted(
        str(entity(one["type"], one["offset"], one["length"]) | one) for one in entities
    )


@given(st.text(alphabet="<>/&;#x\"'= abcipru-1", max_size=60))
def test_any_html_is_parsed_or_refused(markup: str) -> None:
    try:
        words = parse_html(markup)
    except BadInput as refused:
        assert refused.sentence("pl")
    else:
        assert valid_entities(words.text, words.entities) == words.entities


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (entity("bold", 0, 9), "entities.0"),
        (entity("bold", -1, 1), "entities.0"),
        (entity("bold", 0, 0), "entities.0"),
        (entity("bold", 1, 1), "entities.0"),  # the second half of an emoji
        (entity("bold", 0, True), "entities.0"),
        (entity("blink", 0, 1), "entities.0.type"),
        ({"offset": 0, "length": 1}, "entities.0.type"),
        (entity("text_link", 0, 2), "entities.0.url"),
        (entity("text_link", 0, 2, url="javascript:1"), "entities.0.url"),
        (entity("text_mention", 0, 2, user={"id": "7"}), "entities.0.user"),
        (entity("custom_emoji", 0, 2, custom_emoji_id="x"), "entities.0.custom_emoji_id"),
        (entity("date_time", 0, 2), "entities.0.unix_time"),
        (entity("pre", 0, 2, language=["py"]), "entities.0.language"),
    ],
)
def test_the_refusal_of_an_invalid_entity_names_it(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_words("😀 hi", entities=[wrong])
    assert refused.value.field == field
    assert "{" not in refused.value.sentence("ru")


def test_entities_keep_only_the_keys_that_telegram_knows() -> None:
    given_ = [entity("italic", 3, 2, mark=1), entity("text_link", 0, 2, url="tg://user?id=5", user={"id": 1})]
    kept = read_words("😀 hi", entities=given_).entities
    assert kept == (entity("text_mention", 0, 2, user={"id": 5}), entity("italic", 3, 2))


@pytest.mark.parametrize(
    ("written", "media"),
    [
        (None, ()),
        ({"photo": "AgACAgIA-x_1"}, (Medium("photo", "AgACAgIA-x_1"),)),
        ({"document": "https://x.test/a.pdf"}, (Medium("document", "https://x.test/a.pdf"),)),
        ([{"photo": "A"}, {"video": "B"}], (Medium("photo", "A"), Medium("video", "B"))),
    ],
)
def test_valid_files_are_accepted(written: Any, media: tuple[Medium, ...]) -> None:
    assert read_media(written) == media


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({}, "media"),
        ({"photo": "A", "video": "B"}, "media"),
        ({"sticker": "A"}, "media"),
        ({"photo": 5}, "media.photo"),
        ({"photo": "http://x.test/a.jpg"}, "media.photo"),
        ({"photo": "https://localhost/a.jpg"}, "media.photo"),
        ({"photo": "https://u:p@x.test/a.jpg"}, "media.photo"),
        ({"photo": "attach://x"}, "media.photo"),
        ([], "media"),
        ([{"photo": "A"}] * 11, "media"),
        ([{"photo": "A"}, {"photo": ""}], "media.1.photo"),
        ([{"photo": "A"}, {"audio": "B"}], "media"),
        ([{"voice": "A"}, {"voice": "B"}], "media"),
    ],
)
def test_the_refusal_of_an_invalid_file_names_it(written: Any, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_media(written)
    assert refused.value.field == field


def test_an_album_has_one_caption_and_no_buttons() -> None:
    album = read_media([{"photo": "A"}, {"photo": "B"}])
    first, second = MarketingContent(RichText("Look"), album).parts
    assert (first.kind, first.text, first.data) == ("photo", "Look", {"file_id": "A"})
    assert (second.kind, second.text, second.data) == ("photo", "", {"file_id": "B"})
    refuse_unsayable(MarketingContent(RichText(), album))
    for content, field in (
        (MarketingContent(RichText("x"), album, ([{"text": "Yes", "data": "y"}],)), "buttons"),
        (MarketingContent(RichText("x" * (CAPTION_LIMIT + 1)), album), "text"),
    ):
        with pytest.raises(BadInput) as refused:
            refuse_unsayable(content)
        assert refused.value.field == field


def test_html_excludes_a_plain_text_and_its_tags_are_those_of_telegram() -> None:
    with pytest.raises(BadInput, match="bad_input"):
        read_words("x", html="<b>x</b>")
    assert set(TAGS) == set(telegram_html.SIMPLE) | telegram_html.OTHERS
