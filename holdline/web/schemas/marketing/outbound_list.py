"""Marketing messages as a list."""

from datetime import datetime
from typing import Any

from pydantic import Field

from holdline.web.pages import Page
from holdline.web.schemas.fields import Out
from holdline.web.schemas.outbound import ReaderOut, Status


class OutboundItemOut(Out):
    id: int
    status: Status
    class_: str = Field(serialization_alias="class", validation_alias="class")
    customer: ReaderOut
    kind: str
    text: str
    topic: str | None
    created_at: datetime
    expires_at: datetime | None
    sent_at: datetime | None
    reason: str | None
    api_key_id: int | None = Field(description="The id of the API key that created the message; null: none.")
    broadcast_id: int | None
    enrolment_id: int | None = Field(
        description="The id of the enrolment in a funnel that the message belongs to; null: none."
    )

    @classmethod
    def of(cls, row: dict[str, Any]) -> "OutboundItemOut":
        sent = row["status"] == "sent"
        values = {name: row[name] for name in _AS_THEY_ARE}
        return cls.model_validate(
            {
                **values,
                "customer": {
                    "id": row["customer_id"],
                    "telegram_id": row["telegram_id"],
                    "name": row["name"],
                },
                "topic": row["marketing_topic"],
                "sent_at": row["settled_at"] if sent else None,
                "reason": None if sent else row["error"],
            }
        )


_AS_THEY_ARE = (
    "id", "status", "class", "kind", "text", "created_at", "expires_at", "api_key_id", "broadcast_id", "enrolment_id",
)  # fmt: skip


class OutboundListOut(Out):
    items: list[OutboundItemOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[dict[str, Any]]) -> "OutboundListOut":
        on_page, after = page.cut(rows, lambda row: int(row["last_id"]))
        return cls(items=[OutboundItemOut.of(row) for row in on_page], next=after)
