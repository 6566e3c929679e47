"""Webhooks to outside tools, signed by the rules of standardwebhooks.com."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from holdline.desk.webhooks import deliveries
from holdline.desk.webhooks import webhooks as desk
from holdline.web.calls import Read, Write
from holdline.web.pages import NewestFirst, Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.lists import DeletedOut
from holdline.web.schemas.marketing.webhooks import (
    DeliveriesOut,
    DeliveryOut,
    DeliveryStatus,
    NewWebhookOut,
    WebhookChangesIn,
    WebhookIn,
    WebhookOut,
    WebhooksOut,
)
from holdline.web.webhook_lookup import Lookup

Status = Annotated[
    DeliveryStatus | None,
    Query(
        description="Only deliveries that wait (`queued`), were accepted (`sent`) or were given up "
        "(`failed`)."
    ),
]


def webhooks_router() -> APIRouter:
    """An admin key acts as the desk's owner."""
    router = api_router("webhooks")

    @reads(router, "/webhooks", shows=WebhooksOut, scopes=("admin", "read"))
    async def list_webhooks(call: Read, page: Rising) -> Response:
        """Lists webhooks, oldest first, with the results of their last deliveries but without their secrets."""
        return await call.show(lambda found: WebhooksOut.of(page, found), desk.list_webhooks)

    @writes(router, "POST", "/webhooks", shows=NewWebhookOut, scope="admin", status=201)
    async def add_webhook(call: Write, lookup: Lookup, body: WebhookIn) -> Response:
        """Adds a webhook, to which events are sent from now on. The answer contains its secret, which is not shown
        again.
        """
        await lookup.refuse_private(body.url)
        words: dict[str, Any] = {"url": body.url, "events": body.events, "active": body.active}
        return await call.show(NewWebhookOut.of, desk.add_webhook, status=201, **words)

    @writes(router, "PATCH", "/webhooks/{webhook_id}", shows=WebhookOut, scope="admin")
    async def change_webhook(
        call: Write, lookup: Lookup, webhook_id: PathId, body: WebhookChangesIn
    ) -> Response:
        """Changes a webhook. Waiting events go to the new address. `active` false discards waiting events."""
        changes = body.values_given()
        if "url" in changes:
            await lookup.refuse_private(changes["url"])
        return await call.show(WebhookOut.of, desk.change_webhook, webhook_id=webhook_id, changes=changes)

    @writes(router, "DELETE", "/webhooks/{webhook_id}", shows=DeletedOut, scope="admin")
    async def delete_webhook(call: Write, webhook_id: PathId) -> Response:
        """Deletes a webhook with its waiting events and its delivery log."""
        return await call.show(
            lambda _: DeletedOut(id=webhook_id), desk.delete_webhook, webhook_id=webhook_id
        )

    _add_deliveries(router)
    return router


def _add_deliveries(router: APIRouter) -> None:
    @reads(router, "/webhooks/{webhook_id}/deliveries", shows=DeliveriesOut, scopes=("admin", "read"))
    async def list_deliveries(
        call: Read, page: NewestFirst, webhook_id: PathId, status: Status = None
    ) -> Response:
        """Lists the deliveries of a webhook with the answers of its address. They are kept for 30 days."""
        words: dict[str, Any] = {"webhook_id": webhook_id, "status": status, **page.asked}
        return await call.show(lambda rows: DeliveriesOut.of(page, rows), deliveries.delivery_page, **words)

    @writes(router, "POST", "/webhooks/deliveries/{delivery_id}/again", shows=DeliveryOut, scope="admin")
    async def send_delivery_again(call: Write, delivery_id: PathId) -> Response:
        """Sends an event again, also one that was delivered. It keeps its id, so that a receiver can
        ignore duplicates.
        """
        return await call.show(DeliveryOut.of, deliveries.send_again, delivery_id=delivery_id)
