"""What Telegram does to places: threads created and lost, cards, groups that move."""

from datetime import datetime, timedelta

from holdline.dialogs.outbox.messages import TopicCreation
from holdline.store.tx import Row, Tx


def set_thread(tx: Tx, place_id: int, thread_id: int) -> None:
    """Records the topic's thread; messages that wait for it may be sent."""
    tx.run(
        "UPDATE places SET thread_id = :thread WHERE bot_id = :bot AND id = :id",
        thread=thread_id,
        bot=tx.bot_id,
        id=place_id,
    )


def is_topic_in_creation(tx: Tx, chat_id: int) -> bool:
    """Whether a topic of that chat may exist already although its thread id is not known yet."""
    return (
        tx.one(
            f"""SELECT id FROM outbox WHERE bot_id = :bot AND chat_id = :chat AND kind = '{TopicCreation.kind}'
               AND status = 'sending' LIMIT 1""",
            bot=tx.bot_id,
            chat=chat_id,
        )
        is not None
    )


def fall_back_to_header(tx: Tx, place_id: int | None) -> None:
    """Switches to messages with the dialog in a header, because no topic can be created there."""
    tx.run(
        """UPDATE places SET mode = 'with_header' WHERE bot_id = :bot AND id = :id AND thread_id IS NULL""",
        bot=tx.bot_id,
        id=place_id,
    )


def set_card(tx: Tx, place_id: int, tg_message_id: int) -> None:
    """Records the place's info card, which is edited from now on."""
    tx.run(
        "UPDATE places SET card_tg_message_id = :card WHERE bot_id = :bot AND id = :id",
        card=tg_message_id,
        bot=tx.bot_id,
        id=place_id,
    )


def set_rename_time(tx: Tx, place_id: int, at: datetime) -> None:
    """Records when the place's topic gets a new name."""
    tx.run(
        "UPDATE places SET named_at = :named WHERE bot_id = :bot AND id = :id",
        named=at,
        bot=tx.bot_id,
        id=place_id,
    )


def count_recent_losses(tx: Tx, place: Row, within: timedelta) -> int:
    """How many places of the same dialog in the same chat were created within that time and are no longer live."""
    row = tx.one(
        """SELECT COUNT(*) AS lost FROM places WHERE bot_id = :bot AND chat_id = :chat
           AND COALESCE(dialog_id, 0) = :dialog AND live = 0 AND created_at > :since""",
        bot=tx.bot_id,
        chat=place["chat_id"],
        dialog=place["dialog_id"] or 0,
        since=tx.at - within,
    )
    return int(row["lost"]) if row else 0


def twin(tx: Tx, place: Row, chat_id: int) -> Row | None:
    """Another live place of the same dialog, in the given chat."""
    return tx.one(
        """SELECT * FROM places WHERE bot_id = :bot AND chat_id = :chat AND COALESCE(dialog_id, 0) = :dialog
           AND live = 1 AND id <> :id""",
        bot=tx.bot_id,
        chat=chat_id,
        dialog=place["dialog_id"] or 0,
        id=place["id"],
    )


def places_with_header(tx: Tx, chat_id: int) -> list[Row]:
    """The live places in that chat without a topic: of the Inbox, and of dialogs that are not closed."""
    return tx.all(
        """SELECT p.* FROM places p LEFT JOIN dialogs d ON d.id = p.dialog_id
           WHERE p.bot_id = :bot AND p.chat_id = :chat AND p.live = 1 AND p.mode = 'with_header'
           AND (p.dialog_id IS NULL OR d.state <> 'closed') ORDER BY p.id""",
        bot=tx.bot_id,
        chat=chat_id,
    )


def in_chat(tx: Tx, chat_id: int) -> list[Row]:
    return tx.all(
        "SELECT * FROM places WHERE bot_id = :bot AND chat_id = :chat AND live = 1 ORDER BY id",
        bot=tx.bot_id,
        chat=chat_id,
    )


def list_active_dialogs_elsewhere(tx: Tx, chat_id: int) -> list[int]:
    """The active dialogs that have no live place in that chat."""
    rows = tx.all(
        """SELECT d.id FROM dialogs d WHERE d.bot_id = :bot AND d.state = 'active' AND NOT EXISTS (
               SELECT 1 FROM places p WHERE p.bot_id = d.bot_id AND p.dialog_id = d.id AND p.chat_id = :chat
               AND p.live = 1) ORDER BY d.id""",
        bot=tx.bot_id,
        chat=chat_id,
    )
    return [int(row["id"]) for row in rows]


def other_groups(tx: Tx, chat_id: int) -> list[int]:
    """All other groups in which something is shown; a group's id is below 0."""
    rows = tx.all(
        """SELECT DISTINCT chat_id FROM places
           WHERE bot_id = :bot AND chat_id < 0 AND chat_id <> :chat AND live = 1 ORDER BY chat_id""",
        bot=tx.bot_id,
        chat=chat_id,
    )
    return [int(row["chat_id"]) for row in rows]


def has_only_dead_places(tx: Tx, chat_id: int) -> bool:
    """Whether something was shown there and nothing is any longer."""
    row = tx.one(
        "SELECT MAX(live) AS live FROM places WHERE bot_id = :bot AND chat_id = :chat",
        bot=tx.bot_id,
        chat=chat_id,
    )
    return row is not None and row["live"] == 0


def move(tx: Tx, place_id: int, new_chat_id: int) -> None:
    """Moves the place to the group's new id."""
    tx.run(
        "UPDATE places SET chat_id = :chat WHERE bot_id = :bot AND id = :id",
        chat=new_chat_id,
        bot=tx.bot_id,
        id=place_id,
    )
