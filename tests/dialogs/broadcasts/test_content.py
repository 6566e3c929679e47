"""The content of a broadcast: variants, what each customer reads, and what cannot be sent."""

from dataclasses import replace
from typing import Any

import pytest

from holdline.dialogs.broadcasts.content import (
    BroadcastContent,
    BroadcastVariant,
    refuse_unsendable_content,
    with_other_words,
)
from holdline.dialogs.marketing.content import Medium
from holdline.dialogs.marketing.variables import CustomerValues
from holdline.dialogs.text.richtext import RichText
from tests.dialogs.examples import refusal_of

BOLD = ({"type": "bold", "offset": 0, "length": 5},)
BUTTON = {"text": "Yes", "data": "y"}
WHOLE = BroadcastContent(
    (BroadcastVariant(RichText("Hello {customer.name}", BOLD), 70), BroadcastVariant(RichText("Hi"), 30)),
    media=(Medium("photo", "f1"), Medium("video", "f2")),
    buttons=[[BUTTON]],
    link_preview=False,
)
STORED = {
    "variants": [
        {"text": "Hello {customer.name}", "entities": list(BOLD), "share": 70},
        {"text": "Hi", "entities": [], "share": 30},
    ],
    "media": [{"kind": "photo", "source": "f1"}, {"kind": "video", "source": "f2"}],
    "buttons": [[BUTTON]],
    "link_preview": False,
}


def of(*shares: int, text: str = "Hello") -> BroadcastContent:
    return BroadcastContent(tuple(BroadcastVariant(RichText(text), share) for share in shares))


def test_content_is_stored_and_read_back() -> None:
    assert WHOLE.as_json() == STORED
    assert BroadcastContent.of(STORED) == WHOLE


def test_a_customer_reads_their_own_values() -> None:
    message = WHOLE.message_for(CustomerValues("Celina"))
    assert message.words == RichText("Hello Celina", BOLD)
    assert (message.media, message.buttons, message.link_preview) == (WHOLE.media, ([BUTTON],), False)
    assert WHOLE.message_for(CustomerValues("Celina"), variant=1).words.text == "Hi"


def test_a_message_is_built_as_an_album_or_as_one_text() -> None:
    first, second = WHOLE.message_for(CustomerValues("Celina")).parts
    hidden = {"link_preview_options": {"is_disabled": True}}
    assert (first.kind, first.text, first.entities) == ("photo", "Hello Celina", BOLD)
    assert first.data == {**hidden, "buttons": [[BUTTON]], "file_id": "f1"}
    assert (second.kind, second.text, second.data) == ("video", "", {"file_id": "f2"})
    (plain,) = of(100).message_for(CustomerValues("Celina")).parts
    assert (plain.kind, plain.text, plain.data) == ("text", "Hello", {})


def test_shares_decide_who_reads_which_variant_and_it_stays_theirs() -> None:
    content = of(10, 60, 30)
    chosen = [content.choose_variant(7, customer) for customer in range(2000)]
    assert [round(chosen.count(number) / 20) for number in range(3)] == pytest.approx([10, 60, 30], abs=3)
    assert chosen[:8] == [content.choose_variant(7, customer) for customer in range(8)]
    assert chosen != [content.choose_variant(8, customer) for customer in range(2000)]
    assert {of(0, 100).choose_variant(7, customer) for customer in range(300)} == {1}
    assert {of(1).choose_variant(7, customer) for customer in range(300)} == {0}


def test_a_variant_once_chosen_is_chosen_by_every_later_version() -> None:
    """What a customer read decides which text an edit puts there."""
    assert (
        "".join(str(of(50, 50).choose_variant(4, customer)) for customer in range(16)) == "1010011100101110"
    )


def test_new_texts_of_variants_keep_the_shares() -> None:
    after = with_other_words(WHOLE, [RichText("One"), RichText("Two")])
    assert [(each.words.text, each.share) for each in after.variants] == [("One", 70), ("Two", 30)]
    assert replace(after, variants=WHOLE.variants) == WHOLE
    refused = ("variants", "mends.as_many_variants", {"number": 2})
    assert refusal_of(lambda: with_other_words(WHOLE, [RichText("One")])) == refused


@pytest.mark.parametrize("content", [of(100), of(40, 60), replace(WHOLE, buttons=())])
def test_content_that_can_be_sent_is_not_refused(content: BroadcastContent) -> None:
    refuse_unsendable_content(content)


@pytest.mark.parametrize(
    ("content", "field", "mend"),
    [
        (of(99), "variants", "mends.shares_whole"),
        (of(50, 51), "variants", "mends.shares_whole"),
        (WHOLE, "buttons", "mends.album_buttons"),
        (of(100, text=" "), "text", None),
        (of(40, 60, text=" "), "variants.0.text", None),
        (of(100, text="Hello {customer.nam}"), "text", None),
        (of(40, 60, text="Hello {customer.nam}"), "variants.0.text", None),
        (of(100, text="x" * 100_000), "text", None),
    ],
)
def test_the_refusal_of_unsendable_content_names_its_field(
    content: BroadcastContent, field: str, mend: Any
) -> None:
    named, key, _ = refusal_of(lambda: refuse_unsendable_content(content))
    assert named == field and mend in (None, key)


def test_the_second_variant_is_checked_too() -> None:
    content = replace(of(40, 60), variants=(*of(40).variants, *of(60, text="{customer.nam}").variants))
    assert refusal_of(lambda: refuse_unsendable_content(content))[0] == "variants.1.text"
