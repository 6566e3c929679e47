"""The content of a broadcast: text, optionally in variants that are compared, buttons and files."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from holdline.dialogs.marketing.content import MarketingContent, Medium, refuse_unsayable
from holdline.dialogs.marketing.variables import CustomerValues, fill_in_values, require_known_variables
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.richtext import RichText

WHOLE = 100
"""The sum of the shares of all variants, in per cent."""
MOST_VARIANTS = 10
_NOBODY = CustomerValues("-")
"""Placeholder values for checking whether a message can be sent at all."""


@dataclass(frozen=True, slots=True)
class BroadcastVariant:
    """The text that `share` per cent of the recipients read."""

    words: RichText
    share: int = WHOLE


@dataclass(frozen=True, slots=True)
class BroadcastContent:
    """`media`: one file with the text as its caption, or an album.

    `buttons` are rows of {"text", "url"} or {"text", "data"}. `link_preview` False shows none.
    """

    variants: tuple[BroadcastVariant, ...]
    media: tuple[Medium, ...] = ()
    buttons: Sequence[Sequence[Mapping[str, Any]]] = ()
    link_preview: bool = True

    def choose_variant(self, broadcast_id: int, customer_id: int) -> int:
        """The number of the variant: always the same for the same customer, and distributed by the shares."""
        digest = hashlib.sha256(f"{broadcast_id}:{customer_id}".encode()).digest()
        point = int.from_bytes(digest[:8], "big") % WHOLE
        for number, variant in enumerate(self.variants):
            point -= variant.share
            if point < 0:
                return number
        return len(self.variants) - 1

    def message_for(self, values: CustomerValues, *, variant: int = 0) -> MarketingContent:
        """The message for that customer."""
        words = fill_in_values(self.variants[variant].words, values)
        rows = tuple([dict(button) for button in row] for row in self.buttons)
        return MarketingContent(words, self.media, rows, self.link_preview)

    def as_json(self) -> dict[str, Any]:
        return {
            "variants": [
                {"text": each.words.text, "entities": list(each.words.entities), "share": each.share}
                for each in self.variants
            ],
            "media": [{"kind": each.kind, "source": each.source} for each in self.media],
            "buttons": [[dict(button) for button in row] for row in self.buttons],
            "link_preview": self.link_preview,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            tuple(
                BroadcastVariant(RichText(each["text"], tuple(each["entities"])), each["share"])
                for each in stored["variants"]
            ),
            tuple(Medium(each["kind"], each["source"]) for each in stored["media"]),
            stored["buttons"],
            stored["link_preview"],
        )


def with_other_words(content: BroadcastContent, words: Sequence[RichText]) -> BroadcastContent:
    """The same variants with other texts. Raises BadInput if their number differs."""
    if len(words) != len(content.variants):
        raise BadInput("variants", "mends.as_many_variants", number=len(content.variants))
    variants = [replace(each, words=new) for each, new in zip(content.variants, words, strict=True)]
    return replace(content, variants=tuple(variants))


def refuse_unsendable_content(content: BroadcastContent) -> None:
    """Raises BadInput with the field: empty or too long text, unknown variables, shares that do not add up."""
    several = len(content.variants) > 1
    for number, variant in enumerate(content.variants):
        field = f"variants.{number}.text" if several else "text"
        require_known_variables(variant.words.text, field=field)
        _refuse_unsayable_variant(content.message_for(_NOBODY, variant=number), field=field)
    if sum(each.share for each in content.variants) != WHOLE:
        raise BadInput("variants", "mends.shares_whole", whole=WHOLE)


def _refuse_unsayable_variant(content: MarketingContent, *, field: str) -> None:
    try:
        refuse_unsayable(content)
    except BadInput as refused:
        raise BadInput(
            field if refused.field == "text" else refused.field, refused.mend, **refused.mend_words
        ) from refused
