"""Broadcasts as the API accepts them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from holdline.desk.broadcasts.creating import BroadcastOrder
from holdline.desk.broadcasts.plan_changes import PlanChange
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.broadcasts.content import MOST_VARIANTS, BroadcastContent, BroadcastVariant
from holdline.dialogs.broadcasts.stars import MOST_STARS
from holdline.dialogs.marketing.content import MOST_FILES, read_media, read_words
from holdline.dialogs.marketing.customer_values import valid_topic
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.entities import MOST_ENTITIES
from holdline.dialogs.text.richtext import RichText
from holdline.web.schemas.fields import In, Moment, Name, TelegramId, YesNo, read_whole
from holdline.web.schemas.marketing.audience import AudienceIn
from holdline.web.schemas.outbound import MOST_BUTTONS, Entity, Media, RowOrButton

Words = Annotated[str, Field(min_length=1, max_length=4096)]
Markup = Annotated[str, Field(min_length=1, max_length=16384)]


def _local_time(value: Any) -> Any:
    """A date and time without a zone."""
    if not isinstance(value, str):
        raise PydanticCustomError("local_time", "not a text")
    try:
        read = datetime.fromisoformat(value)
    except ValueError as refused:
        raise PydanticCustomError("local_time", "not a time") from refused
    if read.tzinfo is not None or len(value) < len("2026-12-01T10:00"):
        raise PydanticCustomError("local_time", "not a day and a time")
    return read


LocalTime = Annotated[
    datetime,
    BeforeValidator(_local_time),
    WithJsonSchema({"type": "string", "examples": ["2026-12-01T10:00"]}),
]


def _fit_one_keyboard(rows: list[RowOrButton]) -> list[RowOrButton]:
    if sum(len(row) if isinstance(row, list) else 1 for row in rows) > MOST_BUTTONS:
        raise PydanticCustomError("too_long", "too many", {"max_length": MOST_BUTTONS})
    return rows


ButtonRows = Annotated[list[RowOrButton], Field(max_length=20), AfterValidator(_fit_one_keyboard)]


class VariantIn(In):
    text: Words | None = None
    html: Markup | None = None
    share: Annotated[int, Field(ge=1, le=100), BeforeValidator(read_whole)] = Field(
        description="The share of the recipients in per cent."
    )

    @property
    def words(self) -> RichText:
        return read_words(self.text, html=self.html)


class BroadcastIn(In):
    """Either `text` or `variants`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Hello, {customer.name|friend}! Our winter sale has begun.",
                    "audience": {"tags": ["subscriber"], "language": "en"},
                    "buttons": [{"text": "Have a look", "url": "https://example.org"}],
                }
            ]
        }
    )

    text: Words | None = Field(
        None,
        description="Plain text. {customer.name|friend} and {field.city|your city} are filled in "
        "for each customer; after the bar is the text for customers without a value.",
    )
    html: Markup | None = Field(
        None,
        description="In place of `text`: text with the HTML tags that Telegram supports, such as "
        "<b>Today</b>.",
    )
    entities: list[Entity] | None = Field(
        None,
        max_length=MOST_ENTITIES,
        description="The formatting of `text`, as a list of Telegram's MessageEntity.",
    )
    media: Media | None = Field(
        None,
        description="A file by its kind: Telegram's file_id, or an https address. "
        f"A list of up to {MOST_FILES} is an album.",
    )
    link_preview: YesNo = Field(True, description="Whether Telegram shows a preview of the first link.")
    variants: Annotated[list[VariantIn], Field(min_length=1, max_length=MOST_VARIANTS)] | None = Field(
        None,
        description="Texts to compare. Their shares add up to 100. The same customer always gets "
        "the same variant.",
    )
    audience: AudienceIn | None = Field(
        None, description="The recipients; {} means all customers. Not needed with `test_to`."
    )
    buttons: ButtonRows | None = None
    at: Moment | None = Field(None, description="When it starts; without it, at once.")
    local_at: LocalTime | None = Field(
        None,
        description="In place of `at`: a day and a time in each customer's own time zone, such as "
        "2026-12-01T10:00.",
    )
    expires_at: Moment | None = Field(
        None, description="Messages that are not sent by this time are never sent."
    )
    topic: Name | None = Field(
        None, description="The marketing topic; customers can unsubscribe from it alone."
    )
    paid_stars: Annotated[int, Field(ge=1, le=MOST_STARS), BeforeValidator(read_whole)] | None = Field(
        None,
        description="The budget in Telegram Stars for sending faster than the free pace: 0.1 Stars "
        "per message. Requires `marketing.paid_per_second` in the configuration.",
    )
    test_to: TelegramId | None = Field(
        None, description="Sends a test to this person only and creates no broadcast."
    )
    dry_run: YesNo = Field(False, description="true: creates nothing, only returns the number of recipients.")

    @property
    def order(self) -> BroadcastOrder:
        """The order for the desk. BadInput names what is wrong with the text or the files."""
        if self.dry_run and self.test_to is not None:
            raise BadInput("dry_run", "mends.dry_run_or_test")
        if self.audience is None and self.test_to is None:
            raise BadInput("audience", "mends.audience_missing")
        rows = [row if isinstance(row, list) else [row] for row in self.buttons or ()]
        content = BroadcastContent(
            self._variants,
            read_media(self.media),
            [[button.as_button for button in row] for row in rows],
            self.link_preview,
        )
        return BroadcastOrder(
            content,
            self.audience.filter if self.audience else AudienceFilter(),
            starts_at=self.at,
            local_time=self.local_at,
            topic=valid_topic(self.topic) if self.topic else None,
            expires_at=self.expires_at,
            paid_stars=self.paid_stars,
        )

    @property
    def _variants(self) -> tuple[BroadcastVariant, ...]:
        if self.variants is not None:
            if self.text is not None or self.html is not None:
                raise BadInput("text", "mends.text_or_variants")
            return tuple(BroadcastVariant(each.words, each.share) for each in self.variants)
        if self.text is None and self.html is None and self.media is None:
            raise BadInput("text", "mends.text_or_variants")
        return (BroadcastVariant(read_words(self.text, html=self.html, entities=self.entities)),)


class WordsIn(In):
    text: Words | None = None
    html: Markup | None = None


class BroadcastPatchIn(In):
    """New text, or a new time or audience before the start. Buttons, files and shares stay."""

    text: Words | None = None
    html: Markup | None = None
    entities: list[Entity] | None = Field(None, max_length=MOST_ENTITIES)
    variants: Annotated[list[WordsIn], Field(min_length=1, max_length=MOST_VARIANTS)] | None = Field(
        None, description="New texts of all variants, in their order."
    )
    at: Moment | None = Field(
        None, description="The new start time, only before the start. The present time starts it now."
    )
    local_at: LocalTime | None = Field(
        None, description="The new start time in each customer's own time zone, only before the start."
    )
    expires_at: Moment | None = Field(None, description="The new expiry time, only before the start.")
    audience: AudienceIn | None = Field(None, description="The complete new audience, only before the start.")

    @property
    def is_about_plan(self) -> bool:
        """Whether it changes more than the text."""
        return any((self.at, self.local_at, self.expires_at, self.audience))

    def plan_change(self, audience: AudienceFilter | None, expected: int) -> PlanChange:
        """`audience` is that of this body, and `expected` its size."""
        has_words = any((self.text, self.html, self.variants))
        words = self.words if has_words else None
        return PlanChange(self.at, self.local_at, self.expires_at, audience, expected, words)

    @property
    def words(self) -> list[RichText]:
        """The text of each variant."""
        if self.variants is not None:
            return [read_words(each.text, html=each.html) for each in self.variants]
        if self.text is None and self.html is None:
            raise BadInput("text", "mends.nothing_to_change", choices=", ".join(type(self).model_fields))
        return [read_words(self.text, html=self.html, entities=self.entities)]
