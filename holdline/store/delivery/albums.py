"""Albums in the outbox: parts that arrive one by one and must be sent together."""

from datetime import datetime

from holdline.dialogs.outbox.messages import Album
from holdline.store.delivery import waiting_chats
from holdline.store.tx import Row, Tx


def add_part(tx: Tx, *, chat_id: int, collapse_key: str, message_id: int, due_at: datetime) -> bool:
    """Whether an album that still waits took in the new part; its due time moves to `due_at`.

    An album in flight or sent is complete, and one from before a restore is on hold: a later part begins another one.
    """
    waiting = tx.one(
        f"""SELECT id, payload_json FROM outbox WHERE bot_id = :bot AND collapse_key = :key AND chat_id = :chat
           AND kind = '{Album.kind}' AND status = 'queued' AND waits_for IS NULL
           ORDER BY id DESC LIMIT 1 FOR UPDATE""",
        bot=tx.bot_id,
        chat=chat_id,
        key=collapse_key,
    )
    if waiting is None:
        return False
    parts = [*Album.of(waiting).message_ids, message_id]
    set_parts(tx, waiting, parts)
    tx.run("UPDATE outbox SET due_at = :due WHERE id = :id", due=due_at, id=waiting["id"])
    return True


def remove_part(tx: Tx, *, customer_id: int, message_id: int) -> None:
    """Removes a part from its album before the album is sent; the others still go."""
    waiting = tx.all(
        f"""SELECT id, payload_json FROM outbox WHERE bot_id = :bot AND customer_id = :customer
           AND kind = '{Album.kind}' AND status = 'queued' FOR UPDATE""",
        bot=tx.bot_id,
        customer=customer_id,
    )
    for album in waiting:
        parts = Album.of(album).message_ids
        if message_id in parts:
            set_parts(tx, album, [part for part in parts if part != message_id])


def set_parts(tx: Tx, album: Row, parts: list[int]) -> Row:
    """The album consists of these messages from now on; returns its new payload."""
    payload = {**album["payload_json"], "message_ids": parts}
    tx.run("UPDATE outbox SET payload_json = :payload WHERE id = :id", payload=payload, id=album["id"])
    return payload


def release_albums(tx: Tx, customer_id: int) -> None:
    """Makes the customer's waiting albums due: something else is said after them and must not overtake them."""
    released = tx.all(
        f"""UPDATE outbox SET due_at = :at WHERE bot_id = :bot AND customer_id = :customer AND kind = '{Album.kind}'
           AND status = 'queued' AND due_at > :at AND waits_for IS NULL RETURNING chat_id""",
        at=tx.at,
        bot=tx.bot_id,
        customer=customer_id,
    )
    for row in released:
        waiting_chats.announce(tx, row["chat_id"], "dialog", tx.at)
