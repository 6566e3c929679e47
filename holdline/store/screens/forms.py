"""Open forms and windows of managers; they survive a restart."""

import json
from datetime import datetime
from typing import Any

from holdline.store.tx import Row, Tx


def insert(tx: Tx, fields: dict[str, Any]) -> int:
    """`fields`: manager_id, chat_id, thread_id, kind, step, values."""
    row = tx.one(
        """INSERT INTO forms (bot_id, manager_id, chat_id, thread_id, kind, step, values_json, created_at)
           VALUES (:bot, :manager_id, :chat_id, :thread_id, :kind, :step, :filled, :at) RETURNING id""",
        bot=tx.bot_id,
        at=tx.at,
        filled=_json(fields["values"]),
        **{name: value for name, value in fields.items() if name != "values"},
    )
    assert row is not None
    return int(row["id"])


def load_locked(tx: Tx, form_id: int) -> Row | None:
    """The form, done or not, locked until the end of the transaction: two taps at once are handled one after the
    other.
    """
    return tx.one(
        "SELECT * FROM forms WHERE bot_id = :bot AND id = :id FOR UPDATE", bot=tx.bot_id, id=form_id
    )


def find_awaiting_text(tx: Tx, manager_id: int, chat_id: int, thread: int) -> Row | None:
    """The newest open form there that takes the manager's next message; `thread` 0 means none, -1 means any."""
    return tx.one(
        """SELECT * FROM forms WHERE bot_id = :bot AND manager_id = :manager AND chat_id = :chat
           AND (COALESCE(thread_id, 0) = :thread OR :thread = -1) AND done_at IS NULL AND awaits_text = 1
           ORDER BY id DESC LIMIT 1""",
        bot=tx.bot_id,
        manager=manager_id,
        chat=chat_id,
        thread=thread,
    )


def open_ids(tx: Tx, manager_id: int, chat_id: int, kind: str, since: datetime) -> list[int]:
    """The manager's open forms of that kind in the chat, created since then, the oldest first."""
    rows = tx.all(
        """SELECT id FROM forms WHERE bot_id = :bot AND manager_id = :manager AND chat_id = :chat
           AND kind = :kind AND done_at IS NULL AND created_at >= :since ORDER BY id""",
        bot=tx.bot_id,
        manager=manager_id,
        chat=chat_id,
        kind=kind,
        since=since,
    )
    return [int(row["id"]) for row in rows]


def lock_forms_of_dialog(tx: Tx, kind: str, dialog_id: int) -> list[Row]:
    """The open forms of that kind about the dialog, locked. A form that is being pressed is skipped, because its
    transaction may wait for ours.
    """
    return tx.all(
        """SELECT id, manager_id, chat_id, step, values_json FROM forms
           WHERE bot_id = :bot AND kind = :kind AND done_at IS NULL
           AND CAST(json_extract(values_json, '$.dialog_id') AS BIGINT) = :dialog
           ORDER BY id FOR UPDATE SKIP LOCKED""",
        bot=tx.bot_id,
        kind=kind,
        dialog=dialog_id,
    )


def find_wizards(tx: Tx, customer_id: int, *, but_step: str) -> list[Row]:
    """The open forms that would open a dialog with that customer, except those at that step."""
    return tx.all(
        """SELECT * FROM forms WHERE bot_id = :bot AND kind = 'open' AND done_at IS NULL
           AND step <> :step
           AND CAST(json_extract(values_json, '$.customer_id') AS BIGINT) = :customer ORDER BY id""",
        bot=tx.bot_id,
        step=but_step,
        customer=customer_id,
    )


def find_kept_by(tx: Tx, wizard: Row) -> list[Row]:
    """The open forms that keep the messages which this wizard would have sent."""
    kept = wizard["values_json"].get("kept") or []
    found = [
        tx.one(
            "SELECT * FROM forms WHERE bot_id = :bot AND id = :id AND done_at IS NULL",
            bot=tx.bot_id,
            id=form_id,
        )
        for form_id in kept
    ]
    return [form for form in found if form is not None]


def set_step(tx: Tx, form_id: int, step: str) -> None:
    """Sets the step of an open form. A form that is being pressed is skipped, because its transaction may wait for
    ours.
    """
    tx.run(
        """UPDATE forms SET step = :step WHERE id IN (
               SELECT id FROM forms WHERE bot_id = :bot AND id = :id AND done_at IS NULL FOR UPDATE SKIP LOCKED)""",
        bot=tx.bot_id,
        id=form_id,
        step=step,
    )


def find_by_message(tx: Tx, manager_id: int, chat_id: int, tg_message_id: int) -> Row | None:
    """The manager's open form that this message shows; a list of people does not count, because a reply to it is a
    note.
    """
    return tx.one(
        """SELECT f.* FROM forms f WHERE f.bot_id = :bot AND f.manager_id = :manager AND f.chat_id = :chat
           AND f.kind <> 'assign' AND f.done_at IS NULL AND (f.tg_message_id = :tg OR EXISTS (
               SELECT 1 FROM outbox o WHERE o.bot_id = f.bot_id AND o.key = 'form:' || f.id
               AND o.tg_message_id = :tg)) ORDER BY f.id DESC LIMIT 1""",
        bot=tx.bot_id,
        manager=manager_id,
        chat=chat_id,
        tg=tg_message_id,
    )


def find_by_kept_message(tx: Tx, manager_id: int, chat_id: int, tg_message_id: int) -> Row | None:
    """The manager's open form, locked, that keeps that message until a tap decides about it."""
    return tx.one(
        """SELECT * FROM forms WHERE bot_id = :bot AND manager_id = :manager AND chat_id = :chat
           AND kind IN ('kept', 'which', 'line') AND done_at IS NULL AND values_json LIKE :mark
           ORDER BY id DESC LIMIT 1 FOR UPDATE""",
        bot=tx.bot_id,
        manager=manager_id,
        chat=chat_id,
        mark=f'%"tg_message_id":{tg_message_id},%',
    )


def save(tx: Tx, form_id: int, fields: dict[str, Any]) -> None:
    """`fields`: step, values, awaits_text, asked_at, tg_message_id; None for the last leaves the message as it is."""
    tx.run(
        """UPDATE forms SET step = :step, values_json = :filled, awaits_text = :awaits,
                            asked_at = CASE WHEN :awaits = 1 THEN CAST(:asked AS BIGINT) END,
                            tg_message_id = COALESCE(CAST(:message AS BIGINT), tg_message_id)
           WHERE bot_id = :bot AND id = :id AND done_at IS NULL""",
        bot=tx.bot_id,
        id=form_id,
        step=fields["step"],
        filled=_json(fields["values"]),
        awaits=fields["awaits_text"],
        asked=fields["asked_at"],
        message=fields["tg_message_id"],
    )


def stop_awaiting(tx: Tx, form: Row) -> None:
    """Stops all other forms of the manager in the same chat and thread from taking the next message."""
    tx.run(
        """UPDATE forms SET awaits_text = 0 WHERE bot_id = :bot AND manager_id = :manager AND chat_id = :chat
           AND COALESCE(thread_id, 0) = :thread AND id <> :id AND done_at IS NULL AND awaits_text = 1""",
        bot=tx.bot_id,
        manager=form["manager_id"],
        chat=form["chat_id"],
        thread=form["thread_id"] or 0,
        id=form["id"],
    )


def finish_list(tx: Tx, chat_id: int, tg_message_id: int) -> None:
    """Marks the list of people in that message as answered."""
    tx.run(
        """UPDATE forms SET done_at = :at WHERE bot_id = :bot AND chat_id = :chat AND kind = 'assign'
           AND done_at IS NULL AND EXISTS (
               SELECT 1 FROM outbox o WHERE o.bot_id = forms.bot_id AND o.key = 'form:' || forms.id
               AND o.tg_message_id = :tg)""",
        at=tx.at,
        bot=tx.bot_id,
        chat=chat_id,
        tg=tg_message_id,
    )


def finish(tx: Tx, form_id: int) -> bool:
    """Closes the form; returns whether it was open until now."""
    return bool(
        tx.run(
            """UPDATE forms SET done_at = :at, awaits_text = 0
               WHERE bot_id = :bot AND id = :id AND done_at IS NULL""",
            at=tx.at,
            bot=tx.bot_id,
            id=form_id,
        )
    )


def forget_before(tx: Tx, before: datetime) -> int:
    """Deletes forms opened before that time, done or abandoned; returns how many."""
    return tx.run(
        "DELETE FROM forms WHERE bot_id = :bot AND created_at < :before", bot=tx.bot_id, before=before
    )


def _json(filled: dict[str, Any]) -> str:
    return json.dumps(filled, separators=(",", ":"))
