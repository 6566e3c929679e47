"""Replies that wait for the time at which they are to be sent."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from holdline.dialogs.conversation.scheduled_reply import ReplyState, ScheduledReply
from holdline.dialogs.dialog import Person
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.store.restores.held_work import not_held
from holdline.store.tx import Row, Tx

_SELECT = f"""SELECT s.*, a.name AS author_name, a.telegram_id AS author_telegram_id,
    NOT {not_held("scheduled_replies", "s.id")} AS is_held
    FROM scheduled_replies s JOIN managers a ON a.id = s.author_id"""


def insert(
    tx: Tx,
    *,
    dialog_id: int,
    author_id: int,
    content: Content,
    others: Sequence[Content],
    send_at: datetime,
    seen_message_id: int | None,
) -> int:
    row = tx.one(
        """INSERT INTO scheduled_replies (bot_id, dialog_id, author_id, content_json, parts_json, send_at,
                                          seen_message_id, created_at)
           VALUES (:bot, :dialog, :author, :content, :parts, :send_at, :seen, :at) RETURNING id""",
        bot=tx.bot_id,
        dialog=dialog_id,
        author=author_id,
        content=asdict(content),
        parts=[asdict(part) for part in others],
        send_at=send_at,
        seen=seen_message_id,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def by_id(tx: Tx, reply_id: int) -> ScheduledReply:
    """Raises NotFound if this bot has no scheduled reply with that id."""
    row = tx.one(f"{_SELECT} WHERE s.bot_id = :bot AND s.id = :id", bot=tx.bot_id, id=reply_id)
    if row is None:
        raise NotFound("scheduled reply", reply_id)
    return _reply(row)


def next_due(tx: Tx, *, skip: int = 0) -> ScheduledReply | None:
    """The reply that became due first, after skipping `skip` others."""
    row = tx.one(
        f"""{_SELECT} WHERE s.bot_id = :bot AND s.state = 'waiting' AND s.send_at <= :at
            AND {not_held("scheduled_replies", "s.id")} ORDER BY s.send_at, s.id LIMIT 1 OFFSET :skip""",
        bot=tx.bot_id,
        at=tx.at,
        skip=skip,
    )
    return _reply(row) if row else None


def list_of_dialog(tx: Tx, dialog_id: int, *, after: int = 0, limit: int = 50) -> list[ScheduledReply]:
    """All scheduled replies of the dialog, in any state."""
    rows = tx.all(
        f"{_SELECT} WHERE s.dialog_id = :dialog AND s.id > :after ORDER BY s.id LIMIT :limit",
        dialog=dialog_id,
        after=after,
        limit=limit,
    )
    return [_reply(row) for row in rows]


def list_waiting(tx: Tx, dialog_id: int) -> list[ScheduledReply]:
    """The replies that still wait in the dialog, the next one first."""
    rows = tx.all(
        f"{_SELECT} WHERE s.dialog_id = :dialog AND s.state = 'waiting' ORDER BY s.send_at, s.id LIMIT 20",
        dialog=dialog_id,
    )
    return [_reply(row) for row in rows]


def find_album(tx: Tx, *, author_id: int, chat_id: int, album_id: str) -> ScheduledReply | None:
    """The waiting reply that holds the earlier parts of that album."""
    rows = tx.all(
        f"{_SELECT} WHERE s.bot_id = :bot AND s.state = 'waiting' AND s.author_id = :author ORDER BY s.id DESC",
        bot=tx.bot_id,
        author=author_id,
    )
    where = (chat_id, album_id)
    waiting = (_reply(row) for row in rows)
    return next(
        (reply for reply in waiting if (reply.content.chat_id, reply.content.album_id) == where), None
    )


def add_parts(tx: Tx, reply: ScheduledReply, parts: Sequence[Content]) -> None:
    """Adds further parts of the reply's album."""
    tx.run(
        "UPDATE scheduled_replies SET parts_json = :parts WHERE id = :id",
        parts=[asdict(part) for part in (*reply.others, *parts)],
        id=reply.id,
    )


def set_content(tx: Tx, reply_id: int, content: Content, *, author_id: int) -> None:
    """Replaces the content, and records its author."""
    tx.run(
        "UPDATE scheduled_replies SET content_json = :content, author_id = :author WHERE id = :id",
        content=asdict(content),
        author=author_id,
        id=reply_id,
    )


def set_state(
    tx: Tx, reply_id: int, state: ReplyState, *, reason: str | None = None, message_id: int | None = None
) -> None:
    tx.run(
        "UPDATE scheduled_replies SET state = :state, reason = :reason, message_id = :message WHERE id = :id",
        state=state,
        reason=reason,
        message=message_id,
        id=reply_id,
    )


def _reply(row: Row) -> ScheduledReply:
    return ScheduledReply(
        id=row["id"],
        dialog_id=row["dialog_id"],
        author=Person(row["author_id"], row["author_telegram_id"], row["author_name"]),
        content=_content(row["content_json"]),
        send_at=row["send_at"],
        state=row["state"],
        seen_message_id=row["seen_message_id"],
        reason=row["reason"],
        message_id=row["message_id"],
        others=tuple(_content(part) for part in row["parts_json"]),
        is_held=bool(row["is_held"]),
    )


def _content(stored: dict[str, Any]) -> Content:
    return Content(**{**stored, "entities": tuple(stored["entities"])})
