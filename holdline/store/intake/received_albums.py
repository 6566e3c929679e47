"""Albums as Telegram delivered them: an answer to one part names the album, and its other parts are found here."""

from holdline.store.tx import Tx

RECENT = 10_000
"""How many of the newest updates are searched: this takes a reader some ten milliseconds."""


def list_updates(tx: Tx, album_id: str) -> list[str]:
    """Raw updates that name that album, in order, from all chats."""
    digits = "".join(sign for sign in album_id if sign.isalnum())
    rows = tx.all(
        """SELECT raw FROM inbox WHERE bot_id = :bot AND id > (SELECT MAX(id) FROM inbox) - :recent
           AND raw LIKE :mark ORDER BY update_id""",
        bot=tx.bot_id,
        recent=RECENT,
        mark=f'%"{digits}"%',
    )
    return [str(row["raw"]) for row in rows]
