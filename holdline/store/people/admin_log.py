"""What administrators changed: who, when, before and after; lines are added, never changed."""

import json

from holdline.dialogs.manager import Manager
from holdline.store.tx import Row, Tx


def add(
    tx: Tx, manager: Manager | None, change: str, *, about: str, before: object = None, after: object = None
) -> None:
    """Adds a line in the transaction of the change; `manager` None is the system or an API key without a person."""
    tx.run(
        """INSERT INTO admin_log (bot_id, manager_id, manager_name, manager_telegram_id, change, object,
                                  before_json, after_json, created_at)
           VALUES (:bot, :manager, :name, :telegram, :change, :object, :before, :after, :at)""",
        bot=tx.bot_id,
        manager=manager.id if manager else None,
        name=manager.name if manager else "system",
        telegram=manager.telegram_id if manager else None,
        change=change,
        object=about,
        before=_json(before),
        after=_json(after),
        at=tx.at,
    )


def page(tx: Tx, *, after: int | None = None, limit: int = 50) -> list[Row]:
    """Newest first; `after` is the last id of the previous page."""
    return tx.all(
        """SELECT * FROM admin_log WHERE bot_id = :bot AND (CAST(:after AS BIGINT) IS NULL OR id < :after)
           ORDER BY id DESC LIMIT :limit""",
        bot=tx.bot_id,
        after=after,
        limit=limit,
    )


def _json(content: object) -> str | None:
    return None if content is None else json.dumps(content, separators=(",", ":"))
