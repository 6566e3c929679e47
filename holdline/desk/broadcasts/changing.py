"""Edits or deletes messages already sent, one recipient after another, while Telegram lets a bot do so."""

from holdline.desk.broadcasts.messages import content_for
from holdline.desk.broadcasts.moves import cancel_broadcast
from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of
from holdline.desk.conversation.edits import edit_message
from holdline.desk.notices.copy_edits import removal_item
from holdline.dialogs.audience import Audience
from holdline.dialogs.broadcasts.broadcast import (
    CHANGEABLE_FOR,
    Broadcast,
    BroadcastUnchangeable,
    BroadcastVerb,
)
from holdline.dialogs.broadcasts.content import BroadcastContent, refuse_unsendable_content, with_other_words
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.text.richtext import RichText
from holdline.store.broadcasts import broadcasts, cards, recipient_lists, recipients
from holdline.store.broadcasts.recipient_lists import ReachedRecipient
from holdline.store.conversation import messages
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.people import customers
from holdline.store.tx import Tx

CHANGED_AT_ONCE = 10


def edit_broadcast(tx: Tx, *, broadcast_id: int, words: list[RichText]) -> BroadcastProgress:
    """Changes the words; `words` has those of each variant. Customers who wait get the new words, and messages already
    sent are edited.
    """
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    content = with_other_words(broadcast.content, words)
    refuse_unsendable_content(content)
    if broadcasts.change_of(tx, broadcast_id)[0] == "delete":
        raise BroadcastUnchangeable(broadcast_id, "being_deleted")
    if broadcast.deleted_at is not None:
        raise BroadcastUnchangeable(broadcast_id, "deleted")
    return _begin(tx, broadcast, "edit", content)


def delete_sent(tx: Tx, *, broadcast_id: int) -> BroadcastProgress:
    """Deletes the messages already sent; customers who still wait get none."""
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    if BroadcastVerb.CANCEL in broadcast.allowed:
        cancel_broadcast(tx, broadcast_id=broadcast_id)
    return _begin(tx, broadcast, "delete", broadcast.content)


def change_chunk(tx: Tx, *, broadcast_id: int) -> bool:
    """Changes the messages of some recipients by rising customer id, and moves the cursor in the same transaction;
    returns whether there are more.
    """
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    kind, until_id = broadcasts.change_of(tx, broadcast_id)
    if kind is None:
        return False
    reached = recipient_lists.list_reached(
        tx, broadcast_id, after_id=until_id, since=tx.at - CHANGEABLE_FOR, limit=CHANGED_AT_ONCE
    )
    if not reached:
        done_at = {"deleted_at": tx.at} if kind == "delete" else {}
        broadcasts.set_fields(tx, broadcast_id, change_kind=None, **done_at)
        return False
    locked = set(recipients.lock_customers(tx, [each.customer_id for each in reached]))
    done = 0
    for each in reached:
        if each.customer_id not in locked:
            break  # locked by somebody else: the next chunk begins here
        _change(tx, broadcast, kind, each)
        until_id, done = each.customer_id, done + 1
    broadcasts.record_changed(tx, broadcast_id, until_id=until_id, done=done)
    return done > 0


def _begin(tx: Tx, broadcast: Broadcast, kind: str, content: BroadcastContent) -> BroadcastProgress:
    """Begins the change with the first recipient; it replaces an earlier change."""
    fields = {
        "content_json": content.as_json(),
        "change_kind": kind,
        "changed_until_id": 0,
        "changes_done": 0,
    }
    broadcasts.set_fields(tx, broadcast.id, **fields)
    cards.reopen(tx, broadcast.id)
    tx.wake("broadcasts")
    return progress_of(tx, broadcast_id=broadcast.id)


def _change(tx: Tx, broadcast: Broadcast, kind: str, reached: ReachedRecipient) -> None:
    message = messages.by_id(tx, reached.message_id)
    if message is None or messages.is_deleted(tx, reached.message_id):
        return
    if kind == "delete":
        for message_id in reached.message_ids:
            _take_back(tx, message_id, reached.customer_id)
        return
    customer = customers.load(tx, reached.customer_id)
    content = content_for(broadcast.content, customer, variant=reached.variant).parts[0]
    if (content.text, content.entities) != (message.content.text, message.content.entities):
        edit_message(tx, SYSTEM, message, content)


def _take_back(tx: Tx, message_id: int, customer_id: int) -> None:
    messages.set_fields(tx, message_id, deleted_at=tx.at)
    for copy in telegram_messages.of_message(tx, message_id):
        if copy["audience"] == Audience.CUSTOMER:
            about = {"message_id": message_id, "dialog_id": None, "customer_id": customer_id}
            outbox.add(tx, [removal_item(copy, copy["tg_message_id"], **about)])
