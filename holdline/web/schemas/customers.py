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
    until: datetime | None = Field(
        description="When the mute ends; null: when a manager unmutes the customer."
    )
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

    tags: list[str] | None = Field(
        None, max_length=100, description="The complete new list of tags; any words."
    )
    timezone: str | None = Field(
        None,
        max_length=64,
        description="A time zone such as `Europe/Warsaw`; null: the time zone of the desk.",
    )
    language: Literal["en", "ru", "pl"] | None = None
    opt_out: YesNo | None = Field(
        None, description="true: the customer gets no marketing from now on; waiting marketing is cancelled."
    )
    topics: dict[str, YesNo] | None = Field(
        None,
        max_length=100,
        description="Marketing topics. false: the customer gets nothing more of that topic; waiting "
        "messages of it are cancelled.",
    )
    fields: dict[str, FieldValue] | None = Field(
        None,
        max_length=100,
        description="Values by field name: a text, a number, true or false. null removes a value; "
        "fields that are not given stay.",
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
    opted_out: bool = Field(
        description="The customer has unsubscribed from all marketing: every `POST /outbound` is refused."
    )
    opt_out: bool = Field(description="The same value as `opted_out`, under the name that PATCH uses.")
    topics: dict[str, bool] = Field(
        description="The marketing topics about which the customer has decided: true is yes, false "
        "is no. The customer gets messages of all other topics."
    )
    timezone: str | None
    fields: dict[str, FieldValue]
    tags: list[str]
    muted: MuteOut | SkipJsonSchema[None] = Field(
        None,
        exclude_if=lambda mute: mute is None,
        description="Present only while the customer is muted: messages outside dialogs are stored "
        "but shown to nobody.",
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
    topic: str | None = Field(description="The marketing topic; null: all marketing.")
    given: bool = Field(description="true: the customer agreed; false: the customer refused.")
    how: str = Field(
        description="How it was given: `start`, `stop`, `button`, `api` or `card`; `before`: "
        "earlier than this ledger."
    )
    words: str = Field(description="What the customer wrote, or the text of the button.")
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
    held: int = Field(description="The number of marketing messages that wait behind the gate.")

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
    assignee: str = Field(description="A manager's name, or `Unassigned`.")
    channel: str
    tags: list[AppliedTagOut]
    closed_at: datetime | None
    last_at: datetime = Field(description="The time of the last message.")


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
