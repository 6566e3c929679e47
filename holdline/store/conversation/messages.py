"""Messages in both directions, of the general chat and of dialogs."""

from datetime import datetime
from typing import Any, cast

from holdline.dialogs.message import Content, Message
from holdline.store.tx import Row, Tx, placeholders

NEVER_ARRIVED = "('cancelled', 'dropped', 'expired', 'parked')"
"""SQL: the statuses of messages that did not reach the customer, and so answer nothing."""
_UNSET = dict.fromkeys(("manager_id", "reply_to_id", "inbox_item_id", "dialog_id", "dialog_chosen"))

_BY_ID = "SELECT * FROM messages WHERE bot_id = :bot AND id = :id"
_DELETED = "SELECT deleted_at FROM messages WHERE id = :id"
_LATELY = 3000
"""How many of the last messages are searched for customers who wrote recently."""


def insert(tx: Tx, fields: dict[str, Any], content: Content) -> Message:
    """`fields`: customer_id, direction, class_, author_kind, status; also dialog_id, manager_id, reply_to_id…"""
    row = tx.one(
        """INSERT INTO messages (bot_id, customer_id, dialog_id, direction, class, author_kind, manager_id, kind, text,
                                 entities_json, data_json, chat_id, thread_id, tg_message_id, album_id, reply_to_id,
                                 inbox_item_id, status, dialog_chosen, created_at)
           VALUES (:bot, :customer_id, :dialog_id, :direction, :class_, :author_kind, :manager_id, :kind, :text,
                   :entities, :data, :chat, :thread, :tg, :album, :reply_to_id, :inbox_item_id, :status,
                   :dialog_chosen, :at)
           RETURNING *""",
        bot=tx.bot_id,
        at=tx.at,
        kind=content.kind,
        text=content.text,
        entities=list(content.entities),
        data=content.data,
        chat=content.chat_id,
        thread=content.thread_id,
        tg=content.tg_message_id,
        album=content.album_id,
        **{**_UNSET, **fields},
    )
    assert row is not None
    return message_from_row(row)


def by_id(tx: Tx, message_id: int) -> Message | None:
    row = tx.one(_BY_ID, bot=tx.bot_id, id=message_id)
    return message_from_row(row) if row else None


def prefetch(tx: Tx, message_ids: list[int]) -> None:
    """Reads them at once. Their customers must be locked, as everybody does who changes a message."""
    among, values = placeholders(message_ids)
    rows = tx.all(f"SELECT * FROM messages WHERE bot_id = :bot AND id IN ({among})", bot=tx.bot_id, **values)
    tx.prefetch(_BY_ID, [({"bot": tx.bot_id, "id": row["id"]}, [row]) for row in rows])
    tx.prefetch(_DELETED, [({"id": row["id"]}, [{"deleted_at": row["deleted_at"]}]) for row in rows])


def set_fields(tx: Tx, message_id: int, **fields: Any) -> None:
    """Takes only column names written in this code, never names from outside."""
    assignments = ", ".join(f"{name} = :{name}" for name in fields)
    tx.run(f"UPDATE messages SET {assignments} WHERE id = :message_id", message_id=message_id, **fields)


def is_deleted(tx: Tx, message_id: int) -> bool:
    row = tx.one(_DELETED, id=message_id)
    return row is not None and row["deleted_at"] is not None


def is_kept_from_desk(tx: Tx, message_id: int) -> bool:
    """Whether the customer's message is neither in a dialog nor in an Inbox item, and no mute is the reason."""
    row = tx.one(
        """SELECT id FROM messages WHERE id = :id AND direction = 'in' AND dialog_id IS NULL
           AND moved_to_dialog_id IS NULL AND inbox_item_id IS NULL AND muted = 0""",
        id=message_id,
    )
    return row is not None


def delivery_state(tx: Tx, message_id: int) -> Row | None:
    """The status and deleted_at of the message."""
    return tx.one("SELECT status, deleted_at FROM messages WHERE id = :id", id=message_id)


def last_edit_at(tx: Tx, message_id: int) -> datetime | None:
    row = tx.one("SELECT edited_at FROM messages WHERE id = :id", id=message_id)
    return row["edited_at"] if row else None


def first_and_last_of_item(tx: Tx, item: Row, *, last: int) -> list[Message]:
    """The inbox item's first message and its newest ones, oldest first, without deleted ones."""
    rows = tx.all(
        """SELECT * FROM messages WHERE customer_id = :customer AND inbox_item_id = :item AND direction = 'in'
           AND deleted_at IS NULL AND id >= :first
           ORDER BY CASE WHEN id = :first THEN 0 ELSE 1 END, id DESC LIMIT :most""",
        customer=item["customer_id"],
        item=item["id"],
        first=item["first_message_id"],
        most=last + 1,
    )
    return [message_from_row(row) for row in sorted(rows, key=lambda row: int(row["id"]))]


def page(
    tx: Tx,
    *,
    customer_id: int | None = None,
    dialog_id: int | None = None,
    general_only: bool = False,
    newest_first: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> list[Row]:
    """Rows as a transcript shows them: with the author's name, and `held` if the gate holds them now.

    A dialog has its own messages, and those it took up from the general chat.
    """
    step = "<" if newest_first else ">"
    of_dialog = "(m.dialog_id = :dialog OR m.moved_to_dialog_id = :dialog)"
    narrowed = of_dialog if dialog_id is not None else "m.customer_id = :customer"
    general = "AND m.dialog_id IS NULL" if general_only else ""
    scope = {"dialog": dialog_id} if dialog_id is not None else {"customer": customer_id}
    return tx.all(
        f"""SELECT m.*, c.name AS customer_name, c.telegram_id AS customer_telegram_id,
                   g.name AS manager_name, g.telegram_id AS manager_telegram_id,
                   CASE WHEN m.status = 'queued' AND c.gate = 'held' AND m.class IN ('funnel', 'broadcast')
                        THEN 'held' ELSE m.status END AS shown_status
            FROM messages m JOIN customers c ON c.id = m.customer_id
            LEFT JOIN managers g ON g.id = m.manager_id
            WHERE m.bot_id = :bot AND {narrowed} {general}
            AND (CAST(:after AS BIGINT) IS NULL OR m.id {step} :after)
            ORDER BY m.id {"DESC" if newest_first else "ASC"} LIMIT :limit""",
        bot=tx.bot_id,
        after=after,
        limit=limit,
        **scope,
    )


def message_from_row(row: Row) -> Message:
    return Message(
        id=row["id"],
        bot_id=row["bot_id"],
        customer_id=row["customer_id"],
        dialog_id=row["dialog_id"],
        direction=row["direction"],
        class_=row["class"],
        author_kind=row["author_kind"],
        manager_id=row["manager_id"],
        status=row["status"],
        reply_to_id=row["reply_to_id"],
        content=Content(
            kind=row["kind"],
            text=row["text"],
            entities=tuple(row["entities_json"]),
            data=row["data_json"],
            chat_id=row["chat_id"],
            thread_id=row["thread_id"],
            tg_message_id=row["tg_message_id"],
            album_id=row["album_id"],
        ),
    )


def time_of(tx: Tx, message_id: int) -> datetime | None:
    """The time at which the message was written, or None if there is no such message."""
    row = tx.one(
        "SELECT created_at FROM messages WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=message_id
    )
    return row["created_at"] if row else None


def effective_at(tx: Tx, message_id: int) -> datetime:
    """When it was sent; if it was not sent yet, when it was written."""
    row = tx.one(
        "SELECT COALESCE(sent_at, created_at) AS fresh_at FROM messages WHERE id = :id", id=message_id
    )
    assert row is not None
    return cast("datetime", row["fresh_at"])


def answers_since_customer(tx: Tx, customer_id: int, *, after: datetime) -> list[Row]:
    """Managers' answers outside any dialog since the customer's last message there, with the managers' names."""
    return tx.all(
        """SELECT m.manager_id, g.name AS manager_name FROM messages m JOIN managers g ON g.id = m.manager_id
           WHERE m.customer_id = :customer AND m.dialog_id IS NULL AND m.author_kind = 'manager'
           AND m.deleted_at IS NULL AND m.created_at > :after
           AND m.id > COALESCE((SELECT MAX(w.id) FROM messages w WHERE w.customer_id = :customer
                                AND w.dialog_id IS NULL AND w.author_kind = 'customer'), 0) ORDER BY m.id""",
        customer=customer_id,
        after=after,
    )


def newest_of_colleagues(tx: Tx, dialog_id: int, *, manager_id: int) -> Row | None:
    """The newest message that a colleague of this manager wrote in the dialog: id and manager_name."""
    return tx.one(
        """SELECT m.id, g.name AS manager_name FROM messages m JOIN managers g ON g.id = m.manager_id
           WHERE m.dialog_id = :dialog AND m.author_kind = 'manager' AND m.manager_id <> :manager
           AND m.deleted_at IS NULL ORDER BY m.id DESC LIMIT 1""",
        dialog=dialog_id,
        manager=manager_id,
    )


def last_answer_after(tx: Tx, message: Message) -> int | None:
    """The newest message of a manager to the same customer after this one."""
    row = tx.one(
        """SELECT MAX(id) AS id FROM messages WHERE customer_id = :customer AND id > :message
           AND author_kind = 'manager' AND deleted_at IS NULL""",
        customer=message.customer_id,
        message=message.id,
    )
    return row["id"] if row else None


def has_person_written(tx: Tx, customer_id: int, *, after: int, since: datetime) -> bool:
    """Whether a manager's message with an id above `after` has reached the customer since then."""
    row = tx.one(
        f"""SELECT id FROM messages WHERE customer_id = :customer AND id > :after AND created_at >= :since
           AND author_kind = 'manager' AND deleted_at IS NULL AND status NOT IN {NEVER_ARRIVED} LIMIT 1""",
        customer=customer_id,
        after=after,
        since=since,
    )
    return row is not None


def customers_who_wrote_lately(tx: Tx, *, limit: int) -> list[int]:
    """The customers who wrote most recently, latest first. Only the last messages are searched, to bound the work."""
    rows = tx.all(
        """SELECT lately.customer_id FROM (
               SELECT customer_id, author_kind, id FROM messages WHERE +bot_id = :bot
               ORDER BY id DESC LIMIT :among) lately
           WHERE lately.author_kind = 'customer'
           GROUP BY lately.customer_id ORDER BY MAX(lately.id) DESC LIMIT :limit""",
        bot=tx.bot_id,
        among=_LATELY,
        limit=limit,
    )
    return [int(row["customer_id"]) for row in rows]


def newest_of_customer(tx: Tx, dialog_id: int) -> int:
    """The id of the customer's newest message in the dialog; 0 if there is none."""
    row = tx.one(
        """SELECT MAX(id) AS id FROM messages
           WHERE dialog_id = :dialog AND author_kind = 'customer' AND deleted_at IS NULL""",
        dialog=dialog_id,
    )
    return int(row["id"] or 0) if row else 0
