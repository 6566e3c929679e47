"""Customers' messages and actions: they go to the active dialog if there is one, otherwise to the general chat."""

from dataclasses import replace
from typing import Literal

from holdline.desk.automation.ended_pauses import resume_by_answer
from holdline.desk.conversation.edits import edit_message
from holdline.desk.customers.buttons import dialog_id_in_question, mark_solved_button, update_pressed_message
from holdline.desk.customers.customers import answer_message, get_or_create_customer, store_original
from holdline.desk.dialogs.transitions import apply_close
from holdline.desk.funnels.answers import is_only_for_funnel, stop_by_word, take_if_only_for_funnel
from holdline.desk.notices.delivery_marks import reaction_key
from holdline.desk.record import record
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.closing import Closing
from holdline.dialogs.corrections import is_changed
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.decisions.inbox_items import arrival_at
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind, InboxArrival
from holdline.dialogs.funnels.answer_words import is_plain_answer
from holdline.dialogs.message import Content, Message
from holdline.dialogs.outbox.changes import DeliveryMark, Reaction
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import NotFound
from holdline.store.conversation import messages
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.delivery.albums import release_albums
from holdline.store.dialogs import dialogs, inbox_items
from holdline.store.people import customers
from holdline.store.tx import Row, Tx

SolvedAnswer = Literal["solved_thanks", "solved_before", "solved_other_open"]


def receive_customer_message(tx: Tx, *, sender: MessageSender, content: Content) -> int | None:
    """Stores the message and returns its id, or None if it is already stored. A message of a kind that Telegram does
    not let a bot forward is still shown to the desk as received, and the customer gets advice on what to do instead.
    """
    customer = get_or_create_customer(tx, sender=sender)
    dialog = dialogs.active_of(tx, customer.id) or resume_by_answer(tx, customer, content)
    if not content.is_passable:
        content = replace(content, album_id=None)
    if content.album_id is None:
        release_albums(tx, customer.id)
    if dialog is not None:
        message_id = _into_dialog(tx, customer, dialog, content)
    else:
        message_id = _outside_dialogs(tx, customer, content)
    if message_id is not None and not content.is_passable:
        key = f"kind_refused:{message_id}"
        answer_message(tx, customer, "customer.kind_refused", key=key, content=content)
    return message_id


def apply_customer_edit(tx: Tx, *, sender: MessageSender, content: Content) -> None:
    """Applies a customer's edit to the copies; history keeps the old text. An edit of an unknown message counts as a
    new message. A former manager cannot edit what they wrote as a manager.
    """
    customer = get_or_create_customer(tx, sender=sender)
    original = telegram_messages.find(tx, customer.address.chat_id, content.tg_message_id or 0)
    message = messages.by_id(tx, original["message_id"]) if original and original["message_id"] else None
    if message is None and original is None:
        receive_customer_message(tx, sender=sender, content=content)
    if message is None or not message.is_written_by_customer(customer.id):
        return
    if not is_changed(message.content, content):
        return
    edit_message(tx, customer.as_actor(), message, content)
    _show_edited_answer(tx, customer, message.id)


def apply_former_customer_edit(tx: Tx, *, sender: MessageSender, content: Content) -> bool:
    """For a manager who was a customer before: returns whether they wrote that message as a customer; applies the edit
    if so.
    """
    original = telegram_messages.find(tx, sender.telegram_id, content.tg_message_id or 0)
    if original is None or original["audience"] != Audience.CUSTOMER:
        return False
    apply_customer_edit(tx, sender=sender, content=content)
    return True


def mirror_customer_reaction(tx: Tx, *, telegram_id: int, tg_message_id: int, emoji: str | None) -> None:
    """Shows the customer's reaction at the manager's own message and at every other copy."""
    here = {"chat_id": telegram_id, "tg_message_id": tg_message_id}
    mirror_reaction(tx, reader=Audience.CUSTOMER, emoji=emoji, **here)


def mirror_reaction(tx: Tx, *, reader: Audience, chat_id: int, tg_message_id: int, emoji: str | None) -> bool:
    """Shows the reaction at the other copies of the message; each chat shows only the newest one. Returns whether that
    message is one of ours that `reader` reads.
    """
    target = telegram_messages.resolve_target(tx, chat_id, tg_message_id)
    if target is None or target["message_id"] is None or target["audience"] != reader:
        return False
    for copy in telegram_messages.of_message(tx, target["message_id"]):
        if copy["chat_id"] == chat_id or copy["part"]:
            continue
        audience = Audience(copy["audience"])
        mark = reaction_key(copy["chat_id"], copy["tg_message_id"])
        outbox.withdraw(tx, mark)
        outbox.add(
            tx,
            [
                Outgoing(
                    to=Address(copy["chat_id"]),
                    item=_reaction_or_mark(copy, emoji),
                    audience=audience,
                    key=f"{mark}:{tx.at.timestamp():.6f}",
                    message_id=target["message_id"],
                    collapse_key=mark,
                )
            ],
        )
    return True


def _reaction_or_mark(copy: Row, emoji: str | None) -> Reaction | DeliveryMark:
    """The reaction to show. If the customer removed theirs, the delivery mark returns to the manager's own message."""
    is_marked = copy["role"] == "original" and copy["audience"] == Audience.DESK
    if emoji is None and is_marked:
        return DeliveryMark(copy["tg_message_id"])
    return Reaction(copy["tg_message_id"], emoji)


def _into_dialog(tx: Tx, customer: Customer, dialog: Dialog, content: Content) -> int | None:
    fields = {"dialog_id": dialog.id, "status": _status(content)}
    message = store_original(tx, customer, content, fields)
    if message is None:
        return None
    wrote = Event(EventKind.CUSTOMER_WROTE, customer.as_actor(), customer.id, dialog.id)
    record(tx, [replace(wrote, before=dialog, message=message)])
    return message.id


def _outside_dialogs(tx: Tx, customer: Customer, content: Content) -> int | None:
    """Stores the message in the general chat. A muted customer's is only kept; its stop word still ends funnels. Words
    for a funnel alone make no Inbox item.
    """
    if customer.mute is not None:
        kept = store_original(tx, customer, content, {"status": _status(content)})
        if kept is None:
            return None
        messages.set_fields(tx, kept.id, muted=1)
        stop_by_word(tx, kept)
        return kept.id
    if is_only_for_funnel(tx, customer, content):
        kept = store_original(tx, customer, content, {"status": _status(content)})
        if kept is None or take_if_only_for_funnel(tx, kept):
            return kept.id if kept is not None else None
        arrival = _arrival(tx, customer)
        messages.set_fields(tx, kept.id, inbox_item_id=arrival.item_id)
        return _into_inbox(tx, customer, kept, arrival)
    arrival = _arrival(tx, customer)
    fields = {"status": _status(content), "inbox_item_id": arrival.item_id}
    message = store_original(tx, customer, content, fields)
    return _into_inbox(tx, customer, message, arrival) if message is not None else None


def _show_edited_answer(tx: Tx, customer: Customer, message_id: int) -> None:
    """Puts an answer to a funnel that was kept from the Inbox into it, once an edit makes more of it."""
    edited = messages.by_id(tx, message_id)
    if (
        edited is None
        or is_plain_answer(edited.content.text)
        or not messages.is_kept_from_desk(tx, message_id)
    ):
        return
    if customer.mute is None and dialogs.active_id(tx, customer.id) is None:
        arrival = _arrival(tx, customer)
        messages.set_fields(tx, message_id, inbox_item_id=arrival.item_id)
        _into_inbox(tx, customer, edited, arrival)


def _arrival(tx: Tx, customer: Customer) -> InboxArrival:
    """The Inbox item that the next message joins; a new one if none can be continued."""
    item = inbox_items.lock_new(tx, customer.id) or inbox_items.lock_newest(tx, customer.id)
    return arrival_at(item) or InboxArrival(inbox_items.insert(tx, customer.id), is_first=True)


def _into_inbox(tx: Tx, customer: Customer, message: Message, arrival: InboxArrival) -> int:
    inbox_items.add_message(tx, arrival.item_id, message.id)
    if arrival.returns:
        inbox_items.reopen(tx, arrival.item_id)
    wrote = Event(EventKind.CUSTOMER_WROTE, customer.as_actor(), customer.id)
    record(tx, [replace(wrote, message=message, arrival=arrival)])
    return message.id


def _status(content: Content) -> str:
    return "received" if content.is_passable else "refused"


def close_as_solved(
    tx: Tx, *, sender: MessageSender, dialog_id: int, tg_message_id: int | None = None
) -> SolvedAnswer:
    """The customer says the question is solved: closes that dialog if it is still open and belongs to them. Creates no
    customer, because the button's data may be forged. A button of an earlier dialog never closes a later one.
    """
    customer = customers.load_locked(tx, sender.telegram_id)
    if customer is None:
        return "solved_before"
    if _close_if_open(tx, customer, dialog_id):
        update_pressed_message(tx, customer, tg_message_id, ["customer.solved_thanks"])
        return "solved_thanks"
    other = dialog_id_in_question(tx, customer.id)
    answer: SolvedAnswer = "solved_before" if other is None else "solved_other_open"
    buttons = [[mark_solved_button(other)]] if other is not None else []
    update_pressed_message(tx, customer, tg_message_id, [f"customer.{answer}"], buttons=buttons)
    return answer


def _close_if_open(tx: Tx, customer: Customer, dialog_id: int) -> bool:
    try:
        dialog = dialogs.by_id(tx, dialog_id)
    except NotFound:
        return False
    if dialog.customer_id != customer.id or dialog.state == "closed":
        return False
    apply_close(tx, customer.as_actor(), dialog, Closing())
    return True
