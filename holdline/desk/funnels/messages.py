"""A funnel's message: from its definition to the outbox, once for each visit of the enrolment."""

from collections.abc import Iterator
from dataclasses import replace

from holdline.desk.marketing.outbound_events import record_outbound
from holdline.desk.notices import views
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer
from holdline.dialogs.event import EventKind
from holdline.dialogs.funnels.conditions import FunnelProfile
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.dialogs.funnels.steps import FunnelButton, FunnelMessage
from holdline.dialogs.gate import Gate, MessageClass
from holdline.dialogs.marketing.content import MarketingContent
from holdline.dialogs.marketing.source import MarketingSource
from holdline.dialogs.marketing.variables import CustomerValues, fill_in_values
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import Album, MessagePart
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import messages
from holdline.store.delivery import outbound, outbox
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.telegram.parts import parts_needed

STEP = "funnel_step"
"""The key in `Content.data` for the address of the message's step, for a press after the enrolment has moved on."""


def queue_message(
    tx: Tx, customer: Customer, enrolment: Enrolment, message: FunnelMessage, profile: FunnelProfile
) -> int:
    """Adds the message and returns the outbox id of its first part. `enrolment` already counts this visit, whose number
    makes the key.
    """
    contents = contents_of(message, customer, profile)
    album_id = f"enrolment:{enrolment.id}:{enrolment.visit}" if len(contents) > 1 else None
    about = {
        "customer_id": customer.id,
        "direction": "out",
        "class_": MessageClass.FUNNEL.value,
        "author_kind": MessageClass.FUNNEL.value,
        "status": "queued",
    }
    own = {STEP: enrolment.position}
    stored = [
        messages.insert(tx, about, replace(one, album_id=album_id, data=one.data | own)) for one in contents
    ]
    parts = parts_needed(contents[0], has_header=False) if album_id is None else 1
    added = outbox.add(
        tx,
        [
            Outgoing(
                to=customer.address,
                item=MessagePart(part, parts) if album_id is None else Album([one.id for one in stored]),
                class_=MessageClass.FUNNEL,
                audience=Audience.CUSTOMER,
                key=f"enrolment:{enrolment.id}:{enrolment.visit}:{part}",
                customer_id=customer.id,
                message_id=stored[0].id,
                source=MarketingSource(enrolment_id=enrolment.id, topic=message.topic),
            )
            for part in range(parts)
        ],
    )
    _record_if_held(tx, customer, added[0])
    return added[0]


def contents_of(message: FunnelMessage, customer: Customer, profile: FunnelProfile) -> tuple[Content, ...]:
    """One message, or those of an album, with the customer's values in place of variables."""
    values = CustomerValues(
        customer.name, customer.username, customer.language, profile.fields, profile.answers
    )
    names = button_data(message.buttons)
    rows = tuple([_button(button, next(names)) for button in row] for row in message.rows)
    words = fill_in_values(message.words, values)
    return MarketingContent(words, message.media, rows, message.link_preview).parts


def button_data(buttons: tuple[FunnelButton, ...]) -> Iterator[str | None]:
    """The press data of each button: an outside tool's own data, or the caption of a button that the funnel follows.
    Equal captions are distinguished by their numbers.
    """
    captions = [button.text for button in buttons]
    for number, button in enumerate(buttons):
        same = captions.count(button.text) > 1
        yield (f"{button.text} #{number}" if same else button.text) if button.branches else button.data


def number_pressed(message: FunnelMessage, data: str) -> int | None:
    """The number of the pressed button if the funnel follows it; None for a tool's own."""
    for number, (button, known) in enumerate(zip(message.buttons, button_data(message.buttons), strict=True)):
        if button.branches and known == data:
            return number
    return None


def _button(button: FunnelButton, data: str | None) -> dict[str, str]:
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "data": data or button.text}


def _record_if_held(tx: Tx, customer: Customer, outbox_id: int) -> None:
    if customer.gate is not Gate.HELD:
        return
    record_outbound(tx, EventKind.OUTBOUND_HELD, outbound.parts_of(tx, outbox_id))
    holder = dialogs.active_of(tx, customer.id)
    if holder is not None:
        views.refresh_cards(tx, holder, counted=True)
