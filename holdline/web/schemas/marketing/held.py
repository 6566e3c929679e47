"""Held messages."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from holdline.store.marketing.sources import source_of
from holdline.web.pages import Page
from holdline.web.schemas.fields import Out


def _is_left_out(value: object) -> bool:
    return value is None


class MarketingSourceOut(Out):
    """Exactly one of them. All are empty for messages from before Holdline stored the source."""

    funnel: str | SkipJsonSchema[None] = Field(None, exclude_if=_is_left_out)
    broadcast: int | str | SkipJsonSchema[None] = Field(None, exclude_if=_is_left_out)
    key: str | SkipJsonSchema[None] = Field(
        None, exclude_if=_is_left_out, description="The name of the API key."
    )


class HeldMessageOut(Out):
    id: int
    class_: Literal["funnel", "broadcast"] = Field(alias="class")
    text: str
    source: MarketingSourceOut
    queued_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "HeldMessageOut":
        return cls.model_validate(
            {
                "id": row["id"],
                "class": row["class"],
                "text": row["text"] or "",
                "source": source_of(row),
                "queued_at": row["created_at"],
                "expires_at": row["expires_at"],
            }
        )


class HeldMessagesOut(Out):
    items: list[HeldMessageOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[dict[str, Any]]) -> "HeldMessagesOut":
        shown, after = page.cut(rows, lambda row: row["id"])
        return cls(items=[HeldMessageOut.of(row) for row in shown], next=after)
