"""A broadcast's message to one customer: into the outbox, through the gate."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from holdline.desk.customers.offer_buttons import IS_TEST, caption_in_sample
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import Broadcast
from holdline.dialogs.broadcasts.content import BroadcastContent
from holdline.dialogs.customer import Customer
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.manager import Manager
from holdline.dialogs.marketing.content import MarketingContent
from holdline.dialogs.marketing.source import MarketingSource
from holdline.dialogs.marketing.variables import CustomerValues
from holdline.dialogs.outbox.marketing import MarketingSample
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import CustomerNeverWrote
from holdline.store.delivery import outbox
from holdline.store.people import customers, managers
from holdline.store.tx import Tx
from holdline.texts import say

_WAY_OUT = "unsubscribe"
"""In a sample its button is one of those that only say that it is a test."""


def put_into_outbox(tx: Tx, broadcast: Broadcast, customer: Customer, *, variant: int) -> int:
    """Adds the message and returns its id; the caller has locked the customer."""
    source = MarketingSource(broadcast_id=broadcast.id, topic=broadcast.topic)
    return _accept(
        tx, broadcast.content, customer, variant=variant, source=source, expires_at=broadcast.expires_at
    )


def send_test_message(
    tx: Tx, content: BroadcastContent, *, variant: int, topic: str | None, telegram_id: int
) -> None:
    """Sends it to a manager, or to a customer as marketing through the gate; raises CustomerNeverWrote if nobody has
    that id.
    """
    colleague = managers.by_telegram_id(tx, telegram_id)
    if colleague is not None and colleague.active:
        key = f"sample:{telegram_id}:{secrets.token_hex(8)}"
        sample = BroadcastSample(content, variant, topic)
        show_content(tx, sample, colleague, Address(telegram_id), key=key)
        return
    customer = customers.load_locked(tx, telegram_id)
    if customer is None:
        raise CustomerNeverWrote(telegram_id)
    _accept(tx, content, customer, variant=variant, source=MarketingSource(topic=topic))


@dataclass(frozen=True, slots=True)
class BroadcastSample:
    """One variant of a broadcast, to be shown to a manager."""

    content: BroadcastContent
    variant: int = 0
    topic: str | None = None


def show_content(tx: Tx, sample: BroadcastSample, reader: Manager, to: Address, *, key: str) -> None:
    """Shows the content as a customer with that manager's name and language would read it, also how to unsubscribe."""
    values = CustomerValues(reader.name, language=reader.language)
    message = sample.content.message_for(values, variant=sample.variant)
    way_out, is_album = caption_in_sample(tx, sample.topic, reader.language), len(message.media) > 1
    buttons = [list(row) for row in message.buttons]
    if way_out is not None and not is_album:
        buttons.append([{"text": way_out, "data": _WAY_OUT}])
    shown = MarketingSample(
        message.words.text,
        list(message.words.entities),
        [{"kind": each.kind, "source": each.source} for each in message.media],
        buttons,
        message.link_preview,
        say("customer.album_way_out", reader.language) if way_out is not None and is_album else "",
    )
    outbox.add(tx, [Outgoing(to, shown, key)])


def content_for(content: BroadcastContent, customer: Customer, *, variant: int) -> MarketingContent:
    """The content for that customer."""
    values = CustomerValues(customer.name, customer.username, customer.language, customer.fields)
    return content.message_for(values, variant=variant)


def _accept(
    tx: Tx,
    content: BroadcastContent,
    customer: Customer,
    *,
    variant: int,
    source: MarketingSource,
    expires_at: datetime | None = None,
) -> int:
    message = content_for(content, customer, variant=variant)
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
        own_data={} if source.broadcast_id else {IS_TEST: True},
    )
    return int(accept_outbound(tx, order=order)["id"])
