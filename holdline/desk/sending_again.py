"""A message that its customer could not get goes out once more."""

from holdline.desk.managers import allow
from holdline.desk.opening import refuse_if_active
from holdline.desk.replies import refuse_unless_active
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.store import dialogs, lanes, messages, outbox, parked
from holdline.store.tx import Tx


def send_again(tx: Tx, *, manager: Manager, item_id: int) -> bool:
    """Where it may be said now, as when it was written; False where somebody has sent it already."""
    allow(tx, manager, "reply.direct")
    item = parked.item(tx, item_id)
    if item is None:
        return False
    message = messages.by_id(tx, item["message_id"]) if item["message_id"] is not None else None
    if message is None:
        raise NotFound("message", item_id)
    if message.dialog_id is not None:
        refuse_unless_active(dialogs.locked(tx, message.dialog_id))
    else:
        lanes.locked_for_customer(tx, message.customer_id)
        refuse_if_active(tx, message.customer_id)
    for number in outbox.messages_of(tx, item):
        messages.set_fields(tx, number, status="queued")
    return parked.requeue(tx, item)
