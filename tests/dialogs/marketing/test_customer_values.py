"""What tools may store about a customer, and how a text is filled in with it."""

from typing import Any

import pytest

from holdline.dialogs.event import SYSTEM
from holdline.dialogs.marketing.consent import ConsentBy, TopicStopped
from holdline.dialogs.marketing.content_refusals import count_refusal, is_enough
from holdline.dialogs.marketing.customer_values import (
    MOST_FIELDS,
    MOST_TAGS,
    merge_fields,
    read_typed_tags,
    read_typed_value,
    valid_tags,
    valid_topic,
    valid_value,
)
from holdline.dialogs.marketing.variables import CustomerValues, fill_in_values
from holdline.dialogs.text.richtext import RichText
from tests.dialogs.examples import refusal_of


def test_tags_are_sorted_without_duplicates() -> None:
    assert valid_tags([" vip ", "a", "vip"]) == ["a", "vip"]
    most = [f"{n:03}" for n in range(MOST_TAGS)]
    assert valid_tags(most) == most
    assert refusal_of(lambda: valid_tags([*most, "x"])) == (
        "tags",
        "mends.at_most_entries",
        {"limit": MOST_TAGS},
    )
    assert refusal_of(lambda: valid_tags([7]))[0] == "tags"
    assert refusal_of(lambda: valid_tags(["x" * 65]))[:2] == ("tags", "mends.too_long")


def test_a_topic_is_a_short_name() -> None:
    assert valid_topic(" News ") == "News"
    assert refusal_of(lambda: valid_topic(" "))[0] == "topic"
    assert refusal_of(lambda: valid_topic("x" * 65, field="name"))[:2] == ("name", "mends.too_long")


def test_fields_are_merged_by_name() -> None:
    before = {"City": "Gdynia", "Age": 30, "Old": True}
    after = merge_fields(before, {" City ": " Łódź ", "Old": None, "Age": "  ", "Zip": 0, "Gone": None})
    assert after == {"City": "Łódź", "Zip": 0} and list(after) == ["City", "Zip"]
    assert before == {"City": "Gdynia", "Age": 30, "Old": True}
    many = {f"{n:03}": n for n in range(MOST_FIELDS)}
    assert merge_fields(many, {"000": 5})["000"] == 5
    limit = ("fields", "mends.at_most_entries", {"limit": MOST_FIELDS})
    assert refusal_of(lambda: merge_fields(many, {"more": 1})) == limit
    assert list(merge_fields({"b": 1}, {"a": 2})) == ["a", "b"]
    assert refusal_of(lambda: merge_fields({}, {"x" * 65: 1}))[:2] == ("fields", "mends.too_long")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (None, None),
        (" ", None),
        (" a\nb ", "a\nb"),
        (False, False),
        (10**15, 10**15),
        (-(10**15), -(10**15)),
        (1.5, 1.5),
        ("x" * 1000, "x" * 1000),
    ],
)
def test_a_value_is_stored(given: Any, stored: Any) -> None:
    assert valid_value("City", given) == stored


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        ([1], "mends.plain_value"),
        ({}, "mends.plain_value"),
        (10**15 + 1, "mends.field_number_range"),
        (-(10**15) - 1, "mends.field_number_range"),
        (float("nan"), "mends.field_number_range"),
        (float("-inf"), "mends.field_number_range"),
        ("x" * 1001, "mends.too_long"),
    ],
)
def test_the_refusal_of_an_invalid_customer_value_names_its_field(given: Any, mend: str) -> None:
    assert refusal_of(lambda: valid_value("City", given))[:2] == ("fields.City", mend)


def test_tags_are_typed_with_commas_or_on_lines() -> None:
    assert read_typed_tags(" vip, new ,\n\n old") == ["vip", "new", "old"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (" City : Gdynia: north ", {"City": "Gdynia: north"}),
        ("City:", {"City": None}),
        ("Age: 30", {"Age": 30}),
        ("Debt: -30", {"Debt": -30}),
        ("None: 0", {"None": 0}),
        ("Phone: 0601", {"Phone": "0601"}),
        ("Phone: +48601", {"Phone": "+48601"}),
        ("Long: 1234567890123456", {"Long": "1234567890123456"}),
    ],
)
def test_a_value_is_typed_after_a_colon(typed: str, value: dict[str, Any]) -> None:
    assert read_typed_value(typed) == value


@pytest.mark.parametrize("typed", ["City", ": Gdynia", ""])
def test_a_value_without_a_name_is_refused(typed: str) -> None:
    assert refusal_of(lambda: read_typed_value(typed)) == ("fields", "mends.typed_value", {})


VALUES = CustomerValues("Ann 😀", None, "pl", {"City": " Łódź ", "Sum": 12.50, "Paid": True, "None": None})
TEXT = "Hi {customer.name}, {field.City|there}!"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        (TEXT, "Hi Ann 😀, Łódź!"),
        ("{field.Sum|0} {field.Paid|?} {field.None| - } {customer.username| you }", "12.5 true - you"),
        ("{ customer.language }", "pl"),
        ("{field.City} {unknown} {answer.Size|M}", "Łódź {unknown} {answer.Size|M}"),
        ("plain", "plain"),
    ],
)
def test_values_filled_into_a_text_are_not_filled_in_again(text: str, filled: str) -> None:
    assert fill_in_values(RichText(text), VALUES).text == filled


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ((0, 2), (0, 2)),
        ((3, 15), (3, 6)),
        ((0, 10), (0, 9)),
        ((5, 3), (3, 6)),
        ((10, 25), (3, 12)),
        ((18, 2), (9, 2)),
        ((38, 1), (15, 1)),
        ((20, 18), (11, 4)),
        ((22, 3), (11, 4)),
        ((0, 39), (0, 16)),
    ],
)
def test_formatting_keeps_its_place(marked: tuple[int, int], after: tuple[int, int]) -> None:
    """“😀” counts two units."""
    bold = {"type": "bold", "offset": marked[0], "length": marked[1]}
    filled = fill_in_values(RichText(TEXT, (bold,)), VALUES)
    assert filled.entities == ({"type": "bold", "offset": after[0], "length": after[1]},)


def test_formatting_of_an_empty_value_is_removed() -> None:
    bold = {"type": "bold", "offset": 0, "length": 19}
    assert fill_in_values(RichText("{customer.username} x", (bold,)), VALUES) == RichText(" x")


def test_consent_stores_how_and_with_which_text_it_was_given() -> None:
    assert ConsentBy(SYSTEM, "stop").data == {"how": "stop"}
    assert ConsentBy(SYSTEM, "button", "No more").data == {"how": "button", "words": "No more"}
    refused = TopicStopped("News")
    assert (refused.code, refused.text_key) == ("opted_out", "refusals.topic_stopped")
    assert refused.obj == {"type": "topic", "name": "News"} and refused.words == {"topic": "News"}


def test_a_funnel_pauses_at_the_third_equal_refusal() -> None:
    counts: dict[str, int] = {}
    for number in (1, 2, 3):
        counts = count_refusal(counts, "bad photo")
        assert counts == {"bad photo": number} and is_enough(counts, "bad photo") is (number == 3)
    assert not is_enough(count_refusal(counts, "too long"), "too long")
