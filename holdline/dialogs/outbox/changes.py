"""The kinds of outbox items that change what stands in a chat already: nothing is lost with one that comes too late."""

from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.outbox.item import ASIDE, CUSTOMER, DESK, Item, Rows, Traits, Worth


@dataclass(frozen=True, slots=True)
class CopyEdit(Item):
    """A copy is drawn anew from what is stored."""

    kind = "edit_copy"
    traits = Traits(Worth.CHANGE, is_correction=True)

    tg_message_id: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class CopyRemoval(Item):
    """A message of ours is taken away."""

    kind = "delete_copy"
    traits = Traits(Worth.CHANGE, is_correction=True)

    tg_message_id: int


@dataclass(frozen=True, slots=True)
class Reaction(Item):
    """A reaction is put under a copy, or taken away."""

    kind = "reaction"
    traits = Traits(Worth.CHANGE, rank=2)

    tg_message_id: int
    emoji: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryMark(Item):
    """Whether the customer has a manager's message, as a reaction at the message itself."""

    kind = "delivery_mark"
    traits = Traits(Worth.CHANGE, DESK, rank=ASIDE)

    tg_message_id: int


@dataclass(frozen=True, slots=True)
class Markup(Item):
    """Other buttons under a message; none takes them away."""

    kind = "markup"
    traits = Traits(Worth.CHANGE, DESK, rank=2, needs_buttons=True)

    tg_message_id: int
    buttons: Rows = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RatingFormEdit(Item):
    """The form after a press: without buttons, with the choice."""

    kind = "rating_form_edit"
    traits = Traits(Worth.CHANGE, CUSTOMER, rank=2)

    tg_message_id: int
    rating_id: int


@dataclass(frozen=True, slots=True)
class CustomerNoticeEdit(Item):
    """What such a sentence says after a press; without `sentences` it only loses its buttons."""

    kind = "customer_notice_edit"
    traits = Traits(Worth.CHANGE, CUSTOMER, rank=2)

    tg_message_id: int
    sentences: list[str] = field(default_factory=list)
    chosen: dict[str, Any] | None = None
    buttons: Rows = field(default_factory=list)
    offered: str | None = None


@dataclass(frozen=True, slots=True)
class WayOutEdit(Item):
    """The buttons under a marketing message after the customer has ended it, or taken that back."""

    kind = "way_out_edit"
    traits = Traits(Worth.CHANGE, CUSTOMER, rank=2)

    tg_message_id: int


@dataclass(frozen=True, slots=True)
class InboxCardMarkup(Item):
    """The buttons of a card that fit what became of its inbox item."""

    kind = "inbox_card_markup"
    traits = Traits(Worth.CHANGE, DESK, rank=2, needs_buttons=True)

    inbox_item_id: int
    tg_message_id: int


@dataclass(frozen=True, slots=True)
class TopicName(Item):
    """The name of a topic follows its dialog."""

    kind = "topic_name"
    traits = Traits(Worth.CHANGE, DESK, rank=3)


@dataclass(frozen=True, slots=True)
class InfoCardEdit(Item):
    """The info card as it must look now."""

    kind = "info_card_edit"
    traits = Traits(Worth.CHANGE, DESK, rank=2)


@dataclass(frozen=True, slots=True)
class DeskNoticeEdit(Item):
    """The notice whose item has the key `said_as` says something else."""

    kind = "desk_notice_edit"
    traits = Traits(Worth.CHANGE, DESK, rank=2)

    said_as: str
    key: str
    words: dict[str, Any] = field(default_factory=dict)
    more: list[dict[str, Any]] = field(default_factory=list)
    buttons: Rows = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CardPin(Item):
    """The info card is pinned in its topic."""

    kind = "pin"
    traits = Traits(Worth.CHANGE, DESK, rank=2)

    tg_message_id: int | None = None


@dataclass(frozen=True, slots=True)
class GroupExit(Item):
    """The bot leaves a group that is not the desk's."""

    kind = "leave_chat"
    traits = Traits(Worth.CHANGE, DESK)


@dataclass(frozen=True, slots=True)
class ReportPictureEdit(Item):
    """Another report in the place of a picture."""

    kind = "report_picture_edit"
    traits = Traits(Worth.CHANGE, DESK)

    tg_message_id: int
    report: str
    days: int
    theme: str = "light"
    team_id: int | None = None
    type_id: int | None = None


Change = (
    CopyEdit | CopyRemoval | Reaction | DeliveryMark | Markup | RatingFormEdit | CustomerNoticeEdit
    | WayOutEdit | InboxCardMarkup | TopicName | InfoCardEdit | DeskNoticeEdit | CardPin | GroupExit
    | ReportPictureEdit
)  # fmt: skip
"""Each of them."""
