"""Marketing messages of outside tools."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from holdline.desk.marketing.outbound import OutboundRequest
from holdline.desk.webhooks.payloads import outbound_values
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.content import MEDIA_KINDS, MOST_FILES, read_media, read_words
from holdline.dialogs.marketing.customer_values import valid_topic
from holdline.dialogs.marketing.source import MarketingSource
from holdline.dialogs.text.button_link import is_button_link
from holdline.dialogs.text.entities import MOST_ENTITIES
from holdline.dialogs.text.limits import fits_button
from holdline.dialogs.text.splitting import is_blank
from holdline.web.schemas.fields import In, Moment, Name, Out, TelegramId, YesNo

MOST_BUTTONS = 100  # in one message; found by trying, as python-telegram-bot notes


class ButtonIn(In):
    """Exactly one of `url` and `data`."""

    text: str = Field(min_length=1, max_length=64)
    url: str | None = Field(
        None, max_length=2048, description="An http or https address with a full host name, or a tg link."
    )
    data: str | None = Field(
        None,
        min_length=1,
        max_length=64,
        validation_alias=AliasChoices("data", "callback_data"),
        description="What a press reports, at most 64 bytes. The name `callback_data` is accepted as well.",
    )

    @field_validator("text")
    @classmethod
    def require_visible_text(cls, text: str) -> str:
        if is_blank(text):
            raise PydanticCustomError("string_too_short", "blank", {"min_length": 1})
        return text

    @field_validator("url")
    @classmethod
    def require_valid_link(cls, url: str | None) -> str | None:
        if url is not None and not is_button_link(url):
            raise PydanticCustomError("button_link", "no link that Telegram takes")
        return url

    @model_validator(mode="after")
    def require_url_or_data(self) -> "ButtonIn":
        if (self.url is None) == (self.data is None):
            raise PydanticCustomError("one_way", "neither or both")
        if self.data is not None and not fits_button(self.data):
            raise PydanticCustomError("data_bytes", "too many bytes")
        return self

    @property
    def as_button(self) -> dict[str, str]:
        return self.model_dump(exclude_none=True)


def _row_or_button(value: Any) -> str:
    return ROW if isinstance(value, list) else BUTTON


ROW, BUTTON = "<row>", "<button>"
"""Marks in the path of a validation error; web/validation_hints.py removes them."""
Row = Annotated[list[ButtonIn], Field(min_length=1, max_length=8)]
RowOrButton = Annotated[
    Annotated[Row, Tag(ROW)] | Annotated[ButtonIn, Tag(BUTTON)], Discriminator(_row_or_button)
]


_SCHEMA_OF_ENTITY: JsonDict = {
    "type": "object",
    "required": ["type", "offset", "length"],
    "properties": {
        "type": {"type": "string", "description": "As in Telegram's MessageEntity, such as `bold`."},
        "offset": {"type": "integer", "description": "Where it starts, in UTF-16 units."},
        "length": {"type": "integer", "description": "Its length in UTF-16 units."},
        "url": {"type": "string", "description": "Only for `text_link`: the address."},
    },
}
_SCHEMA_OF_MEDIUM: JsonDict = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
    "properties": {
        kind: {"type": "string", "description": "Telegram's file_id, or an https address."}
        for kind in MEDIA_KINDS
    },
}
Entity = Annotated[dict[str, Any], WithJsonSchema(_SCHEMA_OF_ENTITY)]
_ALBUM: JsonDict = {"type": "array", "minItems": 1, "maxItems": MOST_FILES, "items": _SCHEMA_OF_MEDIUM}
Media = Annotated[Any, WithJsonSchema({"anyOf": [_SCHEMA_OF_MEDIUM, _ALBUM]})]
"""Read by dialogs/marketing/content.py, which names errors in it."""


class AddresseeIn(In):
    telegram_id: TelegramId


_EXAMPLE: JsonDict = {
    "customer": {"telegram_id": 510000001},
    "class": "funnel",
    "text": "Your parcel is on its way.",
}


class OutboundIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    customer: AddresseeIn
    class_: Literal["funnel", "broadcast", "smart_reply"] = Field(alias="class")
    text: str | None = Field(
        None,
        min_length=1,
        max_length=4096,
        description="Plain text: tags such as <b> are shown as text. With `media` it is the caption.",
    )
    entities: list[Entity] | None = Field(
        None,
        max_length=MOST_ENTITIES,
        description="The formatting of `text`, as a list of Telegram's MessageEntity.",
    )
    html: str | None = Field(
        None,
        min_length=1,
        max_length=16384,
        description="In place of `text`: text with the HTML tags that Telegram supports, such as "
        "<b>Today</b>.",
    )
    media: Media | None = Field(
        None,
        description="A file by its kind: Telegram's file_id, or an https address. "
        f"A list of up to {MOST_FILES} is an album.",
    )
    link_preview: YesNo = Field(True, description="Whether Telegram shows a preview of the first link.")
    topic: Name | None = Field(
        None, description="The marketing topic; customers can unsubscribe from it alone."
    )
    buttons: list[RowOrButton] | None = Field(
        None,
        max_length=20,
        description=f"Rows of buttons; a single button is a row. At most {MOST_BUTTONS} buttons in total.",
    )
    expires_at: Moment | None = Field(
        None,
        description="The message is not sent after this time. A smart reply always expires after "
        "two minutes.",
    )
    collapse_key: Name | None = Field(
        None,
        description="A newer message of the same class with the same key replaces a message that "
        "still waits.",
    )

    @field_validator("buttons")
    @classmethod
    def fits_one_keyboard(cls, rows: list[RowOrButton] | None) -> list[RowOrButton] | None:
        if sum(len(row) if isinstance(row, list) else 1 for row in rows or ()) > MOST_BUTTONS:
            raise PydanticCustomError("too_long", "too many", {"max_length": MOST_BUTTONS})
        return rows

    def order(self, api_key_id: int) -> OutboundRequest:
        """The order for the desk. BadInput names what is wrong with the text or the files."""
        rows = [row if isinstance(row, list) else [row] for row in self.buttons or ()]
        words = read_words(self.text, html=self.html, entities=self.entities)
        return OutboundRequest(
            telegram_id=self.customer.telegram_id,
            class_=MessageClass(self.class_),
            text=words.text,
            buttons=[[button.as_button for button in row] for row in rows],
            expires_at=self.expires_at,
            collapse_key=self.collapse_key,
            source=MarketingSource(
                api_key_id=api_key_id, topic=valid_topic(self.topic) if self.topic else None
            ),
            entities=words.entities,
            media=read_media(self.media),
            link_preview=self.link_preview,
        )


Status = Literal["queued", "held", "sending", "sent", "dropped", "expired", "cancelled", "parked"]


class HeldByOut(Out):
    dialog_id: int
    title: str


class AcceptedOut(Out):
    id: int
    status: Literal["queued", "held", "dropped"]
    held_by: HeldByOut | None

    @classmethod
    def of(cls, accepted: dict[str, Any]) -> "AcceptedOut":
        return cls.model_validate(accepted)


class PressOut(Out):
    data: str
    at: datetime


class ReaderOut(Out):
    id: int
    telegram_id: int
    name: str


class OutboundOut(Out):
    id: int
    status: Status
    class_: str = Field(serialization_alias="class", validation_alias="class")
    customer: ReaderOut
    kind: str
    text: str
    topic: str | None
    created_at: datetime
    expires_at: datetime | None
    sent_at: datetime | None
    telegram_message_id: int | None
    reason: str | None = Field(
        description="Why it was not sent: a code (opted_out, blocked, deactivated, held, expired, "
        "superseded) or the reason that Telegram gave."
    )
    waits_for: Literal["quiet_hours", "cap_per_day"] | None = Field(
        description="Why it waits although the gate is open: the customer's quiet hours, or the "
        "daily limit of messages."
    )
    buttons_left_out: bool = Field(
        description="true: Telegram refused the buttons, so the message was sent without them."
    )
    presses: list[PressOut] = Field(
        description="What the customer pressed, oldest first; every press is listed."
    )
    api_key_id: int | None = Field(description="The id of the API key that created the message; null: none.")
    broadcast_id: int | None
    enrolment_id: int | None = Field(
        description="The id of the enrolment in a funnel that the message belongs to; null: none."
    )

    @classmethod
    def of(cls, row: dict[str, Any]) -> "OutboundOut":
        return cls.model_validate(outbound_values(row))
