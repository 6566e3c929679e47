"""Who gets a broadcast: all customers who started the bot, can be reached and accept marketing, narrowed by this
filter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class FunnelStanding(StrEnum):
    """The relation of a customer to a funnel. Exactly one of the first three applies; GOAL can apply in addition."""

    RUNNING = "running"
    ENDED = "ended"
    NEVER = "never"
    GOAL = "goal"


@dataclass(frozen=True, slots=True)
class FunnelCondition:
    """`funnel` is the funnel's id, or its name before it was looked up."""

    funnel: int | str
    state: FunnelStanding


@dataclass(frozen=True, slots=True)
class AudienceFilter:
    """All criteria must match; an empty one is ignored.

    `tags`: all of them; `any_tags`: at least one; `exclude_tags`: none. `fields`: values that tools keep of a
    customer. `wrote_since`, `silent_since`: wrote after that moment, or did not. `started_since`: pressed Start
    after it. `funnels`: all of these apply to the customer; `exclude_funnels`: none of them.
    """

    tags: tuple[str, ...] = ()
    any_tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    language: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    wrote_since: datetime | None = None
    silent_since: datetime | None = None
    started_since: datetime | None = None
    funnels: tuple[FunnelCondition, ...] = ()
    exclude_funnels: tuple[FunnelCondition, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The stored form: only the criteria that are set."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: _write_out(name, value) for name, value in given.items() if value not in (None, (), {})}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{name: _read(name, value) for name, value in stored.items()})


EVERYBODY = AudienceFilter()


def _write_out(name: str, value: Any) -> Any:
    if name.endswith("funnels"):
        return [{"funnel": each.funnel, "state": each.state.value} for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    if name.endswith("_since"):
        return datetime.fromisoformat(value)
    if name.endswith("funnels"):
        return tuple(FunnelCondition(each["funnel"], FunnelStanding(each["state"])) for each in value)
    return tuple(value) if name.endswith("tags") else value
