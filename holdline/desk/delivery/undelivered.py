"""Messages that managers wrote while a customer could not be reached: once the customer is back, they are offered
again, at each message.
"""

from datetime import timedelta
from typing import Any

from holdline.dialogs.address import Address
from holdline.dialogs.customer import Customer
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.delivery import outbox, parked_messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import Row, Tx

OFFERED_FOR = timedelta(days=7)
"""Older messages are not offered again; `delivery.blocked` names this period."""


def offer_resend(tx: Tx, customer: Customer) -> None:
    """Offers each message that was not delivered, once per failed delivery. Nothing is sent by itself, because it may
    no longer be true.
    """
    waiting = parked_messages.list_written_in_telegram(tx, customer.id, since=tx.at - OFFERED_FOR)
    outbox.add(tx, [_offer(tx, customer, row) for row in waiting])


def _resend_button(tx: Tx, row: Row) -> dict[str, Any]:
    """The button that sends it where that is allowed now: in its own dialog, in the active one, or outside any."""
    active, own = dialogs.active_id(tx, row["customer_id"]), row["dialog_id"]
    if active is not None and active != own:
        data = button_data(DialogVerb.RESEND_MESSAGE, row["item_id"], active)
        return {"key": "manager.send_in", "words": {"id": active}, "data": data}
    outside = active is None and own is not None
    key = "manager.write_general" if outside else "desk_notices.send_again"
    return {"key": key, "data": button_data(DialogVerb.RESEND_MESSAGE, row["item_id"])}


def _offer(tx: Tx, customer: Customer, row: Row) -> Outgoing:
    return Outgoing(
        to=Address(row["chat_id"], row["thread_id"]),
        key=f"again:{row['item_id']}:{row['attempts']}",
        item=DeskNotice(
            "desk_notices.reachable_again",
            {"name": customer.name},
            buttons=[[_resend_button(tx, row)]],
            reply_to_tg_id=row["tg_message_id"],
        ),
        dialog_id=row["dialog_id"],
    )
