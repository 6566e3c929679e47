"""The cards that follow broadcasts in chats of the desk, and what each shows now."""

from typing import Any

from holdline.store.tx import Row, Tx

MOST_REOPENED = 10


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
    return tx.all(
        """SELECT c.id, c.broadcast_id, c.chat_id, c.said_as, c.shown_json FROM broadcast_cards c
           WHERE c.bot_id = :bot AND c.ended = 0 ORDER BY c.shown_at, c.id LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )


def of_broadcast(tx: Tx, broadcast_id: int) -> list[Row]:
    """Every card of the broadcast that still changes."""
    return tx.all(
        "SELECT * FROM broadcast_cards WHERE bot_id = :bot AND broadcast_id = :broadcast AND ended = 0 ORDER BY id",
        bot=tx.bot_id,
        broadcast=broadcast_id,
    )


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
