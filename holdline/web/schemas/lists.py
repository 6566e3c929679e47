"""Lists of values for dialogs."""

from enum import StrEnum
from typing import Any, Literal, cast

from pydantic import ConfigDict, Field

from holdline.dialogs.closing import CloseReason
from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Name, Out, Outcome


class Kind(StrEnum):
    """The seven lists."""

    TYPES = "types"
    REASONS = "reasons"
    COMPONENTS = "components"
    TAGS = "tags"
    STAGES = "stages"
    QUEUES = "queues"
    ROOT_CAUSES = "root_causes"


class ValueIn(In):
    name: Name
    category: Literal["open", "waiting", "resolved"] | None = Field(
        None, description="The kind of a stage; without it `open`. Ignored in other lists."
    )


class ValueOut(Out):
    id: int
    name: str
    category: str | None = Field(
        description="The kind of a stage: open, waiting or resolved; null in other lists."
    )
    system: bool = Field(description="true: the value belongs to the system and cannot be deleted.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "ValueOut":
        return cls(id=row["id"], name=row["name"], category=row["category"], system=bool(row["system"]))


class ValuesOut(Out):
    items: list[ValueOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[dict[str, Any]]) -> "ValuesOut":
        page_rows, after = page.cut_all(rows, lambda row: int(row["id"]))
        return cls(items=[ValueOut.of(row) for row in page_rows], next=after)


class CloseReasonIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Refunded", "outcome": "success"}]})

    name: Name
    outcome: Outcome | None = Field(
        None,
        description="The outcome of dialogs closed for this reason; null: the person who closes the "
        "dialog is asked.",
    )

    @property
    def values(self) -> dict[str, Any]:
        return self.values_given()


class CloseReasonChangesIn(In):
    """Only given fields change. Closed dialogs keep what they have."""

    name: Name | None = None
    outcome: Outcome | None = Field(
        None, description="The outcome of dialogs closed for this reason; null removes it."
    )

    @property
    def values(self) -> dict[str, Any]:
        return self.values_given("outcome")


class CloseReasonOut(Out):
    id: int
    name: str
    outcome: Outcome | None

    @classmethod
    def of(cls, reason: CloseReason) -> "CloseReasonOut":
        return cls(id=reason.id, name=reason.name, outcome=cast("Outcome | None", reason.outcome))


class CloseReasonsOut(Out):
    items: list[CloseReasonOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, reasons: list[CloseReason]) -> "CloseReasonsOut":
        shown, after = page.cut_all(reasons, lambda reason: reason.id)
        return cls(items=[CloseReasonOut.of(reason) for reason in shown], next=after)


class DeletedOut(Out):
    id: int
    deleted: Literal[True] = True
