"""One customer's message of a broadcast: into the outbox, through the gate."""

from datetime import datetime

from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.broadcasts.broadcast import Broadcast
from holdline.dialogs.broadcasts.content import BroadcastContent
from holdline.dialogs.customer import Customer
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.source import MarketingSource
from holdline.dialogs.marketing.variables import CustomerValues
from holdline.dialogs.refusal import CustomerNeverWrote
from holdline.store.people import customers
from holdline.store.tx import Tx


def put_into_outbox(tx: Tx, broadcast: Broadcast, customer: Customer, *, variant: int) -> int:
    """The id under which the message is known; the customer is locked by the caller."""
    source = MarketingSource(broadcast_id=broadcast.id, topic=broadcast.topic)
    return _accept(
        tx, broadcast.content, customer, variant=variant, source=source, expires_at=broadcast.expires_at
    )


def send_test_message(
    tx: Tx, content: BroadcastContent, *, variant: int, topic: str | None, telegram_id: int
) -> None:
    """CustomerNeverWrote where nobody with that id is here."""
    customer = customers.load_locked(tx, telegram_id)
    if customer is None:
        raise CustomerNeverWrote(telegram_id)
    _accept(tx, content, customer, variant=variant, source=MarketingSource(topic=topic), expires_at=None)


def _accept(
    tx: Tx,
    content: BroadcastContent,
    customer: Customer,
    *,
    variant: int,
    source: MarketingSource,
    expires_at: datetime | None,
) -> int:
    values = CustomerValues(customer.name, customer.username, customer.language)
    message = content.message_for(values, variant=variant)
    order = OutboundRequest(
        telegram_id=customer.telegram_id,
        class_=MessageClass.BROADCAST,
        text=message.words.text,
        buttons=[list(row) for row in message.buttons],
        expires_at=expires_at,
        source=source,
        entities=message.words.entities,
        media=message.media,
        link_preview=message.link_preview,
    )
    return int(accept_outbound(tx, order=order)["id"])
