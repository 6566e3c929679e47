"""The gate as a service: any marketing tool asks here, and the answer is sent, held or dropped."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from holdline.desk.marketing.outbound_events import record_outbound
from holdline.dialogs import gate
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions import outbound as rules
from holdline.dialogs.event import EventKind
from holdline.dialogs.gate import MessageClass, Passage
from holdline.dialogs.marketing.consent import TopicStopped
from holdline.dialogs.marketing.content import MarketingContent, Medium
from holdline.dialogs.marketing.source import UNKNOWN_SOURCE, MarketingSource
from holdline.dialogs.message import Entities, Message
from holdline.dialogs.outbox.messages import Album, MessagePart
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import CustomerNeverWrote, NotFound
from holdline.dialogs.text.richtext import RichText
from holdline.store.conversation import messages
from holdline.store.delivery import outbound, outbox, presses, waiting_marketing
from holdline.store.dialogs import dialogs
from holdline.store.marketing import topics
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.telegram.parts import parts_needed


@dataclass(frozen=True, slots=True)
class OutboundRequest:
    """A marketing message to send.

    `buttons` are rows of {"text", "url"} or {"text", "data"}; `collapse_key`: a newer message replaces an older one.
    `entities` and `media` are valid ones, as dialogs/marketing/content.py reads them. `own_data`: data that the desk
    itself stores with the message; outside tools set none.
    """

    telegram_id: int
    class_: MessageClass
    text: str
    buttons: list[list[dict[str, str]]] = field(default_factory=list)
    expires_at: datetime | None = None
    collapse_key: str | None = None
    source: MarketingSource = UNKNOWN_SOURCE
    entities: Entities = ()
    media: tuple[Medium, ...] = ()
    link_preview: bool = True
    own_data: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> MarketingContent:
        """What the customer reads."""
        words = RichText(self.text, self.entities)
        return MarketingContent(words, self.media, tuple(self.buttons), self.link_preview)


def accept_outbound(tx: Tx, *, order: OutboundRequest) -> dict[str, Any]:
    """{"id", "status", "held_by"} as decided now, under the customer's lock; decided again when it is sent."""
    customer = customers.load_locked(tx, order.telegram_id)
    if customer is None:
        raise CustomerNeverWrote(order.telegram_id)
    rules.refuse_unsendable(customer, order.content, expires_at=order.expires_at, at=tx.at)
    _refuse_stopped_topic(tx, customer, order.source.topic)
    passage = gate.passage(order.class_, customer.gate)
    status = {Passage.SEND: "queued", Passage.HOLD: "held", Passage.DROP: "dropped"}[passage]
    outbox_id = _store_message(tx, customer, order, dropped=passage is Passage.DROP)
    holder = dialogs.active_of(tx, customer.id) if passage is not Passage.SEND else None
    if passage is Passage.HOLD:
        record_outbound(tx, EventKind.OUTBOUND_HELD, outbound.parts_of(tx, outbox_id))
    held_by = {"dialog_id": holder.id, "title": holder.title} if holder else None
    return {"id": outbox_id, "status": status, "held_by": held_by}


def _refuse_stopped_topic(tx: Tx, customer: Customer, topic: str | None) -> None:
    """Refuses a topic that the customer has stopped; registers the topic, which is known from its first message on."""
    if topic is None:
        return
    if topics.choice(tx, customer.id, topic) is False:
        raise TopicStopped(topic)
    topics.register(tx, topic)


def outbound_status(tx: Tx, *, outbox_id: int) -> Row:
    """The row with `status` as outsiders see it (queued behind a held gate is held), its text, its customer, and its
    `presses`.
    """
    parts = outbound.parts_of(tx, outbox_id)
    if not parts:
        raise NotFound("outbound message", outbox_id)
    about = outbound.describe_first(tx, parts[0]["id"])
    return {**outbound.combine_parts(parts), **about, "presses": presses.of_item(tx, outbox_id)}


def gate_state(tx: Tx, *, customer_id: int) -> dict[str, Any]:
    """{"state", "dialog", "held"}: open or held, by which dialog, and how many messages wait behind it."""
    customer = customers.load(tx, customer_id)
    active = dialogs.active_of(tx, customer_id)
    return {
        "state": customer.gate.value,
        "dialog": {"id": active.id, "title": active.title} if active else None,
        "held": waiting_marketing.count_held(tx, customer_id) if active else 0,
    }


def _store_message(tx: Tx, customer: Customer, order: OutboundRequest, *, dropped: bool) -> int:
    stored = _store_parts(tx, customer, order, status="dropped" if dropped else "queued")
    collapse = f"{order.class_}:{customer.id}:{order.collapse_key}" if order.collapse_key else None
    if collapse:
        superseded = waiting_marketing.supersede(tx, collapse)
        record_outbound(tx, EventKind.OUTBOUND_ENDED, superseded, status="cancelled", reason="superseded")
    added = outbox.add(tx, _parts(tx, customer, order, stored=stored, collapse=collapse))
    if dropped:
        waiting_marketing.drop(tx, stored[0].id)
    return added[0]


def _store_parts(tx: Tx, customer: Customer, order: OutboundRequest, *, status: str) -> list[Message]:
    """Stores the message, or those of an album."""
    parts = order.content.parts
    album_id = f"outbound:{secrets.token_hex(8)}" if len(parts) > 1 else None
    about = {
        "customer_id": customer.id,
        "direction": "out",
        "class_": order.class_.value,
        "author_kind": order.class_.value,
        "status": status,
    }
    return [
        messages.insert(tx, about, replace(part, album_id=album_id, data=part.data | order.own_data))
        for part in parts
    ]


def _parts(
    tx: Tx, customer: Customer, order: OutboundRequest, *, stored: list[Message], collapse: str | None
) -> list[Outgoing]:
    """The outbox items. A text longer than one message is sent in parts; the first part represents all."""
    message, once = stored[0], secrets.token_hex(4)
    parts = parts_needed(message.content, has_header=False) if len(stored) == 1 else 1
    return [
        Outgoing(
            to=customer.address,
            item=MessagePart(part, parts) if len(stored) == 1 else Album([one.id for one in stored]),
            class_=order.class_,
            audience=Audience.CUSTOMER,
            key=f"outbound:{message.id}:{once}:{part}",
            customer_id=customer.id,
            message_id=message.id,
            expires_at=rules.good_until(order.class_, order.expires_at, at=tx.at),
            collapse_key=collapse if part == 0 else None,
            source=order.source,
        )
        for part in range(parts)
    ]
