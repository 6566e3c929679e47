"""Drafts, and the notes about them."""

from typing import Any

from holdline.dialogs.dialog import Person
from holdline.dialogs.draft import Draft, DraftNote, DraftState
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.store.tx import Row, Tx, placeholders

_SELECT = """
SELECT f.*, a.name AS author_name, a.telegram_id AS author_telegram_id,
       b.name AS decider_name, b.telegram_id AS decider_telegram_id
FROM drafts f JOIN managers a ON a.id = f.author_id LEFT JOIN managers b ON b.id = f.decided_by
"""


def insert(
    tx: Tx, *, dialog_id: int, author_id: int, content: Content, seen_message_id: int, part_of: int | None
) -> int:
    row = tx.one(
        """INSERT INTO drafts (bot_id, dialog_id, author_id, part_of, kind, text, entities_json, data_json, chat_id,
                               thread_id, tg_message_id, album_id, seen_message_id, created_at, changed_at)
           VALUES (:bot, :dialog, :author, :part_of, :kind, :text, :entities, :data, :chat, :thread, :tg, :album,
                   :seen, :at, :at) RETURNING id""",
        bot=tx.bot_id,
        dialog=dialog_id,
        author=author_id,
        part_of=part_of,
        kind=content.kind,
        text=content.text,
        entities=list(content.entities),
        data=content.data,
        chat=content.chat_id,
        thread=content.thread_id,
        tg=content.tg_message_id,
        album=content.album_id,
        seen=seen_message_id,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def by_id(tx: Tx, draft_id: int) -> Draft:
    """Raises NotFound if this bot has no such draft. The further parts of an album are not drafts of their own."""
    rows = tx.all(
        f"{_SELECT} WHERE f.bot_id = :bot AND f.id = :id AND f.part_of IS NULL", bot=tx.bot_id, id=draft_id
    )
    if not rows:
        raise NotFound("draft", draft_id)
    return _with_notes(tx, rows)[0]


def page(
    tx: Tx, *, state: str | None = None, dialog_id: int | None = None, after: int = 0, limit: int = 50
) -> list[Draft]:
    """The oldest first; `after` is the last id of the previous page."""
    narrowed = "AND f.state = :state" if state is not None else ""
    narrowed += " AND f.dialog_id = :dialog" if dialog_id is not None else ""
    values: dict[str, Any] = {"state": state} if state is not None else {}
    values |= {"dialog": dialog_id} if dialog_id is not None else {}
    rows = tx.all(
        f"""{_SELECT} WHERE f.bot_id = :bot AND f.part_of IS NULL AND f.id > :after {narrowed}
            ORDER BY f.id LIMIT :limit""",
        bot=tx.bot_id,
        after=after,
        limit=limit,
        **values,
    )
    return _with_notes(tx, rows)


def waits_in(tx: Tx, dialog_id: int) -> bool:
    """Whether a draft of the dialog waits for approval."""
    row = tx.one(
        "SELECT 1 AS x FROM drafts WHERE dialog_id = :dialog AND state = 'waiting' LIMIT 1", dialog=dialog_id
    )
    return row is not None


def files_of(tx: Tx, draft_id: int) -> list[int]:
    """The ids of the draft and its album's further parts that are more than text, in order."""
    rows = tx.all(
        "SELECT id, kind FROM drafts WHERE id = :draft OR part_of = :draft ORDER BY id", draft=draft_id
    )
    return [int(row["id"]) for row in rows if row["kind"] != "text"]


def part_by_id(tx: Tx, part_id: int) -> tuple[int, Content] | None:
    """The draft that the part belongs to, and its content."""
    row = tx.one("SELECT * FROM drafts WHERE id = :id", id=part_id)
    return (row["part_of"] or row["id"], _content(row)) if row else None


def find_album(tx: Tx, *, dialog_id: int, author_id: int, album_id: str) -> int | None:
    """The draft made from the album's first part."""
    row = tx.one(
        """SELECT id FROM drafts WHERE dialog_id = :dialog AND author_id = :author AND album_id = :album
           AND part_of IS NULL AND state = 'waiting' ORDER BY id LIMIT 1""",
        dialog=dialog_id,
        author=author_id,
        album=album_id,
    )
    return int(row["id"]) if row else None


def find_by_message(tx: Tx, chat_id: int, tg_message_id: int) -> Draft | None:
    """The newest draft that was made from a manager's message in Telegram."""
    rows = tx.all(
        f"""{_SELECT} WHERE f.bot_id = :bot AND f.chat_id = :chat AND f.tg_message_id = :tg AND f.part_of IS NULL
            ORDER BY f.id DESC LIMIT 1""",
        bot=tx.bot_id,
        chat=chat_id,
        tg=tg_message_id,
    )
    return _with_notes(tx, rows)[0] if rows else None


def find_by_sent_message(tx: Tx, message_id: int, dialog_id: int | None) -> Draft | None:
    """The draft that was approved and sent as this message of the dialog."""
    rows = tx.all(
        f"{_SELECT} WHERE f.dialog_id = :dialog AND f.message_id = :message LIMIT 1",
        dialog=dialog_id,
        message=message_id,
    )
    return _with_notes(tx, rows)[0] if rows else None


def save(tx: Tx, draft: Draft) -> None:
    """Saves the decision and the present content."""
    tx.run(
        """UPDATE drafts SET state = :state, reason = :reason, decided_by = :decider, message_id = :message,
                  kind = :kind, text = :text, entities_json = :entities, data_json = :data, seen_message_id = :seen,
                  changed_at = :at
           WHERE id = :id""",
        state=draft.state.value,
        reason=draft.reason,
        decider=draft.decided_by.id if draft.decided_by else None,
        message=draft.message_id,
        kind=draft.content.kind,
        text=draft.content.text,
        entities=list(draft.content.entities),
        data=draft.content.data,
        seen=draft.seen_message_id,
        at=tx.at,
        id=draft.id,
    )


def set_cards(tx: Tx, draft_id: int, cards: list[tuple[int, str]]) -> None:
    """Saves the messages that show the draft."""
    tx.run(
        "UPDATE drafts SET cards_json = :cards WHERE id = :id",
        cards=[list(card) for card in cards],
        id=draft_id,
    )


def drop_all(tx: Tx, dialog_id: int) -> list[Draft]:
    """Drops all drafts of the dialog that were not sent; returns them in their new state."""
    rows = tx.all(
        """UPDATE drafts SET state = 'dropped', changed_at = :at
           WHERE dialog_id = :dialog AND state IN ('waiting', 'returned') RETURNING id, part_of""",
        at=tx.at,
        dialog=dialog_id,
    )
    return [by_id(tx, row["id"]) for row in rows if row["part_of"] is None]


def of_card(tx: Tx, dialog_id: int, chat_id: int, tg_message_id: int) -> Draft | None:
    """The draft that this message of the dialog shows."""
    rows = tx.all(
        f"""{_SELECT} JOIN outbox o ON o.bot_id = f.bot_id AND o.chat_id = :chat AND o.tg_message_id = :tg
            WHERE f.dialog_id = :dialog AND f.part_of IS NULL AND o.dialog_id = :dialog
            AND o.key LIKE 'draft:' || CAST(f.id AS TEXT) || ':%' LIMIT 1""",
        dialog=dialog_id,
        chat=chat_id,
        tg=tg_message_id,
    )
    return _with_notes(tx, rows)[0] if rows else None


def insert_note(tx: Tx, *, draft_id: int, manager_id: int, text: str) -> int:
    row = tx.one(
        """INSERT INTO draft_notes (draft_id, manager_id, text, created_at)
           VALUES (:draft, :manager, :text, :at) RETURNING id""",
        draft=draft_id,
        manager=manager_id,
        text=text,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def remove_note(tx: Tx, note_id: int) -> bool:
    """Deletes the note; returns whether it existed until now."""
    return bool(
        tx.run(
            "UPDATE draft_notes SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL",
            at=tx.at,
            id=note_id,
        )
    )


def _with_notes(tx: Tx, rows: list[Row]) -> list[Draft]:
    if not rows:
        return []
    among, values = placeholders([row["id"] for row in rows])
    notes = tx.all(
        f"""SELECT n.id, n.draft_id, n.text, n.created_at, m.id AS manager_id, m.telegram_id, m.name
            FROM draft_notes n JOIN managers m ON m.id = n.manager_id
            WHERE n.draft_id IN ({among}) AND n.deleted_at IS NULL ORDER BY n.id""",
        **values,
    )
    parts = []
    if any(row["album_id"] is not None for row in rows):
        parts = tx.all(f"SELECT * FROM drafts WHERE part_of IN ({among}) ORDER BY id", **values)
    return [
        _draft(
            row,
            [note for note in notes if note["draft_id"] == row["id"]],
            [part for part in parts if part["part_of"] == row["id"]],
        )
        for row in rows
    ]


def _draft(row: Row, notes: list[Row], parts: list[Row]) -> Draft:
    decided = row["decided_by"] is not None
    return Draft(
        id=row["id"],
        dialog_id=row["dialog_id"],
        author=Person(row["author_id"], row["author_telegram_id"], row["author_name"]),
        content=_content(row),
        state=DraftState(row["state"]),
        seen_message_id=row["seen_message_id"],
        reason=row["reason"],
        decided_by=Person(row["decided_by"], row["decider_telegram_id"], row["decider_name"])
        if decided
        else None,
        message_id=row["message_id"],
        cards=tuple((chat_id, key) for chat_id, key in row["cards_json"]),
        notes=tuple(
            DraftNote(
                note["id"],
                Person(note["manager_id"], note["telegram_id"], note["name"]),
                note["text"],
                note["created_at"],
            )
            for note in notes
        ),
        created_at=row["created_at"],
        parts=tuple(_content(part) for part in parts),
    )


def _content(row: Row) -> Content:
    return Content(
        kind=row["kind"],
        text=row["text"],
        entities=tuple(row["entities_json"]),
        data=row["data_json"],
        chat_id=row["chat_id"],
        thread_id=row["thread_id"],
        tg_message_id=row["tg_message_id"],
        album_id=row["album_id"],
    )
