"""Whether a message is in flight, may have arrived, or is still to be deleted."""

from holdline.dialogs.message import Message
from holdline.dialogs.outbox.changes import CopyRemoval
from holdline.dialogs.outbox.messages import Album, MessagePart
from holdline.store.tx import Tx


def is_message_in_flight(tx: Tx, message: Message) -> bool:
    """Whether the message, or the album that holds it, is in flight to the customer."""
    return _has_item(tx, message, "status = 'sending'")


def is_unconfirmed(tx: Tx, message: Message) -> bool:
    """Whether it is not in flight and may have arrived: Telegram's answer to a try was lost."""
    return _has_item(tx, message, "status IN ('queued', 'parked') AND uncertain > 0")


def _has_item(tx: Tx, message: Message, condition: str) -> bool:
    if message.content.album_id is None:
        return bool(
            tx.all(
                f"""SELECT id FROM outbox WHERE bot_id = :bot AND message_id = :message AND kind = '{MessagePart.kind}'
                   AND audience = 'customer' AND {condition}""",
                bot=tx.bot_id,
                message=message.id,
            )
        )
    albums = tx.all(
        f"""SELECT payload_json FROM outbox WHERE bot_id = :bot AND customer_id = :customer AND kind = '{Album.kind}'
           AND audience = 'customer' AND {condition}""",
        bot=tx.bot_id,
        customer=message.customer_id,
    )
    return any(message.id in Album.of(album).message_ids for album in albums)


def is_deletion_queued(tx: Tx, message_id: int) -> bool:
    """Whether the customer's copy is still to be deleted."""
    return bool(
        tx.all(
            f"""SELECT id FROM outbox WHERE bot_id = :bot AND message_id = :message AND kind = '{CopyRemoval.kind}'
               AND audience = 'customer' AND status IN ('queued', 'sending')""",
            bot=tx.bot_id,
            message=message_id,
        )
    )
