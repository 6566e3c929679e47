"""The lists that dialogs are labelled with."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Name, Out


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
    category: Literal["open", "waiting", "resolved"] | None = Field(None, description="For stages only.")


class ValueOut(Out):
    id: int
    name: str
    category: str | None = Field(description="Of a stage: open, waiting or resolved.")
    system: bool = Field(description="A system value cannot be deleted.")

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


class DeletedOut(Out):
    id: int
    deleted: Literal[True] = True
