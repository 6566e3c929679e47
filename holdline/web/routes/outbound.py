"""Outbound: any marketing tool sends through the gate."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.marketing.outbound import accept_outbound, outbound_status
from holdline.web.calls import Read, Write
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.outbound import AcceptedOut, OutboundIn, OutboundOut


def outbound_router() -> APIRouter:
    """Funnel, broadcast and smart reply of an outside tool."""
    router = api_router("outbound")

    @writes(router, "POST", "/outbound", shows=AcceptedOut, scope="send", status=202)
    async def send_marketing_message(call: Write, body: OutboundIn) -> Response:
        """Queued, held by an active dialog, or (a smart reply) dropped: as decided now, decided again at sending."""
        order = body.order(call.key.id)
        return await call.show(AcceptedOut.of, accept_outbound, status=202, order=order)

    @reads(router, "/outbound/{outbound_id}", shows=OutboundOut, scopes=("send", "read"))
    async def read_outbound(call: Read, outbound_id: PathId) -> Response:
        """What became of it."""
        return await call.show(OutboundOut.of, outbound_status, outbox_id=outbound_id)

    return router
