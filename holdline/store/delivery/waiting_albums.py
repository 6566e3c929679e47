"""Albums that managers are sending: their parts are stored here until the whole album can be decided."""

from dataclasses import asdict, dataclass
from datetime import datetime

from holdline.dialogs.album import GATHER
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.restores.held_work import not_held
from holdline.store.tx import Row, Tx, placeholders

_NOT_HELD = not_held("waiting_album_parts", "waiting_album_parts.id")


@dataclass(frozen=True, slots=True)
class WaitingAlbum:
    """An album: Telegram's id is unique within a chat, and one person sends it."""

    chat_id: int
    album_id: str
    telegram_id: int


def add_part(tx: Tx, sender: MessageSender, content: Content) -> None:
    """Adds a part; the same Telegram message again changes nothing."""
    tx.run(
        """INSERT INTO waiting_album_parts
               (bot_id, chat_id, album_id, telegram_id, tg_message_id, sender_json, content_json, created_at)
           VALUES (:bot, :chat, :album, :person, :number, :sender, :content, :at)
           ON CONFLICT (bot_id, chat_id, tg_message_id) DO NOTHING""",
        bot=tx.bot_id,
        chat=content.chat_id,
        album=content.album_id,
        person=sender.telegram_id,
        number=content.tg_message_id,
        sender=asdict(sender),
        content=asdict(content),
        at=tx.at,
    )
    tx.wake("albums")


def edit_part(tx: Tx, content: Content) -> bool:
    """Edits a part that still waits; returns whether there was one."""
    return bool(
        tx.run(
            """UPDATE waiting_album_parts SET content_json = :content
               WHERE bot_id = :bot AND chat_id = :chat AND tg_message_id = :number""",
            content=asdict(content),
            bot=tx.bot_id,
            chat=content.chat_id,
            number=content.tg_message_id,
        )
    )


def list_complete(tx: Tx) -> list[WaitingAlbum]:
    """Albums of which no part has come for a while, or whose last part is in the future because the clock was put
    back.
    """
    rows = tx.all(
        f"""SELECT chat_id, album_id, telegram_id FROM waiting_album_parts WHERE bot_id = :bot AND {_NOT_HELD}
           GROUP BY chat_id, album_id, telegram_id
           HAVING MAX(created_at) <= :before OR MAX(created_at) > :at ORDER BY MIN(id)""",
        bot=tx.bot_id,
        before=tx.at - GATHER,
        at=tx.at,
    )
    return [_album(row) for row in rows]


def of_person(
    tx: Tx, *, chat_id: int, telegram_id: int, except_album: str | None = None
) -> list[WaitingAlbum]:
    """The waiting albums that this person has sent in that chat, oldest first."""
    rows = tx.all(
        f"""SELECT chat_id, album_id, telegram_id FROM waiting_album_parts
           WHERE bot_id = :bot AND chat_id = :chat AND telegram_id = :person AND album_id <> :except AND {_NOT_HELD}
           GROUP BY chat_id, album_id, telegram_id ORDER BY MIN(id)""",
        bot=tx.bot_id,
        chat=chat_id,
        person=telegram_id,
        **{"except": except_album or ""},
    )
    return [_album(row) for row in rows]


def take(tx: Tx, album: WaitingAlbum) -> tuple[MessageSender, list[Content]] | None:
    """Takes out the album's parts, in their order at Telegram; None if somebody else was faster."""
    rows = _remove(tx, album)
    return (MessageSender(**rows[-1]["sender_json"]), [_content(row) for row in rows]) if rows else None


@dataclass(frozen=True, slots=True)
class DroppedAlbum:
    """The first part of an album that could not be decided: its message and thread."""

    tg_message_id: int
    thread_id: int | None


def drop(tx: Tx, album: WaitingAlbum) -> DroppedAlbum | None:
    """Takes out the album's parts without reading them; returns the first."""
    rows = _remove(tx, album)
    if not rows:
        return None
    content = rows[0]["content_json"]
    thread = content.get("thread_id") if isinstance(content, dict) else None
    return DroppedAlbum(int(rows[0]["tg_message_id"]), thread)


def delete_parts(tx: Tx, row_ids: list[int]) -> None:
    """These parts are never handled."""
    among, values = placeholders(row_ids)
    tx.run(
        f"DELETE FROM waiting_album_parts WHERE bot_id = :bot AND id IN ({among})", bot=tx.bot_id, **values
    )


def _remove(tx: Tx, album: WaitingAlbum) -> list[Row]:
    rows = tx.all(
        """DELETE FROM waiting_album_parts WHERE bot_id = :bot AND chat_id = :chat AND album_id = :album
           AND telegram_id = :person RETURNING tg_message_id, sender_json, content_json""",
        **_names(tx, album),
    )
    return sorted(rows, key=lambda row: int(row["tg_message_id"]))


def record_failure(tx: Tx, album: WaitingAlbum) -> int:
    """Records that deciding the album failed once more; returns how often it has failed."""
    rows = tx.all(
        """UPDATE waiting_album_parts SET failures = failures + 1 WHERE bot_id = :bot AND chat_id = :chat
           AND album_id = :album AND telegram_id = :person RETURNING failures""",
        **_names(tx, album),
    )
    return max((int(row["failures"]) for row in rows), default=0)


def next_complete_at(tx: Tx) -> datetime | None:
    """When the next album is complete if no further part comes; None if nothing waits."""
    row = tx.one(
        f"""SELECT MIN(last_at) AS next_at FROM (
               SELECT MAX(created_at) AS last_at FROM waiting_album_parts WHERE bot_id = :bot AND {_NOT_HELD}
               GROUP BY chat_id, album_id, telegram_id) AS albums""",
        bot=tx.bot_id,
    )
    return row["next_at"] + GATHER if row and row["next_at"] else None


def _album(row: Row) -> WaitingAlbum:
    return WaitingAlbum(row["chat_id"], row["album_id"], row["telegram_id"])


def _names(tx: Tx, album: WaitingAlbum) -> dict[str, object]:
    return {"bot": tx.bot_id, "chat": album.chat_id, "album": album.album_id, "person": album.telegram_id}


def _content(row: Row) -> Content:
    stored = row["content_json"]
    return Content(**{**stored, "entities": tuple(stored["entities"])})
