"""Messages that wait behind a customer's gate: list, send, drop."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.marketing.held import drop_held, list_held, send_held
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.marketing.held import HeldMessagesOut
from holdline.web.schemas.outbound import OutboundOut


def gate_queue_router() -> APIRouter:
    """Marketing that an active dialog holds."""
    router = api_router("outbound")

    @reads(router, "/customers/{customer_id}/held", shows=HeldMessagesOut, scopes=("read", "send"))
    async def list_held_messages(call: Read, page: Rising, customer_id: PathId) -> Response:
        """Lists the marketing messages that wait for the customer's dialog to end, in the order in which they will be
        sent. The list is empty while the gate is open.
        """
        return await call.show(
            lambda rows: HeldMessagesOut.of(page, rows),
            list_held,
            customer_id=customer_id,
            after=page.after,
            limit=page.limit + 1,
        )

    @writes(router, "POST", "/outbound/{outbound_id}/send", shows=OutboundOut)
    async def send_held_message(call: Write, outbound_id: PathId, body: ActingIn) -> Response:
        """Sends one held message now, although the customer has an active dialog. 409 if it is not held."""
        by = body.manager_telegram_id
        return await call.show_as(OutboundOut.of, send_held, by=by, outbox_id=outbound_id)

    @writes(router, "POST", "/outbound/{outbound_id}/drop", shows=OutboundOut)
    async def drop_held_message(call: Write, outbound_id: PathId, body: ActingIn) -> Response:
        """Drops one held message, whose status becomes `cancelled`. 409 if it is not held."""
        by = body.manager_telegram_id
        return await call.show_as(OutboundOut.of, drop_held, by=by, outbox_id=outbound_id)

    return router
