"""Confirms a delivered reply: a mark at the manager's own message and, for some seconds, a notice with Undo. Where
reactions are not allowed, “Sent to Tom · #2” confirms it alone.

`failure_notices` report what could not be delivered, so a message never gets both.
"""

from datetime import timedelta

from holdline.desk.notices.delivery_marks import mark_item, may_be_marked
from holdline.dialogs.address import Address
from holdline.dialogs.outbox.item import ASIDE
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.conversation import messages
from holdline.store.delivery import album_parts, chats, delivery_results, outbox
from holdline.store.tx import Row, Tx

READ_WITHIN = 10
"""How many seconds the notice stays if there is no Undo to offer."""


def confirm_sent(tx: Tx, message_ids: list[int]) -> None:
    """Adds a permanent mark and a short-lived notice; a busy group gets only the mark, once it has room."""
    written = delivery_results.messages_written_in_telegram(tx, message_ids)
    first_ones = [row for row in written if album_parts.is_first(tx, row["id"], row["album_id"])]
    outbox.add(tx, [item for row in first_ones for item in _confirmation(tx, row)])


def _confirmation(tx: Tx, row: Row) -> list[Outgoing]:
    """The mark, which stays, and the notice with Undo, which vanishes."""
    mark = [mark_item(tx, row)] if may_be_marked(tx, row) else []
    in_words = tx.rules.undo_seconds or not mark
    return [*mark, *([_notice(tx, row)] if in_words else [])]


def note_refused_mark(tx: Tx, item: Row, reason: str) -> None:
    """Records that a chat refuses our reactions; its confirmations are notices from then on, also for this message if
    the customer has it.
    """
    if "reaction" not in reason.lower():
        return
    chats.set_reactions_refused(tx, item["chat_id"], tx.at)
    state = messages.delivery_state(tx, item["message_id"])
    if state is not None and state["status"] == "sent":
        confirm_sent(tx, [item["message_id"]])


def _notice(tx: Tx, row: Row) -> Outgoing:
    undo_seconds, dialog_id = tx.rules.undo_seconds, row["dialog_id"]
    undo = {"key": "desk_notices.undo_button", "data": button_data(DialogVerb.UNDO_MESSAGE, row["id"])}
    seconds = undo_seconds or READ_WITHIN
    return Outgoing(
        to=Address(row["chat_id"], row["thread_id"]),
        key=f"undo:{row['id']}",
        item=DeskNotice(
            "desk_notices.sent_dialog" if dialog_id else "desk_notices.sent_general",
            {"name": row["customer_name"], "id": dialog_id},
            buttons=[[undo]] if undo_seconds else [],
            reply_to_tg_id=row["tg_message_id"],
            vanish_seconds=seconds,
        ),
        dialog_id=dialog_id,
        rank=ASIDE,
        expires_at=tx.at + timedelta(seconds=seconds),
    )
