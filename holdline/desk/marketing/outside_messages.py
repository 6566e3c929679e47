"""What outside tools may do with their messages besides reading one: send within their limits, withdraw, list."""

from typing import Any

from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound, outbound_status
from holdline.desk.marketing.outbound_events import record_outbound
from holdline.desk.people.customer_colleagues import refuse_colleague
from holdline.desk.people.keys import count_message
from holdline.dialogs.event import EventKind
from holdline.dialogs.refusal import NotWaiting
from holdline.store.delivery import chats, outbound, waiting_marketing
from holdline.store.marketing import outbound_list
from holdline.store.marketing.outbound_list import OutboundFilter
from holdline.store.people.api_keys import ApiKey
from holdline.store.tx import Row, Tx

WITHDRAWN = "withdrawn"


def accept_from_tool(tx: Tx, *, key: ApiKey, order: OutboundRequest) -> dict[str, Any]:
    """Like `accept_outbound`, within the limits of the key; a refused message does not count. Refused for people of the
    desk.
    """
    refuse_colleague(tx, order.telegram_id)
    accepted = accept_outbound(tx, order=order)
    count_message(tx, key)
    return accepted


def cancel_outbound(tx: Tx, *, outbox_id: int) -> Row:
    """Withdraws the tool's message; raises NotWaiting if a part has left or it has ended."""
    chats.lock_for_customer(tx, outbound_status(tx, outbox_id=outbox_id)["customer_id"])
    message = outbound_status(tx, outbox_id=outbox_id)
    parts = outbound.parts_of(tx, outbox_id)
    if not {part["status"] for part in parts} <= {"queued", "held"}:
        raise NotWaiting(outbox_id, status=message["status"])
    cancelled = waiting_marketing.cancel_message(tx, message["message_id"], WITHDRAWN)
    record_outbound(tx, EventKind.OUTBOUND_ENDED, cancelled, status="cancelled", reason=WITHDRAWN)
    return outbound_status(tx, outbox_id=outbox_id)


def outbound_page(
    tx: Tx, *, narrowed: OutboundFilter, order: str, after: int | None, limit: int
) -> list[Row]:
    """Marketing messages, by the id of their last part."""
    return outbound_list.page(tx, narrowed, order=order, after=after, limit=limit)
