"""The outbox items that add a message to a chat: from people, funnels and the desk itself."""

from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.outbox.item import CUSTOMER, DESK, Item, Role, Rows, Traits, Worth
from holdline.dialogs.outbox.marketing import FunnelPicture, MarketingSample, RecipientsFile
from holdline.dialogs.outbox.privacy import CustomerExport
from holdline.dialogs.rights import Act


@dataclass(frozen=True, slots=True)
class MessagePart(Item):
    """One part of a message from a person or a funnel to a customer. `added`: an edit made the text longer.

    `parts` is None if the parts are not counted yet; the rest is added when this part has arrived.
    """

    kind = "message"
    traits = Traits(Worth.WORDS, CUSTOMER, leaves=Role.COPY)

    part: int = 0
    parts: int | None = None
    added: bool = False


@dataclass(frozen=True, slots=True)
class Album(Item):
    """Several files as one message, in either direction. Its parts are gathered while it waits."""

    kind = "album"
    traits = Traits(
        Worth.WORDS, leaves=Role.COPY, shows_customer=True, stands_in_inbox=True, has_text_fallback=True
    )

    message_ids: list[int]
    inbox_item_id: int | None = None


@dataclass(frozen=True, slots=True)
class RatingForm(Item):
    """The rating question after a close."""

    kind = "rating_form"
    traits = Traits(Worth.WORDS, CUSTOMER, leaves=Role.FORM, needs_buttons=True)

    rating_id: int


@dataclass(frozen=True, slots=True)
class StandardText(Item):
    """A standard message, whose text the desk may rewrite."""

    kind = "standard"
    traits = Traits(Worth.WORDS, CUSTOMER, leaves=Role.NOTICE)

    name: str
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CustomerNotice(Item):
    """A fixed sentence to a customer. `offered`: the greeting or the help, with the buttons of the moment."""

    kind = "customer_notice"
    traits = Traits(Worth.WORDS, CUSTOMER, leaves=Role.NOTICE)

    key: str
    words: dict[str, Any] = field(default_factory=dict)
    buttons: Rows = field(default_factory=list)
    offered: str | None = None
    reply_to_tg_id: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Mirror(Item):
    """One part of a message as the desk sees it in its dialog."""

    kind = "mirror"
    traits = Traits(
        Worth.WORDS, DESK, leaves=Role.COPY, shows_customer=True, may_merge=True, has_text_fallback=True
    )

    part: int = 0
    parts: int | None = None
    added: bool = False


@dataclass(frozen=True, slots=True)
class InboxCard(Item):
    """One part of a message in the Inbox. `first` carries the buttons; `album` only announces an album."""

    kind = "inbox_card"
    traits = Traits(
        Worth.WORDS,
        DESK,
        leaves=Role.COPY,
        shows_customer=True,
        stands_in_inbox=True,
        may_merge=True,
        has_text_fallback=True,
    )

    inbox_item_id: int
    first: bool = False
    album: bool = False
    part: int = 0
    parts: int | None = None
    added: bool = False


@dataclass(frozen=True, slots=True)
class NotePart(Item):
    """One part of a note, for the desk only."""

    kind = "note"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE, has_text_fallback=True)

    note_id: int
    part: int = 0
    parts: int | None = None


@dataclass(frozen=True, slots=True)
class DraftFile(Item):
    """A file of a draft, for the managers who decide on it. `part_id` is the row of that part. With `text_part`: that
    part of its text, which the card has no room for.
    """

    kind = "draft_file"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE, has_text_fallback=True)

    part_id: int
    text_part: int | None = None


@dataclass(frozen=True, slots=True)
class TopicCreation(Item):
    """Creates the topic of a place. All other items of the place wait for it."""

    kind = "topic_create"
    traits = Traits(Worth.VIEW, DESK)


@dataclass(frozen=True, slots=True)
class InfoCard(Item):
    """The first message of a dialog's place."""

    kind = "info_card"
    traits = Traits(Worth.VIEW, DESK, leaves=Role.CARD)


@dataclass(frozen=True, slots=True)
class DeskNotice(Item):
    """Fixed sentences to the desk: one, and those in `more` that follow it.

    `alarm`: it is kept for a reader whose chat is closed to the bot. `vanish_seconds`: it is deleted after this
    time. `language`: of the one person it is for, if it is sent to a group.
    """

    kind = "desk_notice"
    traits = Traits(Worth.VIEW, DESK, leaves=Role.NOTICE)

    key: str
    words: dict[str, Any] = field(default_factory=dict)
    more: list[dict[str, Any]] = field(default_factory=list)
    buttons: Rows = field(default_factory=list)
    reply_to_tg_id: int | None = None
    alarm: bool = False
    vanish_seconds: float | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class BotText(Item):
    """A text that the bot composed for the desk. `asks_for_reply`: the reader's next message answers it."""

    kind = "text"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)
    buttons: Rows = field(default_factory=list)
    reply_to_tg_id: int | None = None
    asks_for_reply: bool = False


@dataclass(frozen=True, slots=True)
class Document(Item):
    """A file that an earlier version created before sending."""

    kind = "document"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE, is_retired=True)

    filename: str
    content: str
    caption: str | None = None
    reply_to_tg_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReportFile(Item):
    """A table created on sending: of all dialogs, or a `report` of the last `days`."""

    kind = "report"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE, for_whom=Act.VIEW_REPORTS)

    filename: str
    caption: str
    report: str = "dialogs"
    days: int | None = None
    format: str = "csv"
    team_id: int | None = None
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReportPicture(Item):
    """A picture of a report of the last `days`, with its figures as text; drawn on sending."""

    kind = "report_picture"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE, for_whom=Act.VIEW_REPORTS)

    report: str
    days: int
    theme: str = "light"
    team_id: int | None = None
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class TranscriptFile(Item):
    """The transcript of a dialog as a file; created on sending."""

    kind = "transcript"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)
    with_notes: bool = False


@dataclass(frozen=True, slots=True)
class AttachedFile(Item):
    """An attachment of a dialog, for the manager who asked for it."""

    kind = "attached_file"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    attachment_id: int


@dataclass(frozen=True, slots=True)
class TimelineFile(Item):
    """The history of a dialog as a file, in the reader's order and filter; created on sending."""

    kind = "timeline_file"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    sort: str
    zone: str
    language: str
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class HistoryFile(Item):
    """The conversation of a dialog up to that message, as a file for the customer."""

    kind = "history_file"
    traits = Traits(Worth.WORDS, CUSTOMER, leaves=Role.NOTICE)

    last_message_id: int


NewMessage = (
    MessagePart | Album | RatingForm | StandardText | CustomerNotice | Mirror | InboxCard
    | NotePart | DraftFile | TopicCreation | InfoCard | DeskNotice | BotText | MarketingSample | Document | ReportFile
    | ReportPicture | FunnelPicture | RecipientsFile | TranscriptFile | HistoryFile | AttachedFile | TimelineFile
    | CustomerExport
)  # fmt: skip
"""All of these kinds."""
