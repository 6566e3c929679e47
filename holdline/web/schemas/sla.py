"""Working calendars, SLA policies, and the SLA clocks of a dialog."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from holdline.dialogs.sla.calendar_input import NamedCalendar
from holdline.dialogs.sla.clock import CONDITIONS, TARGETS, ClockName, ClockState, Policy, Sla
from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Name, Out, read_whole


def _name_of_id(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


NameOrId = Annotated[
    str,
    Field(min_length=1, max_length=128),
    BeforeValidator(_name_of_id),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1, "maxLength": 128}, {"type": "integer"}]}),
]
Position = Annotated[int, Field(ge=0, lt=2**31), BeforeValidator(read_whole)]
ClockTime = Annotated[
    str, Field(max_length=5, examples=["09:00"], description="A time of day; 24:00 is the end of the day.")
]
Hours = Annotated[
    dict[
        Annotated[str, Field(max_length=3)],
        Annotated[list[Annotated[list[ClockTime], Field(max_length=2)]], Field(max_length=24)],
    ],
    Field(
        max_length=7,
        description="Pairs of start and end for each of mon … sun; a day that is not given is free.",
    ),
]
Duration = Annotated[
    str,
    Field(
        max_length=12,
        description="A duration such as `90m`, `4h`, `2d`. A day is the working time of one day of "
        "the calendar.",
    ),
]
Holidays = Annotated[
    list[Annotated[str, Field(max_length=10), WithJsonSchema({"type": "string", "format": "date"})]],
    Field(max_length=1000),
]
_OFFICE: Any = {
    "name": "Office",
    "timezone": "Europe/Warsaw",
    "hours": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": [date(2026, 12, 25).isoformat()],
}


class CalendarIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [_OFFICE]})

    name: Name
    timezone: Name | None = Field(
        None, description="A time zone such as `Europe/Warsaw`; without it, the time zone of the desk."
    )
    hours: Hours
    holidays: Holidays | None = None

    @property
    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class CalendarChangesIn(In):
    """Only given fields change. Hours and holidays are replaced as a whole."""

    name: Name | None = None
    timezone: Name | None = None
    hours: Hours | None = None
    holidays: Holidays | None = None

    @property
    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class CalendarOut(Out):
    id: int
    name: str
    timezone: str
    hours: dict[str, list[list[str]]]
    holidays: list[str]

    @classmethod
    def of(cls, calendar: NamedCalendar) -> "CalendarOut":
        return cls(**{name: getattr(calendar, name) for name in cls.model_fields})


class CalendarsOut(Out):
    items: list[CalendarOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, calendars: list[NamedCalendar]) -> "CalendarsOut":
        shown, after = page.cut_all(calendars, lambda calendar: calendar.id)
        return cls(items=[CalendarOut.of(each) for each in shown], next=after)


class ConditionsIn(In):
    """Conditions on a dialog. All must hold."""

    type: Name | None = None
    priority: Name | None = None
    queue: Name | None = None


class PolicyChangesIn(In):
    """Only given fields change. Null removes a value."""

    name: Name | None = None
    conditions: ConditionsIn | None = Field(None, alias="if")
    first_response: Duration | None = None
    next_response: Duration | None = None
    resolution: Duration | None = None
    calendar: NameOrId | None = Field(
        None, description="The calendar's name or id; null: every hour of every day counts."
    )
    position: Position | None = Field(
        None,
        description="Policies are tried in the order of their positions; the first that matches applies.",
    )

    @property
    def values(self) -> dict[str, Any]:
        return self.values_given("first_response", "next_response", "resolution", "calendar")


class PolicyIn(PolicyChangesIn):
    """At least one of the three durations."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Urgent",
                    "if": {"priority": "urgent"},
                    "first_response": "30m",
                    "resolution": "1d",
                    "calendar": "Office",
                    "position": 1,
                }
            ]
        }
    )

    name: Name


class PolicyOut(Out):
    id: int
    name: str
    conditions: dict[Literal["type", "priority", "queue"], str] = Field(serialization_alias="if")
    first_response: str | None
    next_response: str | None
    resolution: str | None
    calendar: str | None
    position: int

    @classmethod
    def of(cls, policy: Policy) -> "PolicyOut":
        return cls(
            id=policy.id,
            name=policy.name,
            conditions={name: policy.conditions[name] for name in CONDITIONS if name in policy.conditions},  # type: ignore[misc]
            calendar=policy.calendar_name,
            position=policy.position,
            **{name: policy.durations.get(name) for name in TARGETS},
        )


class PoliciesOut(Out):
    items: list[PolicyOut]
    next: str | None

    @classmethod
    def of(cls, policies: list[Policy]) -> "PoliciesOut":
        """All policies in the order in which they are tried; there are few."""
        return cls(items=[PolicyOut.of(policy) for policy in policies], next=None)


class ClockOut(Out):
    name: ClockName
    state: ClockState
    due_at: datetime


class DialogSlaOut(Out):
    policy: str
    clocks: list[ClockOut]

    @classmethod
    def of(cls, sla: Sla | None) -> "DialogSlaOut | None":
        if sla is None:
            return None
        clocks = [ClockOut(name=c.name, state=c.state, due_at=c.due_at) for c in sla.clocks]
        return cls(policy=sla.policy, clocks=clocks)
