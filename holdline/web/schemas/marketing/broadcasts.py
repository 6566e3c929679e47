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
        description="Per cent of the recipients."
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
        description="Plain text; {customer.name|friend} and {field.city|your city} are filled in for each.",
    )
    html: Markup | None = Field(
        None, description="In place of `text`: the tags that Telegram knows, such as <b>Today</b>."
    )
    entities: list[Entity] | None = Field(
        None, max_length=MOST_ENTITIES, description="Formatting of `text`, as Telegram's MessageEntity."
    )
    media: Media | None = Field(
        None,
        description="A file by its kind: Telegram's file_id, or an https address. "
        f"A list of up to {MOST_FILES} is an album.",
    )
    link_preview: YesNo = Field(True, description="Whether the first link is shown with its picture.")
    variants: Annotated[list[VariantIn], Field(min_length=1, max_length=MOST_VARIANTS)] | None = Field(
        None, description="Tried against each other; their shares make 100. A customer always gets the same."
    )
    audience: AudienceIn | None = Field(None, description="{} is everybody. Not needed for a test.")
    buttons: ButtonRows | None = None
    at: Moment | None = Field(None, description="When it starts; at once where nothing is given.")
    local_at: LocalTime | None = Field(
        None, description="In place of `at`: a day and a time of each customer's own clock."
    )
    expires_at: Moment | None = Field(None, description="Whoever has not got it by then never does.")
    topic: Name | None = Field(None, description="What customers can opt out of by itself.")
    paid_stars: Annotated[int, Field(ge=1, le=MOST_STARS), BeforeValidator(read_whole)] | None = Field(
        None,
        description="What it may spend, in Telegram Stars, on going faster than the free pace: a tenth for each "
        "message. Wants `marketing.paid_per_second` in the configuration.",
    )
    test_to: TelegramId | None = Field(None, description="Sends it to this one person and makes nothing.")
    dry_run: YesNo = Field(False, description="Only says how many would get it.")

    @property
    def order(self) -> BroadcastOrder:
        """The order for the desk. BadInput names what is wrong with the text or the files."""
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
        None, description="As many as the broadcast has, in their order."
    )
    at: Moment | None = Field(None, description="Before the start: the new time. The present starts it now.")
    local_at: LocalTime | None = Field(None, description="The same on each customer's own clock.")
    expires_at: Moment | None = Field(None, description="Before the start: the new expiry.")
    audience: AudienceIn | None = Field(None, description="Before the start: the whole new audience.")

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
            raise BadInput("text", "mends.text_or_variants")
        return [read_words(self.text, html=self.html, entities=self.entities)]
