"""The conversation of a dialog: its own messages, and those it took up from the general chat."""

from datetime import datetime

from holdline.dialogs.decisions.inbox_items import InboxItem
from holdline.dialogs.message import Message
from holdline.store.conversation.messages import message_from_row
from holdline.store.delivery import kind_lists
from holdline.store.tx import Row, Tx, placeholders

_TALK = "(class IN ('customer', 'manager') OR (class = 'smart_reply' AND status = 'sent'))"
"""Messages from people, and automatic answers."""
_OF_DIALOG = f"""m.bot_id = :bot AND (m.dialog_id = :dialog OR m.moved_to_dialog_id = :dialog)
    AND {_TALK.replace("class", "m.class").replace("status", "m.status")}"""
_SHOWN = f"{_OF_DIALOG} AND m.status <> 'refused' AND m.deleted_at IS NULL"


def take_up_item(tx: Tx, item: InboxItem, dialog_id: int) -> None:
    """Moves the item's messages into the dialog, with managers' answers given before the customer's next item began."""
    if item.first_message_id is None:
        return
    tx.run(
        f"""UPDATE messages SET moved_to_dialog_id = :dialog
           WHERE customer_id = :customer AND dialog_id IS NULL AND moved_to_dialog_id IS NULL
           AND {_TALK} AND id >= :first
           AND id < COALESCE((SELECT MIN(i.first_message_id) FROM inbox_items i
                              WHERE i.customer_id = :customer AND i.id > :item), id + 1)""",
        dialog=dialog_id,
        customer=item.customer_id,
        first=item.first_message_id,
        item=item.id,
    )


def take_up_since(tx: Tx, customer_id: int, dialog_id: int, since: datetime) -> None:
    """Moves messages of the general chat since then that no dialog has taken up and that are newer than the dialog's
    own.
    """
    tx.run(
        f"""UPDATE messages SET moved_to_dialog_id = :dialog
           WHERE customer_id = :customer AND dialog_id IS NULL AND moved_to_dialog_id IS NULL
           AND {_TALK} AND created_at >= :since
           AND id > COALESCE((SELECT MAX(m.id) FROM messages m WHERE m.dialog_id = :dialog), 0)""",
        dialog=dialog_id,
        customer=customer_id,
        since=since,
    )


def messages_taken_up(tx: Tx, dialog_id: int, *, after: int) -> list[Message]:
    """Messages taken up from the general chat that people may see, oldest first; `after` is a message's id."""
    rows = tx.all(
        f"""SELECT m.* FROM messages m WHERE {_SHOWN} AND m.moved_to_dialog_id = :dialog AND m.id > :after
            ORDER BY m.id""",
        bot=tx.bot_id,
        dialog=dialog_id,
        after=after,
    )
    return [message_from_row(row) for row in rows]


def newest_taken_up_id(tx: Tx, dialog_id: int) -> int:
    """The id of the last message that the dialog took up; 0 if there is none."""
    row = tx.one(
        "SELECT MAX(id) AS newest FROM messages WHERE moved_to_dialog_id = :dialog", dialog=dialog_id
    )
    return int(row["newest"] or 0) if row else 0


def newest(tx: Tx, dialog_id: int, *, before: int | None, limit: int) -> list[Message]:
    """The last messages that people may see, oldest first; `before` leaves out that message and later ones."""
    rows = tx.all(
        f"""SELECT m.* FROM messages m WHERE {_SHOWN} AND (CAST(:before AS BIGINT) IS NULL OR m.id < :before)
            ORDER BY m.id DESC LIMIT :limit""",
        bot=tx.bot_id,
        dialog=dialog_id,
        before=before,
        limit=limit,
    )
    return [message_from_row(row) for row in reversed(rows)]


def newest_tg_message_id(tx: Tx, dialog_id: int, chat_id: int) -> int | None:
    """The Telegram id in that chat of the customer's last message in the dialog, else of a manager's."""
    row = tx.one(
        f"""SELECT c.tg_message_id FROM messages m JOIN telegram_messages c ON c.message_id = m.id
            WHERE {_SHOWN} AND c.bot_id = :bot AND c.chat_id = :chat AND c.deleted_at IS NULL
            ORDER BY CASE WHEN m.class = 'customer' THEN 0 ELSE 1 END, m.id DESC, c.part LIMIT 1""",
        bot=tx.bot_id,
        dialog=dialog_id,
        chat=chat_id,
    )
    return int(row["tg_message_id"]) if row else None


def count(tx: Tx, dialog_id: int, *, before: int | None) -> int:
    """How many messages there are to show."""
    row = tx.one(
        f"""SELECT COUNT(*) AS messages FROM messages m
            WHERE {_SHOWN} AND (CAST(:before AS BIGINT) IS NULL OR m.id < :before)""",
        bot=tx.bot_id,
        dialog=dialog_id,
        before=before,
    )
    return int(row["messages"]) if row else 0


def page(tx: Tx, dialog_id: int, *, after: int, limit: int) -> list[Row]:
    """Messages with their authors' names, oldest first, including refused and deleted ones."""
    return tx.all(
        f"""SELECT m.*, c.name AS customer_name, g.name AS manager_name FROM messages m
            JOIN customers c ON c.id = m.customer_id LEFT JOIN managers g ON g.id = m.manager_id
            WHERE {_OF_DIALOG} AND m.id > :after ORDER BY m.id LIMIT :limit""",
        bot=tx.bot_id,
        dialog=dialog_id,
        after=after,
        limit=limit,
    )


def id_before_last(tx: Tx, dialog_id: int, *, messages: int) -> int:
    """The id after which the last `messages` messages come; 0 if the dialog has no more than that."""
    row = tx.one(
        f"SELECT m.id FROM messages m WHERE {_OF_DIALOG} ORDER BY m.id DESC LIMIT 1 OFFSET :messages",
        bot=tx.bot_id,
        dialog=dialog_id,
        messages=messages,
    )
    return int(row["id"]) if row else 0


def first_unanswered_at(tx: Tx, dialog_ids: list[int]) -> dict[int, datetime]:
    """Since when the customer waits for an answer, by dialog; dialogs without unanswered messages are left out."""
    if not dialog_ids:
        return {}
    among, values = placeholders(dialog_ids)
    rows = tx.all(
        f"""SELECT d.id, MIN(m.created_at) AS since_at FROM dialogs d JOIN messages m
            ON (m.dialog_id = d.id OR m.moved_to_dialog_id = d.id) AND m.class = 'customer'
            AND m.id > COALESCE((SELECT MAX(o.id) FROM messages o
                                 WHERE (o.dialog_id = d.id OR o.moved_to_dialog_id = d.id)
                                 AND o.class = 'manager' AND o.deleted_at IS NULL), 0)
            WHERE d.bot_id = :bot AND d.id IN ({among}) GROUP BY d.id""",
        bot=tx.bot_id,
        **values,
    )
    return {row["id"]: row["since_at"] for row in rows}


def tg_message_id_in_chat(tx: Tx, message_id: int, chat_id: int) -> int | None:
    """The Telegram id of that message in the chat: 0 while it is on its way, None if it is not shown there."""
    row = tx.one(
        f"""SELECT c.tg_message_id FROM telegram_messages c WHERE c.bot_id = :bot AND c.message_id = :message
           AND c.chat_id = :chat AND c.deleted_at IS NULL
           UNION ALL
           SELECT l.tg_message_id FROM merged_messages l WHERE l.bot_id = :bot AND l.message_id = :message
           AND l.chat_id = :chat
           UNION ALL
           SELECT 0 AS tg_message_id FROM outbox o WHERE o.bot_id = :bot AND o.message_id = :message
           AND o.chat_id = :chat AND o.kind IN {kind_lists.IN_INBOX} AND o.status IN ('queued', 'sending')
           ORDER BY 1 DESC LIMIT 1""",
        bot=tx.bot_id,
        message=message_id,
        chat=chat_id,
    )
    return int(row["tg_message_id"]) if row else None


def dialog_that_took_up(tx: Tx, message_id: int) -> int | None:
    """The dialog that took up the message from the general chat, or None."""
    row = tx.one("SELECT moved_to_dialog_id FROM messages WHERE id = :id", id=message_id)
    return row["moved_to_dialog_id"] if row else None
