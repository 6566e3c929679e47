"""Marketing that managers decide about: a message that is held, a broadcast that waits for its moment."""

from datetime import timedelta

from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.text.richtext import RichText
from holdline.store.tx import Tx


def a_broadcast(tx: Tx) -> int:
    """Its id; it starts tomorrow."""
    content = BroadcastContent((BroadcastVariant(RichText("Only today")),))
    order = BroadcastOrder(content, starts_at=tx.at + timedelta(days=1))
    return create_broadcast(tx, order=order, author=BroadcastAuthor(), expected=0).broadcast.id


def offer_to(tx: Tx, telegram_id: int) -> int:
    """The message's id; the customer's dialog holds it."""
    order = OutboundRequest(telegram_id, MessageClass.BROADCAST, "Only today")
    return int(accept_outbound(tx, order=order)["id"])
