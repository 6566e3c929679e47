"""What must be said: a plain value that a use case leaves in the outbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience, class_of_change
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.source import UNKNOWN_SOURCE, MarketingSource
from holdline.dialogs.outbox.item import Item

_AS_DECLARED: Any = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One operation of a channel to come: `item` is what is said (screens/render knows how), `to` is where.

    `audience` reads it, `class_` says who speaks: as the kind declares, and nobody in person, where nothing is given.
    `key` is unique for ever: the same cause handled twice adds nothing.
    `collapse_key`: while one with it is still queued, another adds nothing (views render the newest state),
    but a sooner `due_at` counts.
    `source`: where marketing comes from.
    `rank`: 0 people's words, 1 cards, 2 changes of cards, 3 topic names and icons, 4 asides; lower goes first.
    """

    to: Address
    item: Item
    key: str
    audience: Audience = _AS_DECLARED
    class_: MessageClass = _AS_DECLARED
    customer_id: int | None = None
    dialog_id: int | None = None
    message_id: int | None = None
    place_id: int | None = None
    rank: int = _AS_DECLARED
    due_at: datetime | None = None
    expires_at: datetime | None = None
    collapse_key: str | None = None
    source: MarketingSource = UNKNOWN_SOURCE

    def __post_init__(self) -> None:
        declared = self.item.traits
        audience = self.audience or declared.audience
        if audience is None:
            raise TypeError(f"nobody says who reads this {self.item.kind}")
        object.__setattr__(self, "audience", audience)
        object.__setattr__(self, "class_", self.class_ or class_of_change(audience))
        object.__setattr__(self, "rank", declared.rank if self.rank is _AS_DECLARED else self.rank)
