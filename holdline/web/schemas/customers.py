"""Customers and their gates."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from holdline.desk.reading.overview import Overview
from holdline.desk.reading.reading import CustomerDetails
from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions.postponing import Shift
from holdline.web.pages import Page
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.due_dates import ShiftIn, shift_of
from holdline.web.schemas.fields import FieldValue, In, Moment, Out, YesNo
from holdline.web.schemas.messages import ActorOut


class MuteOut(Out):
    at: datetime
    until: datetime | None = Field(description="null: until somebody unmutes.")
    reason: str


class MuteIn(ActingIn):
    """`by` or `until` sets the duration. Without them the mute lasts until somebody ends it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"manager_telegram_id": 400000077, "reason": "Spam", "by": {"days": 2}}]
        }
    )

    reason: str = Field(min_length=1, max_length=512)
    by: ShiftIn | None = None
    until: Moment | None = None

    @property
    def shift(self) -> Shift | None:
        return shift_of(self.by, self.until) if self.by is not None or self.until is not None else None


class CustomerChangesIn(In):
    """Only what is given changes; an empty body changes nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"tags": ["vip"], "timezone": "Europe/Warsaw", "topics": {"weekly offers": False}}]
        }
    )

    tags: list[str] | None = Field(None, max_length=100, description="All tags afterwards; free words.")
    timezone: str | None = Field(
        None, max_length=64, description="Such as Europe/Warsaw; null: that of the desk."
    )
    language: Literal["en", "ru", "pl"] | None = None
    opt_out: YesNo | None = Field(None, description="true: no marketing from now on, also none that waits.")
    topics: dict[str, YesNo] | None = Field(
        None, max_length=100, description="false: nothing more of that topic, also none that waits."
    )
    fields: dict[str, FieldValue] | None = Field(
        None, max_length=100, description="Texts, numbers, true or false; null clears; others stay."
    )

    @property
    def changes(self) -> dict[str, Any]:
        return self.values_given("timezone")


class CustomerOut(Out):
    id: int
    telegram_id: int
    name: str
    language: str
    gate: Literal["open", "held"]
    reach: Literal["ok", "blocked", "deactivated", "unknown"]
    opted_out: bool = Field(description="The customer said /stop: every POST /outbound is refused.")
    opt_out: bool = Field(description="The same, as PATCH names it.")
    topics: dict[str, bool] = Field(
        description="What they have decided about; of other topics they get what comes."
    )
    timezone: str | None
    fields: dict[str, FieldValue]
    tags: list[str]
    muted: MuteOut | SkipJsonSchema[None] = Field(
        None,
        exclude_if=lambda mute: mute is None,
        description="Only while it lasts: words outside dialogs are kept, and shown to nobody.",
    )

    @classmethod
    def of(cls, customer: Customer, tags: list[str], topics: dict[str, bool]) -> "CustomerOut":
        return cls(
            id=customer.id,
            telegram_id=customer.telegram_id,
            name=customer.name,
            language=customer.language,
            gate=customer.gate.value,
            reach=customer.reach,  # type: ignore[arg-type] # the table's own check allows nothing else
            opted_out=customer.opted_out_at is not None,
            opt_out=customer.opted_out_at is not None,
            topics=topics,
            timezone=customer.time_zone,
            fields=customer.fields,
            muted=MuteOut(**asdict(customer.mute)) if customer.mute else None,
            tags=tags,
        )


class ConsentOut(Out):
    id: int
    at: datetime
    topic: str | None = Field(description="null: all marketing.")
    given: bool = Field(description="true: a yes; false: a no.")
    how: str = Field(description="start, stop, button, api or card; before: from a time without this ledger.")
    words: str = Field(description="What the customer wrote, or what stood on the button.")
    actor: ActorOut


class ConsentsOut(Out):
    items: list[ConsentOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[dict[str, Any]]) -> "ConsentsOut":
        lines, after = page.cut(rows, lambda line: int(line["id"]))
        return cls(items=[ConsentOut.model_validate(line) for line in lines], next=after)


class CustomersOut(Out):
    items: list[CustomerOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[CustomerDetails]) -> "CustomersOut":
        page_rows, after = page.cut(rows, lambda row: row[0].id)
        return cls(items=[CustomerOut.of(*row) for row in page_rows], next=after)


class HolderOut(Out):
    id: int
    title: str


class GateOut(Out):
    state: Literal["open", "held"]
    dialog: HolderOut | None = Field(description="The active dialog that holds the gate.")
    held: int = Field(description="Marketing messages that wait behind it.")

    @classmethod
    def of(cls, gate: dict[str, Any]) -> "GateOut":
        return cls.model_validate(gate)


class RepeatedTagOut(Out):
    tag: str
    times: int
    days: int


class AppliedTagOut(Out):
    name: str
    by: Literal["manager", "rule", "model"]


class PastDialogOut(Out):
    dialog_id: int
    title: str
    state: Literal["active", "paused", "closed"]
    assignee: str = Field(description="A name, or Unassigned.")
    channel: str
    tags: list[AppliedTagOut]
    closed_at: datetime | None
    last_at: datetime = Field(description="When somebody spoke last.")


class OverviewOut(Out):
    repeated: list[RepeatedTagOut]
    items: list[PastDialogOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, found: Overview) -> "OverviewOut":
        items, after = page.cut(found.items, lambda item: item.dialog_id)
        return cls.model_validate(
            {
                "repeated": [asdict(tag) for tag in found.repeated],
                "items": [asdict(item) for item in items],
                "next": after,
            }
        )
