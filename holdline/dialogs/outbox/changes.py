"""The outbox items that change something already in a chat. Nothing is lost if one of them comes too late."""

from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.outbox.item import ASIDE, CUSTOMER, DESK, Item, Rows, Traits, Worth
from holdline.dialogs.outbox.privacy import ErasedCopies, ErasedTopic
from holdline.dialogs.rights import Act


@dataclass(frozen=True, slots=True)
class CopyEdit(Item):
    """Edits a copy to match the stored message."""

    kind = "edit_copy"
    traits = Traits(Worth.CHANGE, is_correction=True)

    tg_message_id: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class CopyRemoval(Item):
    """Deletes a message of ours."""

    kind = "delete_copy"
    traits = Traits(Worth.CHANGE, is_correction=True)

    tg_message_id: int


@dataclass(frozen=True, slots=True)
class Reaction(Item):
    """Sets or removes a reaction under a copy."""

    kind = "reaction"
    traits = Traits(Worth.CHANGE, rank=2)

    tg_message_id: int
    emoji: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryMark(Item):
    """Shows as a reaction at a manager's message whether the customer has it."""

    kind = "delivery_mark"
    traits = Traits(Worth.CHANGE, DESK, rank=ASIDE)

    tg_message_id: int


@dataclass(frozen=True, slots=True)
class Markup(Item):
    """Replaces the buttons under a message; an empty list removes them."""

    kind = "markup"
    traits = Traits(Worth.CHANGE, DESK, rank=2, needs_buttons=True)

    tg_message_id: int
    buttons: Rows = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RatingFormEdit(Item):
    """The rating form after a press: without buttons, with the choice."""

    kind = "rating_form_edit"
    traits = Traits(Worth.CHANGE, CUSTOMER, rank=2)

    tg_message_id: int
    rating_id: int


@dataclass(frozen=True, slots=True)
class CustomerNoticeEdit(Item):
    """The notice after a press. Without `sentences` only its buttons are removed."""

    kind = "customer_notice_edit"
    traits = Traits(Worth.CHANGE, CUSTOMER, rank=2)

    tg_message_id: int
    sentences: list[str] = field(default_factory=list)
    chosen: dict[str, Any] | None = None
    buttons: Rows = field(default_factory=list)
    offered: str | None = None


@dataclass(frozen=True, slots=True)
class WayOutEdit(Item):
    """The buttons under a marketing message after the customer unsubscribed or undid it."""

    kind = "way_out_edit"
    traits = Traits(Worth.CHANGE, CUSTOMER, rank=2)

    tg_message_id: int


@dataclass(frozen=True, slots=True)
class InboxCardMarkup(Item):
    """The buttons of an Inbox card that fit the state of its inbox item."""

    kind = "inbox_card_markup"
    traits = Traits(Worth.CHANGE, DESK, rank=2, needs_buttons=True)

    inbox_item_id: int
    tg_message_id: int


@dataclass(frozen=True, slots=True)
class TopicName(Item):
    """Renames a topic to match its dialog."""

    kind = "topic_name"
    traits = Traits(Worth.CHANGE, DESK, rank=3)


@dataclass(frozen=True, slots=True)
class InfoCardEdit(Item):
    """Redraws the info card."""

    kind = "info_card_edit"
    traits = Traits(Worth.CHANGE, DESK, rank=2)


@dataclass(frozen=True, slots=True)
class DeskNoticeEdit(Item):
    """Changes the text of the notice whose outbox item has the key `said_as`. `language` as in `DeskNotice`."""

    kind = "desk_notice_edit"
    traits = Traits(Worth.CHANGE, DESK, rank=2)

    said_as: str
    key: str
    words: dict[str, Any] = field(default_factory=dict)
    more: list[dict[str, Any]] = field(default_factory=list)
    buttons: Rows = field(default_factory=list)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class CardPin(Item):
    """Pins the info card in its topic."""

    kind = "pin"
    traits = Traits(Worth.CHANGE, DESK, rank=2)

    tg_message_id: int | None = None


@dataclass(frozen=True, slots=True)
class GroupExit(Item):
    """Makes the bot leave a group that is not the desk's."""

    kind = "leave_chat"
    traits = Traits(Worth.CHANGE, DESK)


@dataclass(frozen=True, slots=True)
class ReportPictureEdit(Item):
    """Replaces a report picture with another report."""

    kind = "report_picture_edit"
    traits = Traits(Worth.CHANGE, DESK, for_whom=Act.VIEW_REPORTS)

    tg_message_id: int
    report: str
    days: int
    theme: str = "light"
    team_id: int | None = None
    type_id: int | None = None


Change = (
    CopyEdit | CopyRemoval | Reaction | DeliveryMark | Markup | RatingFormEdit | CustomerNoticeEdit
    | WayOutEdit | InboxCardMarkup | TopicName | InfoCardEdit | DeskNoticeEdit | CardPin | GroupExit
    | ReportPictureEdit | ErasedCopies | ErasedTopic
)  # fmt: skip
"""All of these kinds."""
