"""The desk's smart replies in their order, and a mark that changes with them."""

import secrets
from collections.abc import Sequence
from typing import Any

from holdline.dialogs.smart_replies.smart_reply import ReplyCounts, SmartReply
from holdline.store.screens import settings
from holdline.store.tx import Row, Tx

_MARK = "smart_replies_mark"
_SELECT = """SELECT r.id, r.name, r.answer, r.words_json, r.regex, r.questions_json, r.hours_when, r.active,
    r.position, r.calendar_id, c.name AS hours FROM smart_replies r LEFT JOIN calendars c ON c.id = r.calendar_id
    WHERE r.bot_id = :bot AND r.deleted_at IS NULL"""


def list_all(tx: Tx) -> list[SmartReply]:
    """All that were not deleted, in the order in which they are tried."""
    return [_reply(row) for row in tx.all(f"{_SELECT} ORDER BY r.position, r.id", bot=tx.bot_id)]


def by_id(tx: Tx, reply_id: int) -> SmartReply | None:
    row = tx.one(f"{_SELECT} AND r.id = :id", bot=tx.bot_id, id=reply_id)
    return _reply(row) if row else None


def count(tx: Tx) -> int:
    row = tx.one(
        "SELECT COUNT(*) AS n FROM smart_replies WHERE bot_id = :bot AND deleted_at IS NULL", bot=tx.bot_id
    )
    return int(row["n"]) if row else 0


def current_mark(tx: Tx) -> str | None:
    """A mark that is new after each change; None if there has never been a reply."""
    mark: str | None = settings.value(tx, _MARK)
    return mark


def insert(tx: Tx, columns: dict[str, Any]) -> int:
    """Adds the reply after all others."""
    row = tx.one(
        """INSERT INTO smart_replies (bot_id, name, answer, words_json, regex, questions_json, calendar_id,
                                      hours_when, active, position, created_at)
           VALUES (:bot, :name, :answer, :words, :regex, :questions, :calendar_id, :hours_when, :active,
                   (SELECT COALESCE(MAX(position), 0) + 1 FROM smart_replies WHERE bot_id = :bot), :at)
           RETURNING id""",
        bot=tx.bot_id,
        at=tx.at,
        **columns,
    )
    assert row is not None
    _change_mark(tx)
    return int(row["id"])


def update(tx: Tx, reply_id: int, columns: dict[str, Any]) -> None:
    tx.run(
        """UPDATE smart_replies SET name = :name, answer = :answer, words_json = :words, regex = :regex,
                  questions_json = :questions, calendar_id = :calendar_id, hours_when = :hours_when, active = :active
           WHERE bot_id = :bot AND id = :id""",
        bot=tx.bot_id,
        id=reply_id,
        **columns,
    )
    _change_mark(tx)


def set_positions(tx: Tx, replies: Sequence[SmartReply]) -> None:
    """Saves the position of each reply."""
    for reply in replies:
        tx.run(
            "UPDATE smart_replies SET position = :position WHERE bot_id = :bot AND id = :id",
            position=reply.position,
            bot=tx.bot_id,
            id=reply.id,
        )
    _change_mark(tx)


def soft_delete(tx: Tx, reply_id: int, *, deleted: bool) -> None:
    """Deletes the reply or, with `deleted` false, restores it to its old position."""
    tx.run(
        "UPDATE smart_replies SET deleted_at = :deleted WHERE bot_id = :bot AND id = :id",
        deleted=tx.at if deleted else None,
        bot=tx.bot_id,
        id=reply_id,
    )
    _change_mark(tx)


def calendar_in_use(tx: Tx, calendar_id: int) -> str | None:
    """The name of a reply that keeps to the calendar's hours, or None."""
    row = tx.one(
        """SELECT name FROM smart_replies WHERE bot_id = :bot AND calendar_id = :calendar AND deleted_at IS NULL
           ORDER BY id LIMIT 1""",
        bot=tx.bot_id,
        calendar=calendar_id,
    )
    return str(row["name"]) if row else None


def counts(tx: Tx, reply_id: int | None = None) -> dict[int, ReplyCounts]:
    """Reply → how often it answered. Answers that were never sent, because a dialog opened or they were late, do not
    count.

    `reply_id`: counts that reply only, so that the answers of the others are not read.
    """
    only = "AND a.reply_id = :reply" if reply_id is not None else ""
    rows = tx.all(
        f"""SELECT a.reply_id, COUNT(*) AS answers, SUM(CASE a.feedback WHEN 'helped' THEN 1 ELSE 0 END) AS helped,
                   SUM(CASE a.feedback WHEN 'person' THEN 1 ELSE 0 END) AS to_person
            FROM smart_answers a JOIN messages m ON m.id = a.message_id
            WHERE a.bot_id = :bot {only} AND m.status IN ('queued', 'sent') GROUP BY a.reply_id""",
        bot=tx.bot_id,
        **({"reply": reply_id} if reply_id is not None else {}),
    )
    return {row["reply_id"]: ReplyCounts(row["answers"], row["helped"], row["to_person"]) for row in rows}


def _change_mark(tx: Tx) -> None:
    settings.put(tx, _MARK, secrets.token_hex(8))


def _reply(row: Row) -> SmartReply:
    return SmartReply(
        id=row["id"],
        name=row["name"],
        answer=row["answer"],
        any_of=tuple(row["words_json"]),
        regex=row["regex"],
        questions=tuple(row["questions_json"]),
        hours=row["hours"],
        calendar_id=row["calendar_id"],
        when=row["hours_when"],
        active=bool(row["active"]),
        position=row["position"],
    )
