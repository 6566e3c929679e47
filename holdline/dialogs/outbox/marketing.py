"""The kinds of outbox items that show the desk its marketing: what customers would get, funnels, recipients."""

from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.outbox.item import DESK, Item, Role, Rows, Traits, Worth


@dataclass(frozen=True, slots=True)
class MarketingSample(Item):
    """What customers would get, for a colleague who tries it: text, entities, buttons, and a file by its kind."""

    kind = "marketing_sample"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)
    media: list[dict[str, str]] = field(default_factory=list)
    buttons: Rows = field(default_factory=list)
    link_preview: bool = True


@dataclass(frozen=True, slots=True)
class FunnelPicture(Item):
    """A funnel as a graph with its numbers; the sender draws it."""

    kind = "funnel_picture"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    funnel_id: int
    name: str


@dataclass(frozen=True, slots=True)
class RecipientsFile(Item):
    """Everybody whom a broadcast is for with what became of it, as a table; the sender makes it."""

    kind = "recipients_file"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    broadcast_id: int
