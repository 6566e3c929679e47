"""Who gets a broadcast: everybody who started the bot, can be reached and takes marketing, narrowed by these."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class FunnelStanding(StrEnum):
    """How a customer stands to a funnel. One of the first three is true of everybody; a goal may come on top."""

    RUNNING = "running"
    ENDED = "ended"
    NEVER = "never"
    GOAL = "goal"


@dataclass(frozen=True, slots=True)
class FunnelCondition:
    """`funnel`: its number, or its name before the desk has looked it up."""

    funnel: int | str
    state: FunnelStanding


@dataclass(frozen=True, slots=True)
class AudienceFilter:
    """All of it must fit; what is empty narrows nothing.

    `tags`: all of them; `any_tags`: one at least; `exclude_tags`: none. `fields`: values that tools keep of a customer.
    `wrote_since`, `silent_since`: who wrote after that moment, or did not. `started_since`: who pressed Start after it.
    `funnels`: all of these are true of the customer; `exclude_funnels`: none of them.
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
        """What is stored: only what narrows."""
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
