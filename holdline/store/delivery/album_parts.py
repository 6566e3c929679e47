"""The earlier parts of an album that a manager is sending, because all parts must be treated alike."""

from holdline.dialogs.message import Message
from holdline.store.conversation.messages import message_from_row
from holdline.store.tx import Row, Tx

RECENT_NOTES = 500
"""Parts arrive milliseconds apart, so it is enough to search the newest notes."""


def earlier_message(tx: Tx, chat_id: int, album_id: str) -> Row | None:
    """The earlier part that was sent to a customer: customer_id, dialog_id."""
    return tx.one(
        """SELECT customer_id, dialog_id FROM messages
           WHERE bot_id = :bot AND album_id = :album AND chat_id = :chat AND direction = 'out'
           ORDER BY id LIMIT 1""",
        bot=tx.bot_id,
        album=album_id,
        chat=chat_id,
    )


def is_first(tx: Tx, message_id: int, album_id: str | None) -> bool:
    """True for the part that represents its album, and for a message that is not part of an album."""
    if album_id is None:
        return True
    earlier = tx.one(
        """SELECT 1 AS found FROM messages a JOIN messages b ON b.customer_id = a.customer_id
           AND b.album_id = a.album_id AND b.id < a.id AND b.direction = a.direction WHERE a.id = :id LIMIT 1""",
        id=message_id,
    )
    return earlier is None


def siblings(tx: Tx, message: Message) -> list[Message]:
    """The other parts of its album that were not deleted; none if it is not part of an album."""
    if message.content.album_id is None:
        return []
    rows = tx.all(
        """SELECT * FROM messages WHERE bot_id = :bot AND customer_id = :customer AND album_id = :album
           AND direction = :direction AND id <> :id AND deleted_at IS NULL ORDER BY id""",
        bot=tx.bot_id,
        customer=message.customer_id,
        album=message.content.album_id,
        direction=message.direction,
        id=message.id,
    )
    return [message_from_row(row) for row in rows]


def earlier_note(tx: Tx, chat_id: int, album_id: str) -> Row | None:
    """The earlier part that became a note: dialog_id."""
    return tx.one(
        """SELECT n.dialog_id FROM notes n JOIN dialogs d ON d.id = n.dialog_id
           WHERE d.bot_id = :bot AND n.id > (SELECT MAX(id) FROM notes) - :recent AND n.data_json LIKE :mark
           ORDER BY n.id DESC LIMIT 1""",
        bot=tx.bot_id,
        recent=RECENT_NOTES,
        mark=_like_pattern(chat_id, album_id),
    )


def earlier_form(tx: Tx, manager_id: int, chat_id: int, album_id: str) -> Row | None:
    """The form, locked, that keeps the earlier parts because they were refused."""
    return tx.one(
        """SELECT * FROM forms WHERE bot_id = :bot AND manager_id = :manager AND chat_id = :chat AND kind = 'kept'
           AND done_at IS NULL AND values_json LIKE :mark ORDER BY id DESC LIMIT 1 FOR UPDATE""",
        bot=tx.bot_id,
        manager=manager_id,
        chat=chat_id,
        mark=_like_pattern(chat_id, album_id),
    )


def album_key(chat_id: int, album_id: str) -> str:
    """How notes and kept messages name the album: only letters and digits of its id are used, whatever Telegram
    sends.
    """
    return f"{chat_id}:{''.join(sign for sign in album_id if sign.isalnum())}"


def _like_pattern(chat_id: int, album_id: str) -> str:
    return f'%"album":"{album_key(chat_id, album_id)}"%'
