"""What managers wrote while a customer could not be reached: offered again, at each message, once they are back."""

from datetime import timedelta

from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outgoing import Outgoing
from holdline.store import outbox, parked
from holdline.store.tx import Row, Tx

OFFERED = 10
STILL_TRUE = timedelta(days=7)
"""Words older than this have had their time."""


def offer_again(tx: Tx, customer: Customer) -> None:
    """Nothing goes out by itself: what was true then may not be now."""
    waiting = parked.written_in_telegram(tx, customer.id, since=tx.at - STILL_TRUE, limit=OFFERED)
    outbox.add(tx, [_offer(tx, customer, row) for row in waiting])


def _offer(tx: Tx, customer: Customer, row: Row) -> Outgoing:
    button = {"key": "desk_notices.send_again", "data": f"again:{row['item_id']}"}
    return Outgoing(
        chat_id=row["chat_id"],
        kind="desk_notice",
        class_=MessageClass.DESK,
        audience=Audience.DESK,
        key=f"again:{row['item_id']}:{tx.at.timestamp():.6f}",
        payload={
            "key": "desk_notices.reachable_again",
            "words": {"name": customer.name},
            "buttons": [[button]],
            "reply_to_tg_id": row["tg_message_id"],
            "thread_id": row["thread_id"],
        },
        dialog_id=row["dialog_id"],
    )
