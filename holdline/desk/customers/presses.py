"""Presses of an outside tool's buttons: stored for the tool and answered quietly; the desk is not asked."""

from holdline.desk.funnels.press_verdicts import enrolment_pressed, verdict_of_press
from holdline.desk.record import record
from holdline.dialogs.audience import Audience
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.gate import MARKETING
from holdline.dialogs.message import Message
from holdline.dialogs.outside_buttons import data_of_press
from holdline.dialogs.verbs import CustomerVerb, verb_of
from holdline.store.broadcasts import button_presses
from holdline.store.conversation import messages
from holdline.store.delivery import presses, telegram_messages
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say


def is_outside_message(tx: Tx, *, telegram_id: int, chat_id: int, tg_message_id: int, data: str) -> bool:
    """Whether a press there belongs to an outside tool, whatever its data says; our own buttons excepted. Raises
    MessageIdUnknownYet if it may be the message being sent now.
    """
    message = _outside_message(tx, chat_id, tg_message_id) if chat_id == telegram_id else None
    return message is not None and not _is_own_button(message, data)


def record_button_press(tx: Tx, *, telegram_id: int, tg_message_id: int, data: str) -> str | None:
    """Stores the press with the tool's own data; ignores a button that the message does not have. Returns the answer to
    the customer if a funnel is concerned.
    """
    message = _outside_message(tx, telegram_id, tg_message_id)
    customer = customers.load_locked(tx, telegram_id)
    if message is None or customer is None:
        return None
    item = presses.outbox_id_of_message(tx, telegram_id, message.id)
    pressed = data_of_press(message.content.data.get("buttons", []), data)
    if item is None or pressed is None:
        return None
    before = enrolment_pressed(tx, customer.id, outbox_id=item, data=pressed)
    button_presses.add_tally(tx, outbox_id=item, data=pressed)
    presses.add(tx, outbox_id=item, customer_id=customer.id, data=pressed)
    details = {"outbox_id": item, "data": pressed}
    record(tx, [Event(EventKind.BUTTON_PRESSED, customer.as_actor(), customer.id, data=details)])
    verdict = verdict_of_press(tx, message, outbox_id=item, data=pressed, before=before)
    return say(f"customer.{verdict}", customer.language) if verdict else None


def _outside_message(tx: Tx, chat_id: int, tg_message_id: int) -> Message | None:
    target = telegram_messages.resolve_target(tx, chat_id, tg_message_id)
    if target is None or target["message_id"] is None or target["audience"] != Audience.CUSTOMER:
        return None
    message = messages.by_id(tx, target["message_id"])
    return message if message is not None and message.class_ in MARKETING else None


def _is_own_button(message: Message, data: str) -> bool:
    """Whether it is our own button: the way out of marketing, or one under an automatic answer, in which an outside
    tool has no say.
    """
    if verb_of(data) is CustomerVerb.CHOOSE_OFFERS:
        return data_of_press(message.content.data.get("buttons", []), data) is None
    rows = message.content.data.get("own_buttons") or []
    return any(button["data"] == data for row in rows for button in row)
