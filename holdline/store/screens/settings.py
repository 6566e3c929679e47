"""Settings of one bot's desk that live in the database: a name and any JSON value."""

import json
from typing import Any

from holdline.store.tx import Tx


def value(tx: Tx, name: str, default: Any = None) -> Any:
    """The stored value, or `default`."""
    row = tx.one(
        "SELECT value_json FROM settings WHERE bot_id = :bot AND name = :name", bot=tx.bot_id, name=name
    )
    return default if row is None else row["value_json"]


def put(tx: Tx, name: str, content: object) -> None:
    """Adds or replaces the value."""
    tx.run(
        """INSERT INTO settings (bot_id, name, value_json) VALUES (:bot, :name, :value)
           ON CONFLICT (bot_id, name) DO UPDATE SET value_json = excluded.value_json""",
        bot=tx.bot_id,
        name=name,
        value=_json(content),
    )


def put_once(tx: Tx, name: str, content: object) -> bool:
    """Whether this call was the first ever; of two at once the second waits, and only one gets True."""
    return bool(
        tx.run(
            """INSERT INTO settings (bot_id, name, value_json) VALUES (:bot, :name, :value)
               ON CONFLICT (bot_id, name) DO NOTHING""",
            bot=tx.bot_id,
            name=name,
            value=_json(content),
        )
    )


def lock(tx: Tx, name: str) -> None:
    """Holds that name alone until the end of the transaction: for rules that span many rows."""
    put_once(tx, name, None)
    tx.one(
        "SELECT name FROM settings WHERE bot_id = :bot AND name = :name FOR UPDATE", bot=tx.bot_id, name=name
    )


def _json(content: object) -> str:
    return json.dumps(content, separators=(",", ":"))
