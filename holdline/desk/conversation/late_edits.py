"""Notices about late edits: a customer changed a message already answered, or of a closed dialog. The notice
stands at their copies and quotes the old words.
"""

from typing import Any

from holdline.desk.notices.content_label import content_label
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.event import Event
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import messages
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import Row, Tx

QUOTE_LIMIT = 500


def notify_of_late_edit(tx: Tx, event: Event) -> None:
    """Tells the desk once after each answer and once after the close, because the words that it has read are no longer
    shown.
    """
    before, dialog_id = event.message, event.dialog_id
    if before is None or event.actor.kind != "customer":
        return
    closed = dialog_id is not None and dialogs.by_id(tx, dialog_id).state == "closed"
    answer_id = messages.last_answer_after(tx, before)
    if not closed and answer_id is None:
        return
    key = "desk_notices.edited_after_close" if closed else "desk_notices.edited_after_answer"
    words = {
        "name": event.actor.name,
        "id": dialog_id,
        "what": content_label(before.content, most=QUOTE_LIMIT),
    }
    cause = f"{before.id}:{'close' if closed else answer_id}"
    for copy in _read_by_desk(tx, before.id, dialog_id):
        outbox.add(tx, [_notice(copy, key, words, cause=cause)])


def _read_by_desk(tx: Tx, message_id: int, dialog_id: int | None) -> list[Row]:
    """The message's copies in its dialog, or all its copies for the desk (cards of the Inbox) if it has none there."""
    copies = [
        copy
        for copy in telegram_messages.of_message(tx, message_id)
        if copy["audience"] == Audience.DESK and copy["role"] == "copy" and not copy["part"]
    ]
    return [copy for copy in copies if dialog_id is not None and copy["dialog_id"] == dialog_id] or copies


def _notice(copy: Row, key: str, words: dict[str, Any], *, cause: str) -> Outgoing:
    return Outgoing(
        to=Address(copy["chat_id"]),
        item=DeskNotice(key, words, reply_to_tg_id=copy["tg_message_id"]),
        key=f"late_edit:{cause}:{copy['chat_id']}:{copy['tg_message_id']}",
        dialog_id=copy["dialog_id"],
        place_id=copy["place_id"],
    )
