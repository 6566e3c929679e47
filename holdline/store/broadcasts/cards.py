"""The cards that follow broadcasts in chats of the desk, and what each shows now."""

from typing import Any

from holdline.store.tx import Row, Tx

MOST_REOPENED = 10
_LIVE = """SELECT c.id, c.broadcast_id, c.chat_id, c.said_as, c.shown_json, ch.moved_to_chat_id
    FROM broadcast_cards c LEFT JOIN chats ch ON ch.bot_id = c.bot_id AND ch.chat_id = c.chat_id
    WHERE c.bot_id = :bot AND c.ended = 0"""


def put(tx: Tx, broadcast_id: int, chat_id: int, *, said_as: str, shown: Any) -> None:
    """Adds a card each time one is asked for."""
    tx.run(
        """INSERT INTO broadcast_cards (bot_id, broadcast_id, chat_id, said_as, shown_json, shown_at)
           VALUES (:bot, :broadcast, :chat, :said_as, :shown, :at) ON CONFLICT (bot_id, said_as) DO NOTHING""",
        bot=tx.bot_id,
        broadcast=broadcast_id,
        chat=chat_id,
        said_as=said_as,
        shown=shown,
        at=tx.at,
    )


def list_live(tx: Tx, *, limit: int) -> list[Row]:
    """Cards of broadcasts that still change, or that do not show the end yet; the one drawn longest ago first."""
    return tx.all(f"{_LIVE} ORDER BY c.shown_at, c.id LIMIT :limit", bot=tx.bot_id, limit=limit)


def of_broadcast(tx: Tx, broadcast_id: int) -> list[Row]:
    """Every card of the broadcast that still changes."""
    sql = f"{_LIVE} AND c.broadcast_id = :broadcast ORDER BY c.id"
    return tx.all(sql, bot=tx.bot_id, broadcast=broadcast_id)


def reopen(tx: Tx, broadcast_id: int) -> None:
    """The newest cards, which may have shown the end already, follow the broadcast again because it changes again."""
    tx.run(
        """UPDATE broadcast_cards SET ended = 0 WHERE id IN (
               SELECT id FROM broadcast_cards WHERE bot_id = :bot AND broadcast_id = :broadcast
               ORDER BY id DESC LIMIT :most)""",
        bot=tx.bot_id,
        broadcast=broadcast_id,
        most=MOST_REOPENED,
    )


def mark_shown(tx: Tx, card_id: int, shown: Any, *, ended: bool) -> None:
    tx.run(
        "UPDATE broadcast_cards SET shown_json = :shown, shown_at = :at, ended = :ended WHERE id = :id",
        shown=shown,
        at=tx.at,
        ended=int(ended),
        id=card_id,
    )


def move(tx: Tx, card_id: int, chat_id: int, *, said_as: str) -> None:
    """The card's group has a new id, and the card a message of its own there."""
    tx.run(
        "UPDATE broadcast_cards SET chat_id = :chat, said_as = :said_as WHERE id = :id",
        chat=chat_id,
        said_as=said_as,
        id=card_id,
    )


def end(tx: Tx, said_as: str) -> None:
    """The card's message is gone, so that nothing updates it any longer. Does nothing for a notice that is no card."""
    tx.run(
        "UPDATE broadcast_cards SET ended = 1 WHERE bot_id = :bot AND said_as = :said_as",
        bot=tx.bot_id,
        said_as=said_as,
    )
