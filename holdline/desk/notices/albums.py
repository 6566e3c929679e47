"""Albums stay together in both directions: their parts are gathered, then shown as one."""

from datetime import datetime

from holdline.dialogs.album import GATHER
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.messages import Album
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import albums, outbox
from holdline.store.tx import Tx


def gather(tx: Tx, like: Outgoing, *, album_id: str) -> None:
    """Add the message of `like` to the album waiting for that chat and place, or begin one."""
    collapse = _collapse_key(like, album_id)
    due = tx.at + GATHER
    assert like.message_id is not None
    if albums.add_part(
        tx, chat_id=like.to.chat_id, collapse_key=collapse, message_id=like.message_id, due_at=due
    ):
        return
    _begin(tx, like, collapse=collapse, message_ids=[like.message_id], due_at=due)


def show_whole(tx: Tx, like: Outgoing, *, album_id: str, message_ids: list[int], wait: bool) -> None:
    """An album that was said before, parts in order. `wait`: more of them may be on their way."""
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
    """Taken back before it left: the other parts still go."""
    if message.content.album_id is not None:
        albums.remove_part(tx, customer_id=message.customer_id, message_id=message.id)
