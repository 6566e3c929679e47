"""Which formatting from outside is accepted, and what is kept of it."""

from typing import Any

import pytest

from holdline.dialogs.text.entities import LINK_LIMIT, MOST_ENTITIES, link_entity, valid_entities
from tests.dialogs.examples import refusal_of


def entity(type_: str, offset: Any = 0, length: Any = 2, **more: Any) -> dict[str, Any]:
    return {"type": type_, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    "one",
    [
        entity("bold"),
        entity("bold", 2, 1),
        entity("pre"),
        entity("pre", language="p"),
        entity("text_link", url="https://x.example"),
        entity("text_mention", user={"id": 1}),
        entity("text_mention", user={"id": 2**52 - 1}),
        entity("custom_emoji", custom_emoji_id="1" * 20),
        entity("date_time", unix_time=0),
        entity("date_time", unix_time=2**40 - 1),
    ],
)
def test_a_valid_entity_is_kept(one: dict[str, Any]) -> None:
    assert valid_entities("😀x", [{**one, "more": 1}]) == (one,)


@pytest.mark.parametrize(
    ("wrong", "field", "mend"),
    [
        (entity("bold", 0, 4), "e.1", "mends.entity_place"),
        (entity("bold", 1, 1), "e.1", "mends.entity_place"),
        (entity("bold", 0, 1), "e.1", "mends.entity_place"),
        (entity("bold", 0, 0), "e.1", "mends.entity_place"),
        (entity("bold", -2, 2), "e.1", "mends.entity_place"),
        (entity("bold", "0", 2), "e.1", "mends.entity_place"),
        (entity("bold", 0, True), "e.1", "mends.entity_place"),
        (entity("blink"), "e.1.type", "mends.one_of"),
        ({"offset": 0, "length": 2}, "e.1.type", "mends.one_of"),
        (entity("pre", language=""), "e.1.language", "mends.entity_detail"),
        (entity("pre", language="x" * 999), "e.1.language", "mends.entity_detail"),
        (entity("pre", language=5), "e.1.language", "mends.entity_detail"),
        (entity("text_link"), "e.1.url", "mends.entity_detail"),
        (entity("text_mention", user={"id": 0}), "e.1.user", "mends.entity_detail"),
        (entity("text_mention", user={"id": 2**52}), "e.1.user", "mends.entity_detail"),
        (entity("text_mention", user={"id": True}), "e.1.user", "mends.entity_detail"),
        (entity("custom_emoji", custom_emoji_id="1" * 21), "e.1.custom_emoji_id", "mends.entity_detail"),
        (entity("date_time", unix_time=-1), "e.1.unix_time", "mends.entity_detail"),
        (entity("date_time", unix_time=2**40), "e.1.unix_time", "mends.entity_detail"),
        (entity("date_time", unix_time=True), "e.1.unix_time", "mends.entity_detail"),
    ],
)
def test_an_invalid_entity_is_refused_with_its_path(wrong: dict[str, Any], field: str, mend: str) -> None:
    refused = refusal_of(lambda: valid_entities("😀x", [entity("bold"), wrong], field="e"))
    assert refused[:2] == (field, mend)
    if mend == "mends.entity_place":
        assert refused[2] == {"length": 3}


def test_entities_are_sorted_by_their_position_in_the_text() -> None:
    inner, outer, later = entity("bold", 0, 1), entity("italic", 0, 3), entity("code", 1, 1)
    assert valid_entities("abc", [later, inner, outer]) == (outer, inner, later)


def test_a_text_has_a_maximum_number_of_entities() -> None:
    most = [entity("bold", 0, 1)] * MOST_ENTITIES
    assert len(valid_entities("abc", most)) == MOST_ENTITIES
    refused = ("entities", "mends.most_entities", {"most": MOST_ENTITIES})
    assert refusal_of(lambda: valid_entities("abc", [*most, most[0]])) == refused


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (" https://x.example/a?b ", {"type": "text_link", "url": "https://x.example/a?b"}),
        ("TG://resolve?domain=x", {"type": "text_link", "url": "TG://resolve?domain=x"}),
        ("mailto:a@b.pl", {"type": "text_link", "url": "mailto:a@b.pl"}),
        ("x.example/a", {"type": "text_link", "url": "http://x.example/a"}),
        ("tg://user?id=77", {"type": "text_mention", "user": {"id": 77}}),
        ("javascript:1", None),
        ("https://x y", None),
        ("word", None),
        ("https://x.example/" + "a" * LINK_LIMIT, None),
    ],
)
def test_a_link_is_what_telegram_accepts(url: str, expected: dict[str, Any] | None) -> None:
    assert link_entity(url) == expected
