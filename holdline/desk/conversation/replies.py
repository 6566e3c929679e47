"""Managers' replies to customers: who may write where, and one outbox item for each part."""

from dataclasses import dataclass, replace
from typing import Any

from holdline.desk.dialogs.assignment import require_may_take_over
from holdline.desk.dialogs.inbox_items import mark_answered
from holdline.desk.dialogs.opening import refuse_if_active
from holdline.desk.notices import albums
from holdline.desk.people.managers import require_active, require_permission
from holdline.desk.reading.customer_history import offer_history
from holdline.desk.record import record
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions import conversation as rules
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import WITH_HISTORY, Content, Message
from holdline.dialogs.outbox.messages import MessagePart
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act, is_allowed, require_allowed
from holdline.dialogs.text.person_links import people_in
from holdline.store.conversation import messages
from holdline.store.delivery import chats, merging, outbox, telegram_messages
from holdline.store.delivery.albums import release_albums
from holdline.store.dialogs import dialogs
from holdline.store.people import customers, managers
from holdline.store.tx import Tx
from holdline.telegram.parts import parts_needed


@dataclass(frozen=True, slots=True)
class Crossing:
    """`seen`: the customer's newest message that the author has seen, or None if not stated. `anyway`: the author was
    asked already and wants to send it all the same.
    """

    seen: int | None = None
    anyway: bool = False


NOT_ASKED = Crossing()


@dataclass(frozen=True, slots=True)
class Origin:
    """The manager's message in Telegram; results are shown there. `dialog_chosen`: chosen by a button."""

    chat_id: int
    tg_message_id: int
    thread_id: int | None = None
    dialog_chosen: bool = False

    @classmethod
    def of(cls, content: Content, *, dialog_chosen: bool = False) -> "Origin | None":
        """None if the words were not typed in Telegram."""
        if content.chat_id is None or content.tg_message_id is None:
            return None
        return cls(content.chat_id, content.tg_message_id, content.thread_id, dialog_chosen)

    @property
    def where(self) -> tuple[int, int | None]:
        return self.chat_id, self.thread_id


def write_in_dialog(
    tx: Tx,
    *,
    manager: Manager,
    dialog_id: int,
    content: Content,
    origin: Origin | None = None,
    crossing: Crossing = NOT_ASKED,
) -> Message:
    """Sends a reply in an active dialog. Refused otherwise: dialog_paused, dialog_closed, or newer_message if the
    customer has written since the message that the author had seen.
    """
    require_permission(tx, manager, Act.REPLY)
    require_sayable(tx, manager, content, typed=origin is not None)
    dialog = dialogs.load_locked(tx, dialog_id)
    rules.refuse_unless_active(dialog)
    refuse_crossing(tx, crossing, dialog_id=dialog.id)
    require_may_take_over(tx, manager, dialog)
    customer = customers.load(tx, dialog.customer_id)
    return send_reply(tx, manager, customer, dialog, content=content, origin=origin)


def write_in_general(
    tx: Tx,
    *,
    manager: Manager,
    customer_id: int,
    content: Content,
    origin: Origin | None = None,
    anyway: bool = False,
) -> Message:
    """Sends a reply in the general chat. Refused with active_dialog_exists if the customer has an active dialog. If
    typed in Telegram just after a colleague's answer, refused with answered_just_now unless `anyway`.
    """
    _require_reply_in_general(tx, manager, customer_id)
    require_sayable(tx, manager, content, typed=origin is not None)
    customer = customers.load(tx, customer_id)
    chats.lock_for_customer(tx, customer_id)
    refuse_if_active(tx, customer_id)
    if origin is not None and not anyway:
        _refuse_if_answered_just_now(tx, manager, customer)
    mark_answered(tx, manager=manager, customer_id=customer_id)
    return send_reply(tx, manager, customer, None, content=content, origin=origin)


def _require_reply_in_general(tx: Tx, manager: Manager, customer_id: int) -> None:
    """A manager who may only write drafts gets this refusal first, because a draft is possible in the active dialog."""
    acting = require_active(tx, manager)
    if not is_allowed(acting, Act.REPLY) and is_allowed(acting, Act.WRITE_DRAFT):
        refuse_if_active(tx, customer_id)
    require_allowed(acting, Act.REPLY)


def require_sayable(tx: Tx, manager: Manager, content: Content, *, typed: bool) -> None:
    """Refuses a text that may not reach a customer at all; every path to a customer calls this."""
    rules.require_sayable(manager, content, typed=typed, whose_account=_account_in(tx, content))


def refuse_account(tx: Tx, manager: Manager, content: Content) -> None:
    """Refuses an edit that would show the customer the account of a manager."""
    rules.refuse_account(manager, content, _account_in(tx, content))


def _account_in(tx: Tx, content: Content) -> Manager | None:
    """The manager whose contact it is, or to whom a link in the text leads. Hidden links are left out when sent."""
    card = content.data.get("user_id") if content.kind == "contact" else None
    people = [card] if card is not None else people_in(content.text)
    return next((found for person in people if (found := managers.by_telegram_id(tx, person))), None)


def _refuse_if_answered_just_now(tx: Tx, manager: Manager, customer: Customer) -> None:
    """Runs under the customer's lock: if two managers answer at the same moment, one reply goes out and the other
    manager is asked.
    """
    answers = messages.answers_since_customer(tx, customer.id, after=tx.at - rules.JUST_NOW)
    rules.refuse_if_answered_just_now(answers, customer, by=manager)


def send_reply(
    tx: Tx,
    manager: Manager,
    customer: Customer,
    dialog: Dialog | None,
    *,
    content: Content,
    origin: Origin | None,
) -> Message:
    if content.album_id is None:
        release_albums(tx, customer.id)
    dialog_id = dialog.id if dialog else None
    message = _store_reply(
        tx,
        manager,
        customer,
        dialog_id,
        content=content,
        dialog_chosen=origin is not None and origin.dialog_chosen,
    )
    message_id = message.id
    if origin is not None:
        links: dict[str, Any] = {
            "message_id": message_id,
            "customer_id": customer.id,
            "dialog_id": dialog_id,
        }
        original = (origin.chat_id, origin.tg_message_id)
        if not telegram_messages.add(tx, *original, "original", audience=Audience.DESK, **links):
            telegram_messages.relink_original(tx, *original, **links)
    enqueue_message(tx, customer, message)
    if dialog_id is not None and content.data.get(WITH_HISTORY):
        offer_history(tx, customer, message=message)
    event = Event(EventKind.REPLY_GIVEN, manager.as_actor(), customer.id, dialog_id, content.text)
    data = {"message_id": message_id, "kind": content.kind}
    where = origin.where if origin else None
    record(tx, [replace(event, data=data, before=dialog, message=message, typed_in=where)])
    return message


def _store_reply(
    tx: Tx,
    manager: Manager,
    customer: Customer,
    dialog_id: int | None,
    *,
    content: Content,
    dialog_chosen: bool,
) -> Message:
    fields = {
        "customer_id": customer.id,
        "dialog_id": dialog_id,
        "direction": "out",
        "class_": MessageClass.MANAGER.value,
        "author_kind": "manager",
        "manager_id": manager.id,
        "reply_to_id": _reply_target_id(tx, content),
        "status": "queued",
        "dialog_chosen": int(dialog_chosen),
    }
    return messages.insert(tx, fields, content)


def enqueue_message(tx: Tx, customer: Customer, message: Message) -> None:
    """Puts the stored message into the outbox for the customer, part by part; the messages of an album wait for one
    another.
    """
    parts = parts_needed(message.content, has_header=False)
    items = [
        Outgoing(
            to=customer.address,
            item=MessagePart(part, parts),
            class_=MessageClass(message.class_),
            audience=Audience.CUSTOMER,
            key=f"message:{message.id}:{part}",
            customer_id=customer.id,
            dialog_id=message.dialog_id,
            message_id=message.id,
        )
        for part in range(parts)
    ]
    if message.content.album_id is None:
        outbox.add(tx, items)
    else:
        albums.gather(tx, items[0], album_id=message.content.album_id)


def refuse_crossing(tx: Tx, crossing: Crossing, *, dialog_id: int) -> None:
    """Checks only authors who state what they have seen."""
    if crossing.seen is not None:
        newest = messages.newest_of_customer(tx, dialog_id)
        rules.refuse_crossing(crossing.seen, newest, anyway=crossing.anyway)


def _reply_target_id(tx: Tx, content: Content) -> int | None:
    if content.reply_to_tg_id is None or content.chat_id is None:
        return None
    target = telegram_messages.resolve_target(tx, content.chat_id, content.reply_to_tg_id)
    if target is None or "quote" not in content.data:
        return target["message_id"] if target else None
    quoted = (
        line.id
        for line in merging.older_lines(tx, target)
        if content.data["quote"]["text"] in line.content.text
    )
    return next(quoted, target["message_id"])
