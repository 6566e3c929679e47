"""Rules that tag, and how often people removed such a tag."""

from typing import Any

from holdline.dialogs.tagging.tag_rules import TagRule
from holdline.store.tx import Row, Tx

_SELECT = """SELECT r.id, r.tag_id, l.name, r.words_json, r.regex, r.enabled
FROM tag_rules r JOIN lists l ON l.id = r.tag_id WHERE r.bot_id = :bot"""


def all_rules(tx: Tx) -> list[TagRule]:
    """Oldest first."""
    return [_rule(row) for row in tx.all(f"{_SELECT} ORDER BY r.id", bot=tx.bot_id)]


def rules_in_force(tx: Tx) -> list[TagRule]:
    """The rules that are on and whose tag was not deleted, oldest first.

    Cached by the writer, so that a close runs no query if there are none.
    """
    rows = tx.all(f"{_SELECT} AND r.enabled = 1 AND l.deleted_at IS NULL ORDER BY r.id", bot=tx.bot_id)
    return [_rule(row) for row in rows]


def count_corrections(tx: Tx) -> dict[int, int]:
    """Tag → how often people removed it after a rule had added it."""
    rows = tx.all(
        """SELECT tag_id, COUNT(*) AS n FROM tag_corrections WHERE bot_id = :bot AND source = 'rule'
           GROUP BY tag_id""",
        bot=tx.bot_id,
    )
    return {row["tag_id"]: row["n"] for row in rows}


def insert(tx: Tx, columns: dict[str, Any]) -> int:
    row = tx.one(
        """INSERT INTO tag_rules (bot_id, tag_id, words_json, regex, enabled, created_at)
           VALUES (:bot, :tag_id, :words, :regex, :enabled, :at) RETURNING id""",
        bot=tx.bot_id,
        at=tx.at,
        **columns,
    )
    assert row is not None
    return int(row["id"])


def update(tx: Tx, rule_id: int, columns: dict[str, Any]) -> None:
    tx.run(
        """UPDATE tag_rules SET tag_id = :tag_id, words_json = :words, regex = :regex, enabled = :enabled
           WHERE bot_id = :bot AND id = :id""",
        bot=tx.bot_id,
        id=rule_id,
        **columns,
    )


def delete(tx: Tx, rule_id: int) -> None:
    tx.run("DELETE FROM tag_rules WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=rule_id)


def text_of(tx: Tx, dialog_id: int, *, limit: int) -> str:
    """The texts of the customer's messages in the dialog, newest first, including those that it took up."""
    rows = tx.all(
        """SELECT text FROM messages WHERE bot_id = :bot AND (dialog_id = :dialog OR moved_to_dialog_id = :dialog)
           AND class = 'customer' AND deleted_at IS NULL AND text <> '' ORDER BY id DESC LIMIT :limit""",
        bot=tx.bot_id,
        dialog=dialog_id,
        limit=limit,
    )
    return "\n".join(row["text"] for row in rows)


def automatic_tags(tx: Tx, dialog_id: int) -> dict[int, str]:
    """Tag → its source, for tags that no manager added."""
    rows = tx.all(
        """SELECT x.list_id, x.source FROM dialog_labels x JOIN lists l ON l.id = x.list_id
           WHERE x.dialog_id = :dialog AND l.kind = 'tags' AND x.source <> 'manager'""",
        dialog=dialog_id,
    )
    return {row["list_id"]: row["source"] for row in rows}


def automatic_tag_names(tx: Tx, dialog_id: int) -> dict[int, str]:
    """Tag → its name, for tags that no manager added."""
    rows = tx.all(
        """SELECT l.id, l.name FROM dialog_labels x JOIN lists l ON l.id = x.list_id
           WHERE x.dialog_id = :dialog AND l.kind = 'tags' AND x.source <> 'manager' ORDER BY l.name""",
        dialog=dialog_id,
    )
    return {row["id"]: row["name"] for row in rows}


def add_correction(tx: Tx, dialog_id: int, tag_id: int, source: str) -> None:
    tx.run(
        """INSERT INTO tag_corrections (bot_id, dialog_id, tag_id, source, created_at)
           VALUES (:bot, :dialog, :tag, :source, :at)""",
        bot=tx.bot_id,
        dialog=dialog_id,
        tag=tag_id,
        source=source,
        at=tx.at,
    )


def _rule(row: Row) -> TagRule:
    return TagRule(
        id=row["id"],
        tag_id=row["tag_id"],
        tag=row["name"],
        any_of=tuple(row["words_json"]),
        regex=row["regex"],
        enabled=bool(row["enabled"]),
    )
