"""“Sent to Tom · #2”: said once the customer has it, at the manager's own message, with a way back while it is fresh.

What could not be delivered is told by `failure_notices` instead, so one message is never both.
"""

from datetime import timedelta

from holdline.dialogs.address import Address
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.delivery import album_parts, delivery_results, outbox
from holdline.store.tx import Row, Tx


def tell_sent(tx: Tx, message_ids: list[int]) -> None:
    """A small notice that goes away again; where the chat is busy it is left out rather than in the way."""
    if not tx.rules.undo_seconds:
        return
    written = delivery_results.messages_written_in_telegram(tx, message_ids)
    outbox.add(
        tx, [_notice(tx, row) for row in written if album_parts.is_first(tx, row["id"], row["album_id"])]
    )


def _notice(tx: Tx, row: Row) -> Outgoing:
    seconds, dialog_id = tx.rules.undo_seconds, row["dialog_id"]
    return Outgoing(
        to=Address(row["chat_id"], row["thread_id"]),
        key=f"undo:{row['id']}",
        item=DeskNotice(
            "desk_notices.sent_dialog" if dialog_id else "desk_notices.sent_general",
            {"name": row["customer_name"], "id": dialog_id},
            buttons=[
                [{"key": "desk_notices.undo_button", "data": button_data(DialogVerb.UNDO_MESSAGE, row["id"])}]
            ],
            reply_to_tg_id=row["tg_message_id"],
            vanish_seconds=seconds,
        ),
        dialog_id=dialog_id,
        rank=2,
        expires_at=tx.at + timedelta(seconds=seconds),
    )
