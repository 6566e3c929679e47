"""Notices of what could not be sent: at the message itself if it was written in Telegram, otherwise in the places of
its dialog.
"""

from datetime import timedelta
from typing import Any

from holdline.desk.conversation.approved_replies import find_resenders
from holdline.desk.notices.content_label import ContentLabel, content_label
from holdline.desk.notices.delivery_marks import mark_messages
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.item import ALARM_DAYS
from holdline.dialogs.outbox.kinds import kind_of
from holdline.dialogs.outbox.messages import DeskNotice, RatingForm
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.conversation import messages
from holdline.store.delivery import outbox
from holdline.store.dialogs import places
from holdline.store.people import customers, managers
from holdline.store.tx import Row, Tx
from holdline.telegram.refusal_reasons import reason_text

QUOTE_LIMIT = 100


def notify(tx: Tx, item: Row, key: str, *, reason: str) -> None:
    """Sends one notice to the first of these that exists: the manager's own message, the dialog's places, the author.
    If not at the message itself, the notice names what was not delivered and has no button. If an approved reply
    was lost, the managers who may send it again are notified too.
    """
    if item["class"] in {"funnel", "broadcast", "smart_reply"}:
        return  # counted with its source; no manager wrote it
    if item["audience"] == Audience.DESK:
        notify_place(tx, item, "delivery.not_shown", reason=reason)
        return
    message = messages.by_id(tx, item["message_id"]) if item["message_id"] is not None else None
    resenders = find_resenders(tx, message.id) if message is not None else []
    lost = key.replace("delivery.", "delivery.lost_", 1)
    words = {"reason": reason, "name": _reader(tx, item), "what": _label_of_lost(item, message)}
    if message is not None and _is_written_in_telegram(message):
        notified = _notify_at(tx, item, message, key, reason=reason, may_resend=not resenders)
    else:
        notified = _notify_dialog(tx, item, lost, words)
        if not notified and message is not None:
            notified = _notify_author(tx, item, message, lost, words)
    if any(chat_id < 0 for chat_id in notified):
        return  # the staff group has read it
    for manager in resenders:
        if manager.telegram_id not in notified:
            _notice(tx, item, manager.telegram_id, lost, words, where=_retry(item, key))


def _notify_at(tx: Tx, item: Row, message: Message, key: str, *, reason: str, may_resend: bool) -> set[int]:
    """Replies to the manager's original message, in its topic. In a group others may press the button too."""
    content = message.content
    assert content.chat_id is not None
    retry = _retry(item, key) if may_resend or content.chat_id < 0 else {}
    where = {"reply_to_tg_id": content.tg_message_id, "thread_id": content.thread_id, **retry}
    _notice(tx, item, content.chat_id, key, {"reason": reason}, where=where)
    mark_messages(tx, [message.id])
    return {content.chat_id}


def _retry(item: Row, key: str) -> dict[str, Any]:
    """The 🔁 button for a message that did not arrive; none for a refused change and for a message that was taken back,
    which have nothing to send again.
    """
    if key in ("delivery.change_refused", "delivery.taken_back"):
        return {}
    data = button_data(DialogVerb.RESEND_MESSAGE, item["id"])
    return {"buttons": [[{"key": "desk_notices.send_again", "data": data}]]}


def notify_place(tx: Tx, item: Row, key: str, *, reason: str) -> None:
    """Notifies the place in which the item itself should have been."""
    if item["place_id"] is not None:
        _notice(tx, item, item["chat_id"], key, {"reason": reason}, where={"place_id": item["place_id"]})
    else:
        where = {"thread_id": item["payload_json"].get("thread_id")}
        _notice(tx, item, item["chat_id"], key, {"reason": reason}, where=where)


def notify_administrators(tx: Tx, key: str, item: Row, *, reason: str, **words: Any) -> None:
    """Notifies the administrators in their own chats, for problems that belong to no dialog."""
    for manager in managers.list_permitted(tx, Act.EDIT_PEOPLE):
        if manager.telegram_id != item["chat_id"]:
            _notice(tx, item, manager.telegram_id, key, {"reason": reason, **words}, where={"alarm": True})


def _notify_dialog(tx: Tx, item: Row, key: str, words: dict[str, Any]) -> set[int]:
    dialog_places = places.of_dialog(tx, item["dialog_id"]) if item["dialog_id"] is not None else []
    for place in dialog_places:
        _notice(tx, item, place["chat_id"], key, words, where={"place_id": place["id"]})
    return {place["chat_id"] for place in dialog_places}


def _notify_author(tx: Tx, item: Row, message: Message, key: str, words: dict[str, Any]) -> set[int]:
    author = managers.by_id(tx, message.manager_id) if message.manager_id is not None else None
    if author is None:
        return set()
    _notice(tx, item, author.telegram_id, key, words)
    return {author.telegram_id}


def _reader(tx: Tx, item: Row) -> str:
    customer = customers.by_id(tx, item["customer_id"]) if item["customer_id"] is not None else None
    return customer.name if customer else str(item["chat_id"])


def _label_of_lost(item: Row, message: Message | None) -> ContentLabel:
    """What was not delivered, as a label that each reader gets in their language."""
    if kind_of(item) is RatingForm:
        return {"key": "delivery.what_rating_form"}
    if message is None:
        return {"key": "delivery.what_automatic"}
    return content_label(message.content, most=QUOTE_LIMIT)


def _is_written_in_telegram(message: Message) -> bool:
    content = message.content
    return message.author_kind == "manager" and None not in (content.chat_id, content.tg_message_id)


def _notice(
    tx: Tx, item: Row, chat_id: int, key: str, words: dict[str, Any], *, where: dict[str, Any] | None = None
) -> None:
    """Adds a notice. `where`: place_id, or reply_to_tg_id and thread_id, or alarm; and the buttons, if any."""
    about = dict(where or {})
    place_id, thread_id = about.pop("place_id", None), about.pop("thread_id", None)
    if "reason" in words:
        words = {**words, "reason": reason_text(words["reason"])}
    may_repeat = "reply_to_tg_id" in about or "buttons" in about
    again = f":{item['attempts']}" if may_repeat else ""  # sent again: notified again
    notice = DeskNotice(key, {"dialog": item["dialog_id"] or 0, **words}, **about)
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(chat_id, thread_id),
                item=notice,
                key=f"{key}:{item['id']}:{chat_id}{again}",
                dialog_id=item["dialog_id"],
                place_id=place_id,
                expires_at=tx.at + timedelta(days=ALARM_DAYS) if notice.alarm else None,
            )
        ],
    )
