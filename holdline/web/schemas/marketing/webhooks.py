"""Webhooks and their delivery log."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from holdline.dialogs.webhooks.address import URL_LIMIT
from holdline.dialogs.webhooks.webhook import EventType, ToolWebhook
from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Out, YesNo

Url = Annotated[
    str, Field(min_length=1, max_length=URL_LIMIT, description="An http or https address of a public host.")
]
Events = Annotated[
    list[EventType],
    Field(min_length=1, max_length=50, description="The events that are sent to this webhook."),
]
DeliveryStatus = Literal["queued", "sent", "failed"]
_EXAMPLE: JsonDict = {
    "url": "https://tool.example.org/holdline",
    "events": ["outbound.sent", "outbound.held"],
}


class WebhookIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    url: Url
    events: Events
    active: YesNo = True


class WebhookChangesIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"active": False}]})

    url: Url | None = None
    events: Events | None = None
    active: YesNo | None = None


class WebhookOut(Out):
    id: int
    url: str
    events: list[str]
    active: bool
    off_reason: str | None = Field(
        description="Why it was switched off: `gone` means that its address answered 410."
    )
    created_at: datetime
    failing_since: datetime | None = Field(
        description="No delivery was accepted since this time; null if the last one was."
    )
    last_sent_at: datetime | None
    last_failed_at: datetime | None
    error: str | None = Field(description="Why the last failed delivery failed.")

    @classmethod
    def of(cls, webhook: ToolWebhook) -> "WebhookOut":
        return cls(**_values(webhook))


class NewWebhookOut(WebhookOut):
    secret: str = Field(description="The secret for checking signatures. It is shown only once.")

    @classmethod
    def of(cls, webhook: ToolWebhook) -> "NewWebhookOut":
        return cls(secret=webhook.secret, **_values(webhook))


class WebhooksOut(Out):
    items: list[WebhookOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, webhooks: list[ToolWebhook]) -> "WebhooksOut":
        on_page, after = page.cut_all(webhooks, lambda webhook: webhook.id)
        return cls(items=[WebhookOut.of(webhook) for webhook in on_page], next=after)


class DeliveryOut(Out):
    id: int
    webhook_id: int
    message_id: str = Field(description="The value of the header `webhook-id`, the same for every try.")
    type: str
    body: dict[str, Any] = Field(description="The body as it is sent: `type`, `timestamp`, `data`.")
    status: DeliveryStatus
    attempts: int
    next_at: datetime | None = Field(description="When it is tried again; null if it is not.")
    http_status: int | None
    error: str | None
    created_at: datetime
    tried_at: datetime | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "DeliveryOut":
        return cls(
            id=row["id"],
            webhook_id=row["webhook_id"],
            message_id=row["message_key"],
            type=row["event_type"],
            body=json.loads(row["body"]),
            status=row["status"],
            attempts=row["attempts"],
            next_at=row["due_at"] if row["status"] == "queued" else None,
            http_status=row["http_status"],
            error=row["error"],
            created_at=row["created_at"],
            tried_at=row["tried_at"],
        )


class DeliveriesOut(Out):
    items: list[DeliveryOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[dict[str, Any]]) -> "DeliveriesOut":
        on_page, after = page.cut(rows, lambda row: int(row["id"]))
        return cls(items=[DeliveryOut.of(row) for row in on_page], next=after)


def _values(webhook: ToolWebhook) -> dict[str, Any]:
    health = webhook.health
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "active": webhook.active,
        "off_reason": webhook.off_reason,
        "created_at": webhook.created_at,
        "failing_since": health.failing_since_at,
        "last_sent_at": health.last_sent_at,
        "last_failed_at": health.last_failed_at,
        "error": health.error,
    }
