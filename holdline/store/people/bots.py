"""The bot itself, as Telegram named it at the last start."""

from holdline.store.tx import Tx


def is_own_username(tx: Tx, username: str) -> bool:
    """Whether `/command@username` is meant for this bot; before the first start every command is."""
    row = tx.one("SELECT username FROM bots WHERE id = :bot", bot=tx.bot_id)
    return row is None or row["username"].casefold() == username.casefold()


def username(tx: Tx) -> str:
    """The username without the @; empty if Telegram has never answered."""
    row = tx.one("SELECT username FROM bots WHERE id = :bot", bot=tx.bot_id)
    return str(row["username"]) if row else ""


def save(tx: Tx, *, username: str, topics_in_private: bool) -> None:
    """Saves what getMe has just returned."""
    tx.run(
        """INSERT INTO bots (id, username, topics_in_private, created_at) VALUES (:bot, :username, :topics, :at)
           ON CONFLICT (id) DO UPDATE SET username = excluded.username,
                                          topics_in_private = excluded.topics_in_private""",
        bot=tx.bot_id,
        username=username,
        topics=topics_in_private,
        at=tx.at,
    )
