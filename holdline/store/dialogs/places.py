"""Places: where the desk sees a dialog (or, without one, the Inbox)."""

from holdline.store.tx import Row, Tx, placeholders


def find_live(tx: Tx, chat_id: int, dialog_id: int | None) -> Row | None:
    return tx.one(
        """SELECT * FROM places WHERE bot_id = :bot AND chat_id = :chat AND COALESCE(dialog_id, 0) = :dialog
           AND live = 1""",
        bot=tx.bot_id,
        chat=chat_id,
        dialog=dialog_id or 0,
    )


def insert(tx: Tx, *, chat_id: int, dialog_id: int | None, mode: str, name: str) -> Row:
    """`mode`: topic or with_header; the thread is set once Telegram has created it."""
    row = tx.one(
        """INSERT INTO places (bot_id, chat_id, dialog_id, mode, name, created_at)
           VALUES (:bot, :chat, :dialog, :mode, :name, :at) RETURNING *""",
        bot=tx.bot_id,
        chat=chat_id,
        dialog=dialog_id,
        mode=mode,
        name=name,
        at=tx.at,
    )
    assert row is not None
    return row


def of_dialog(tx: Tx, dialog_id: int) -> list[Row]:
    """Every live place of the dialog."""
    return tx.all(
        "SELECT * FROM places WHERE bot_id = :bot AND dialog_id = :dialog AND live = 1 ORDER BY id",
        bot=tx.bot_id,
        dialog=dialog_id,
    )


def of_inbox(tx: Tx, chat_ids: list[int]) -> list[Row]:
    """The live places of the Inbox in these chats."""
    if not chat_ids:
        return []
    among, values = placeholders(chat_ids)
    return tx.all(
        f"""SELECT * FROM places WHERE bot_id = :bot AND chat_id IN ({among}) AND COALESCE(dialog_id, 0) = 0
            AND live = 1""",
        bot=tx.bot_id,
        **values,
    )


def by_thread(tx: Tx, chat_id: int, thread_id: int) -> Row | None:
    """The place that the thread shows, or the last one it showed."""
    return tx.one(
        """SELECT * FROM places WHERE bot_id = :bot AND chat_id = :chat AND thread_id = :thread
           ORDER BY live DESC, id DESC LIMIT 1""",
        bot=tx.bot_id,
        chat=chat_id,
        thread=thread_id,
    )


def by_id(tx: Tx, place_id: int) -> Row | None:
    return tx.one("SELECT * FROM places WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=place_id)


def end(tx: Tx, place_id: int) -> None:
    """Ends the place: it no longer shows anything."""
    tx.run("UPDATE places SET live = 0 WHERE id = :id", id=place_id)


def has_private_topics(tx: Tx) -> bool:
    """Whether this bot has topics switched on in private chats."""
    row = tx.one("SELECT topics_in_private FROM bots WHERE id = :bot", bot=tx.bot_id)
    return bool(row and row["topics_in_private"])
