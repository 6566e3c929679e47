"""The bot itself, as Telegram named it at the last start."""

from holdline.store.tx import Tx


def is_called(tx: Tx, username: str) -> bool:
    """Whether `/command@username` is meant for this bot; before the first start everything is."""
    row = tx.one("SELECT username FROM bots WHERE id = :bot", bot=tx.bot_id)
    return row is None or row["username"].casefold() == username.casefold()
