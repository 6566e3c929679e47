"""The outbox items that show marketing to the desk: previews, funnels, recipients."""

from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.outbox.item import DESK, Item, Role, Rows, Traits, Worth


@dataclass(frozen=True, slots=True)
class MarketingSample(Item):
    """A preview of a marketing message for a manager: text, entities, buttons, and a file by its kind.

    `way_out`: the line that an album ends with in place of a button.
    """

    kind = "marketing_sample"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)
    media: list[dict[str, str]] = field(default_factory=list)
    buttons: Rows = field(default_factory=list)
    link_preview: bool = True
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class FunnelPicture(Item):
    """A picture of a funnel as a graph with its numbers; drawn on sending."""

    kind = "funnel_picture"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    funnel_id: int
    name: str


@dataclass(frozen=True, slots=True)
class RecipientsFile(Item):
    """A table of a broadcast's recipients with the result for each; created on sending."""

    kind = "recipients_file"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    broadcast_id: int
