"""Templates for replies and notes, each with the team that it is for."""

from typing import Any

from holdline.dialogs.conversation.template import Template
from holdline.store.tx import Row, Tx

_SELECT = """SELECT t.*, team.name AS team FROM templates t LEFT JOIN teams team ON team.id = t.team_id
    WHERE t.bot_id = :bot AND t.deleted_at IS NULL"""


def insert(tx: Tx, fields: dict[str, Any]) -> int:
    """`fields`: name, kind, text, team_id, language, file_json."""
    row = tx.one(
        """INSERT INTO templates (bot_id, name, kind, text, team_id, language, file_json, changed_at, created_at)
           VALUES (:bot, :name, :kind, :text, :team_id, :language, :file_json, :at, :at) RETURNING id""",
        bot=tx.bot_id,
        at=tx.at,
        **fields,
    )
    assert row is not None
    return int(row["id"])


def update(tx: Tx, template_id: int, fields: dict[str, Any]) -> None:
    """Takes only column names written in this code, never names from outside."""
    assignments = ", ".join(f"{name} = :{name}" for name in fields)
    tx.run(
        f"UPDATE templates SET {assignments}, changed_at = :at WHERE bot_id = :bot AND id = :id",
        bot=tx.bot_id,
        id=template_id,
        at=tx.at,
        **fields,
    )


def count_use(tx: Tx, template_id: int) -> None:
    tx.run(
        "UPDATE templates SET uses = uses + 1 WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=template_id
    )


def by_id(tx: Tx, template_id: int) -> Template | None:
    """The template, or None if there is none or it was deleted."""
    row = tx.one(f"{_SELECT} AND t.id = :id", bot=tx.bot_id, id=template_id)
    return _template(row) if row else None


def page(tx: Tx, *, after: int, limit: int) -> list[Template]:
    """Oldest first."""
    rows = tx.all(
        f"{_SELECT} AND t.id > :after ORDER BY t.id LIMIT :limit", bot=tx.bot_id, after=after, limit=limit
    )
    return [_template(row) for row in rows]


def _template(row: Row) -> Template:
    return Template(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        text=row["text"],
        team_id=row["team_id"],
        team=row["team"],
        language=row["language"],
        file=row["file_json"],
        uses=row["uses"],
    )
