"""The standard messages that the desk wrote itself; if a row is missing, the default of the texts is used."""

import json
from collections.abc import Sequence

from holdline.store.tx import Row, Tx


def find(tx: Tx, name: str, language: str) -> Row | None:
    return tx.one(
        """SELECT text, buttons_json, changed_at FROM standard_messages
           WHERE bot_id = :bot AND name = :name AND language = :language""",
        bot=tx.bot_id,
        name=name,
        language=language,
    )


def put(tx: Tx, name: str, language: str, *, text: str, buttons: Sequence[str] | None) -> None:
    """Adds or replaces it; `buttons` None leaves the default captions."""
    tx.run(
        """INSERT INTO standard_messages (bot_id, name, language, text, buttons_json, changed_at)
           VALUES (:bot, :name, :language, :text, :buttons, :at)
           ON CONFLICT (bot_id, name, language)
           DO UPDATE SET text = excluded.text, buttons_json = excluded.buttons_json,
                         changed_at = excluded.changed_at""",
        bot=tx.bot_id,
        name=name,
        language=language,
        text=text,
        buttons=None if buttons is None else json.dumps(list(buttons)),
        at=tx.at,
    )


def delete(tx: Tx, name: str, language: str) -> bool:
    """Deletes it; returns whether there was one."""
    return bool(
        tx.run(
            "DELETE FROM standard_messages WHERE bot_id = :bot AND name = :name AND language = :language",
            bot=tx.bot_id,
            name=name,
            language=language,
        )
    )
