"""Outbound: any marketing tool sends through the gate."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse, Response

from holdline.desk.marketing.outbound import outbound_status
from holdline.desk.marketing.outside_messages import accept_from_tool, cancel_outbound, outbound_page
from holdline.store.marketing.outbound_list import OutboundFilter
from holdline.web.calls import Read, Write
from holdline.web.pages import NewestFirst
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.marketing.outbound_list import OutboundListOut
from holdline.web.schemas.outbound import AcceptedOut, OutboundIn, OutboundOut, Status

Class = Annotated[
    Literal["funnel", "broadcast", "smart_reply"] | None,
    Query(alias="class", description="Only messages of this class."),
]
OfStatus = Annotated[Status | None, Query(description="Only messages with this status.")]
OfCustomer = Annotated[
    int | None, Query(ge=1, lt=2**53, description="Only messages to this customer; the id in Holdline.")
]
OfGate = Annotated[
    Literal["held", "open"] | None,
    Query(description="Only messages of customers whose gate is held, or is open."),
]
OfTopic = Annotated[
    str | None, Query(min_length=1, max_length=128, description="Only messages about this marketing topic.")
]


def outbound_router() -> APIRouter:
    """Funnel, broadcast and smart reply messages of outside tools."""
    router = api_router("outbound")

    @writes(router, "POST", "/outbound", shows=AcceptedOut, scope="send", status=202)
    async def send_marketing_message(call: Write, body: OutboundIn) -> Response:
        """Accepts a marketing message to one customer. While the customer has an active dialog the message is held, or
        dropped if it is a smart reply. The gate is checked again when the message is sent.
        """
        order = body.order(call.key.id)
        return await call.show(AcceptedOut.of, accept_from_tool, status=202, key=call.key, order=order)

    @reads(router, "/outbound/{outbound_id}", shows=OutboundOut, scopes=("send", "read"))
    async def read_outbound(call: Read, outbound_id: PathId) -> Response:
        """Shows a marketing message with its status and the buttons that were pressed."""
        return await call.show(OutboundOut.of, outbound_status, outbox_id=outbound_id)

    @writes(router, "DELETE", "/outbound/{outbound_id}", shows=OutboundOut, scope="send")
    async def cancel_marketing_message(call: Write, outbound_id: PathId) -> Response:
        """Cancels a marketing message that waits. 409 if any part of it was sent, or if it will not be sent anyway."""
        return await call.show(OutboundOut.of, cancel_outbound, outbox_id=outbound_id)

    _add_list(router)
    return router


async def _filter(
    *,
    status: OfStatus = None,
    customer: OfCustomer = None,
    class_: Class = None,
    gate: OfGate = None,
    topic: OfTopic = None,
) -> OutboundFilter:
    return OutboundFilter(status, customer, class_, gate, topic)


Narrowed = Annotated[OutboundFilter, Depends(_filter)]


def _add_list(router: APIRouter) -> None:
    @reads(router, "/outbound", shows=OutboundListOut, scopes=("send", "read"))
    async def list_outbound(call: Read, page: NewestFirst, narrowed: Narrowed) -> Response:
        """Lists marketing messages of tools, funnels and broadcasts, newest first. `gate=held` lists those that wait
        for a dialog to end.
        """
        rows = await call.read_much(outbound_page, narrowed=narrowed, **page.asked)
        return JSONResponse(OutboundListOut.of(page, rows).model_dump(mode="json", by_alias=True))
