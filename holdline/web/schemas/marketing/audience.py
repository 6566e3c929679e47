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
    ] = Field(description="The id or the name of the funnel.")
    state: Literal["running", "ended", "never", "goal"] = Field(
        description="`running`: the customer is in the funnel now; `ended`: was in it earlier; "
        "`never`: was never in it; `goal`: has reached one of its goals."
    )

    @property
    def condition(self) -> FunnelCondition:
        return FunnelCondition(self.funnel, FunnelStanding(self.state))


FunnelConditions = Annotated[list[FunnelConditionIn], Field(max_length=10)]


class AudienceIn(In):
    """All given conditions must hold. Without any the audience is everybody."""

    tags: Names | None = Field(None, description="Customers who have all of these tags.")
    any_tags: Names | None = Field(None, description="Customers who have at least one of these tags.")
    exclude_tags: Names | None = Field(None, description="Customers who have none of these tags.")
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    fields: dict[Name, FieldValue] | None = Field(
        None, max_length=MOST_NAMES, description="Customers whose fields have exactly these stored values."
    )
    wrote_since: Moment | None = Field(None, description="Customers who wrote at this time or later.")
    silent_since: Moment | None = Field(None, description="Customers who have not written since this time.")
    started_since: Moment | None = Field(
        None, description="Customers who pressed Start at this time or later."
    )
    funnels: FunnelConditions | None = Field(
        None, description="Customers for whom all of these conditions are true."
    )
    exclude_funnels: FunnelConditions | None = Field(
        None, description="Customers for whom none of these conditions is true."
    )

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
