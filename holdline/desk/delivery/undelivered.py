"""Messages that managers wrote while a customer could not be reached: once the customer is back, they are offered
again, at each message.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from holdline.desk.conversation.approved_replies import find_resenders
from holdline.desk.delivery.failure_notices import QUOTE_LIMIT
from holdline.desk.notices.content_label import content_label
from holdline.dialogs.address import Address
from holdline.dialogs.customer import Customer
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.conversation import messages
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
    outbox.add(tx, [offer for row in waiting for offer in _offers(tx, customer, row)])


def _offers(tx: Tx, customer: Customer, row: Row) -> list[Outgoing]:
    """The author gets it; the approver does if the author may not press its button. A group is notified once."""
    resenders = [] if row["chat_id"] < 0 else find_resenders(tx, row["message_id"])
    if not resenders:
        return [_offer(tx, customer, row)]
    to_author = replace(_offer(tx, customer, row), item=_notice_to_author(customer, row))
    return [to_author, *(_offer_to_approver(tx, customer, row, manager) for manager in resenders)]


def _notice_to_author(customer: Customer, row: Row) -> DeskNotice:
    key, words = "desk_notices.reachable_again_told", {"name": customer.name}
    return DeskNotice(key, words, reply_to_tg_id=row["tg_message_id"])


def _offer_to_approver(tx: Tx, customer: Customer, row: Row, manager: Manager) -> Outgoing:
    message = messages.by_id(tx, row["message_id"])
    assert message is not None
    words = {"name": customer.name, "what": content_label(message.content, most=QUOTE_LIMIT)}
    return Outgoing(
        to=Address(manager.telegram_id),
        key=f"again:{row['item_id']}:{row['attempts']}:{manager.id}",
        item=DeskNotice("desk_notices.reachable_again_approved", words, buttons=[[_resend_button(tx, row)]]),
        dialog_id=row["dialog_id"],
    )


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
