"""A message or operation to send: a plain value that a use case writes to the outbox."""

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
    """One future operation of a channel: `item` is what to send (screens/render builds it), `to` is where.

    `audience` says who reads it and `class_` who sends it. The defaults are the audience that the kind declares, and
    the class of a change (no person).

    `key` is unique forever: handling the same cause twice adds nothing. `collapse_key`: while an item with this key
    is queued, another one adds nothing (views render the newest state), but an earlier `due_at` is taken over.

    `source`: where a marketing message comes from. `rank`: 0 people's messages, 1 cards, 2 changes of cards, 3 topic
    names and icons, 4 asides; lower goes first. `is_answer`: it answers what somebody just typed or pressed; answers
    in one chat keep their order, also those about different customers.
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
    is_answer: bool = False

    def __post_init__(self) -> None:
        declared = self.item.traits
        audience = self.audience or declared.audience
        if audience is None:
            raise TypeError(f"nobody says who reads this {self.item.kind}")
        object.__setattr__(self, "audience", audience)
        object.__setattr__(self, "class_", self.class_ or class_of_change(audience))
        object.__setattr__(self, "rank", declared.rank if self.rank is _AS_DECLARED else self.rank)
