"""Where an item is sent: its place, its thread, its reader's language, what it replies to."""

from dataclasses import dataclass, replace
from typing import Any

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.retry_notes import RetryNotes
from holdline.dialogs.text.person_links import person_behind
from holdline.store.conversation import messages
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import places
from holdline.store.people import customers, managers
from holdline.store.tx import Row, Tx

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """`has_header`: every message there names its dialog, because no topic does."""

    address: Address
    language: str
    place: Row | None = None

    @property
    def has_header(self) -> bool:
        return self.place is not None and self.address.thread_id is None

    def target(self) -> Params:
        """Chat and thread as parameters."""
        aim: Params = {"chat_id": self.address.chat_id}
        if self.address.thread_id is not None:
            aim["message_thread_id"] = self.address.thread_id
        return aim


def render_context_of(tx: Tx, item: Row) -> RenderContext:
    """A place that has ended is replaced by the one that is live in the same chat."""
    place = places.by_id(tx, item["place_id"]) if item["place_id"] is not None else None
    if place is not None and not place["live"]:
        place = places.find_live(tx, place["chat_id"], place["dialog_id"]) or place
    in_topic = place is not None and place["mode"] == "topic"
    thread = place["thread_id"] if in_topic and place is not None else item["payload_json"].get("thread_id")
    return RenderContext(Address(item["chat_id"], thread), language_of(tx, item), place)


def language_of(tx: Tx, item: Row) -> str:
    """The customer's or manager's language, or else the desk's."""
    language = item["payload_json"].get("language")
    if language:
        return str(language)
    customer = customer_of(tx, item) if item["audience"] == Audience.CUSTOMER else None
    if customer is not None:
        return customer.language
    manager = managers.by_telegram_id(tx, item["chat_id"]) if item["chat_id"] > 0 else None
    return manager.language if manager else tx.rules.language


def customer_of(tx: Tx, item: Row) -> Customer | None:
    return customers.by_id(tx, item["customer_id"]) if item["customer_id"] is not None else None


def message_of(tx: Tx, item: Row) -> Message | None:
    message = messages.by_id(tx, item["message_id"]) if item["message_id"] is not None else None
    return as_sendable(item, message) if message is not None else None


def as_sendable(item: Row, message: Message) -> Message:
    """A deleted original is treated as protected, because it cannot be copied."""
    if not RetryNotes.of(item).by_file:
        return message
    content = replace(message.content, data={**message.content.data, "protected": True})
    return replace(message, content=content)


def reply_to(tg_message_id: int | None) -> Params:
    """The message is sent even if the message it replies to is gone."""
    if not tg_message_id:
        return {}
    return {"reply_parameters": {"message_id": tg_message_id, "allow_sending_without_reply": True}}


def reply_of(tx: Tx, item: Row, message: Message, context: RenderContext) -> Params:
    """The copy that the message replies to in this chat and thread; nothing if there is none."""
    if message.reply_to_id is None:
        return {}
    copy = _copy_here(tx, message.reply_to_id, context)
    if copy is None:
        return {}
    params = reply_to(copy["tg_message_id"])
    params["reply_parameters"].update(_quote(tx, item, message, copy))
    return params


def reply_target_of(tx: Tx, item: Row, message: Message, context: RenderContext) -> Params:
    """The first part replies to what its author replied to. A part added by an edit or after a caption replies to the
    first part.
    """
    if item["payload_json"].get("part", 0) == 0:
        return reply_of(tx, item, message, context)
    apart = item["payload_json"].get("added") or message.content.kind != "text"
    first = _copy_here(tx, message.id, context) if apart else None
    return reply_to(first["tg_message_id"]) if first else {}


def is_answered_here(tx: Tx, message: Message, context: RenderContext) -> bool:
    """Whether the message it replies to is in the same place, so that Telegram shows the reply."""
    return message.reply_to_id is not None and _copy_here(tx, message.reply_to_id, context) is not None


def _copy_here(tx: Tx, message_id: int, context: RenderContext) -> Row | None:
    """The copy in the same place, because Telegram refuses a reply across topics."""
    copies = [
        row
        for row in telegram_messages.of_message(tx, message_id)
        if row["chat_id"] == context.address.chat_id
    ]
    if context.place is None:
        return copies[0] if copies else None
    return next((row for row in copies if _stands_in(tx, row, context)), None)


def _stands_in(tx: Tx, copy: Row, context: RenderContext) -> bool:
    """Copies store their place. A manager's own message stores its thread."""
    if copy["role"] != "original":
        return context.place is not None and copy["place_id"] == context.place["id"]
    original = messages.by_id(tx, copy["message_id"])
    return original is not None and original.content.thread_id == context.address.thread_id


def _quote(tx: Tx, item: Row, message: Message, copy: Row) -> Params:
    """The quoted passage. Telegram refuses a quote that it does not find, so a retry goes without it."""
    quote = message.content.data.get("quote")
    quoted = messages.by_id(tx, copy["message_id"]) if quote and not item["attempts"] else None
    if not quote or quoted is None or copy["part"] or quote["text"] not in quoted.content.text:
        return {}
    params: Params = {"quote": quote["text"]}
    if entities := [entity for entity in quote.get("entities", ()) if person_behind(entity) is None]:
        params["quote_entities"] = entities  # Telegram finds the passage by its styles only
    return params
