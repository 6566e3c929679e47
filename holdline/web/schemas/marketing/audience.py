"""The audience of a broadcast."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from holdline.dialogs.broadcasts.audience_filter import AudienceFilter, FunnelCondition, FunnelStanding
from holdline.web.schemas.fields import FieldValue, In, Moment, Name, read_whole

MOST_NAMES = 50
Names = Annotated[list[Name], Field(max_length=MOST_NAMES)]


def _number_or_name(value: Any) -> Any:
    """The number or the name of a funnel."""
    if isinstance(value, str):
        return value
    return read_whole(value)


class FunnelConditionIn(In):
    funnel: Annotated[
        int | str,
        BeforeValidator(_number_or_name),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}]}),
    ] = Field(description="Its id or its name.")
    state: Literal["running", "ended", "never", "goal"] = Field(
        description="`running`: in it now; `ended`: was in it, and is no more; `never`: has never been in it; "
        "`goal`: has reached a goal of it."
    )

    @property
    def condition(self) -> FunnelCondition:
        return FunnelCondition(self.funnel, FunnelStanding(self.state))


FunnelConditions = Annotated[list[FunnelConditionIn], Field(max_length=10)]


class AudienceIn(In):
    """All given conditions must hold. Without any the audience is everybody."""

    tags: Names | None = Field(None, description="All of them.")
    any_tags: Names | None = Field(None, description="At least one of them.")
    exclude_tags: Names | None = Field(None, description="None of them.")
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    fields: dict[Name, FieldValue] | None = Field(
        None, max_length=MOST_NAMES, description="Values of a customer's fields, as they were stored."
    )
    wrote_since: Moment | None = Field(None, description="Who wrote at that moment or later.")
    silent_since: Moment | None = Field(None, description="Who has not written since.")
    started_since: Moment | None = Field(None, description="Who pressed Start at that moment or later.")
    funnels: FunnelConditions | None = Field(None, description="All of these are true of the customer.")
    exclude_funnels: FunnelConditions | None = Field(None, description="None of these is.")

    @property
    def filter(self) -> AudienceFilter:
        return AudienceFilter(
            tags=tuple(self.tags or ()),
            any_tags=tuple(self.any_tags or ()),
            exclude_tags=tuple(self.exclude_tags or ()),
            language=self.language,
            fields=self.fields or {},
            wrote_since=self.wrote_since,
            silent_since=self.silent_since,
            started_since=self.started_since,
            funnels=tuple(each.condition for each in self.funnels or ()),
            exclude_funnels=tuple(each.condition for each in self.exclude_funnels or ()),
        )
