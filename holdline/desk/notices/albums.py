"""Albums stay together in both directions: their parts are gathered and then shown as one."""

from datetime import datetime

from holdline.dialogs.album import GATHER
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.messages import Album
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import albums, outbox
from holdline.store.tx import Tx


def gather(tx: Tx, like: Outgoing, *, album_id: str) -> None:
    """Adds the message of `like` to the album that waits for that chat and place, or begins one."""
    collapse = _collapse_key(like, album_id)
    due = tx.at + GATHER
    assert like.message_id is not None
    if albums.add_part(
        tx, chat_id=like.to.chat_id, collapse_key=collapse, message_id=like.message_id, due_at=due
    ):
        return
    _begin(tx, like, collapse=collapse, message_ids=[like.message_id], due_at=due)


def show_whole(tx: Tx, like: Outgoing, *, album_id: str, message_ids: list[int], wait: bool) -> None:
    """Shows an album that was sent before, with its parts in order. `wait`: more parts may still arrive."""
    collapse = _collapse_key(like, album_id)
    due = tx.at + GATHER if wait else tx.at
    _begin(tx, like, collapse=collapse, message_ids=message_ids, due_at=due)


def _collapse_key(like: Outgoing, album_id: str) -> str:
    return f"album:{like.customer_id}:{album_id}:{like.to.chat_id}:{like.place_id}"


def _begin(tx: Tx, like: Outgoing, *, collapse: str, message_ids: list[int], due_at: datetime) -> None:
    outbox.add(
        tx,
        [
            Outgoing(
                to=like.to,
                item=Album(message_ids, getattr(like.item, "inbox_item_id", None)),
                class_=like.class_,
                audience=like.audience,
                key=f"{collapse}:{like.message_id}",
                customer_id=like.customer_id,
                dialog_id=like.dialog_id,
                message_id=like.message_id,
                place_id=like.place_id,
                due_at=due_at,
                collapse_key=collapse,
            )
        ],
    )


def remove_part(tx: Tx, message: Message) -> None:
    """Removes a part that was taken back before the album was sent; the other parts are still sent."""
    if message.content.album_id is not None:
        albums.remove_part(tx, customer_id=message.customer_id, message_id=message.id)
