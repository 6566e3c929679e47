"""Dialogs that people have tagged, to learn from; and how often automatic tags were right."""

from datetime import datetime

from holdline.dialogs.tagging.model_state import Correctness
from holdline.store.tx import Row, Tx, placeholders

_TAGGED_BY_PEOPLE = """EXISTS (SELECT 1 FROM dialog_labels x JOIN lists l ON l.id = x.list_id
WHERE x.dialog_id = d.id AND x.source = 'manager' AND l.kind = 'tags' AND l.deleted_at IS NULL)"""
_EMPTIED_BY_PEOPLE = """(EXISTS (SELECT 1 FROM tag_corrections c WHERE c.dialog_id = d.id)
AND NOT EXISTS (SELECT 1 FROM dialog_labels x JOIN lists l ON l.id = x.list_id
WHERE x.dialog_id = d.id AND l.kind = 'tags'))"""
_IS_EXAMPLE = f"""d.bot_id = :bot AND d.state = 'closed' AND d.merged_into IS NULL
AND ({_TAGGED_BY_PEOPLE} OR {_EMPTIED_BY_PEOPLE})"""


def page(tx: Tx, *, before: int | None, limit: int) -> list[Row]:
    """Closed dialogs, newest first, that people tagged, or from which people removed every automatic tag."""
    return tx.all(
        f"""SELECT d.id, d.title, d.description FROM dialogs d
            WHERE {_IS_EXAMPLE} AND (CAST(:before AS BIGINT) IS NULL OR d.id < :before)
            ORDER BY d.id DESC LIMIT :limit""",
        bot=tx.bot_id,
        before=before,
        limit=limit,
    )


def count(tx: Tx, *, most: int) -> int:
    """How many such dialogs there are; counts at most `most`."""
    row = tx.one(
        f"""SELECT COUNT(*) AS n FROM (SELECT d.id FROM dialogs d
            WHERE {_IS_EXAMPLE} LIMIT :most) AS tagged""",
        bot=tx.bot_id,
        most=most,
    )
    return int(row["n"]) if row else 0


def tags_of(tx: Tx, dialog_ids: list[int]) -> dict[int, list[int]]:
    """Dialog → the tags that people added and that were not deleted."""
    found: dict[int, list[int]] = {dialog_id: [] for dialog_id in dialog_ids}
    if not dialog_ids:
        return found
    among, values = placeholders(dialog_ids)
    rows = tx.all(
        f"""SELECT x.dialog_id, x.list_id FROM dialog_labels x JOIN lists l ON l.id = x.list_id
            WHERE x.dialog_id IN ({among}) AND x.source = 'manager' AND l.kind = 'tags' AND l.deleted_at IS NULL
            ORDER BY x.list_id""",
        **values,
    )
    for row in rows:
        found[row["dialog_id"]].append(row["list_id"])
    return found


def count_corrections_since(tx: Tx, since: datetime | None) -> int:
    """How many tags of the model and the service were corrected since then."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM tag_corrections
           WHERE bot_id = :bot AND source <> 'rule' AND (CAST(:since AS BIGINT) IS NULL OR created_at >= :since)""",
        bot=tx.bot_id,
        since=since,
    )
    return int(row["n"]) if row else 0


def was_corrected(tx: Tx, dialog_id: int) -> set[int]:
    """Tags that a person has removed from this dialog: none of them is added automatically again."""
    rows = tx.all("SELECT tag_id FROM tag_corrections WHERE dialog_id = :dialog", dialog=dialog_id)
    return {row["tag_id"] for row in rows}


def correctness(tx: Tx) -> list[Correctness]:
    """By source; a tag that was not removed counts as right."""
    standing = _by_source(
        tx,
        """SELECT x.source, COUNT(*) AS n FROM dialog_labels x JOIN lists l ON l.id = x.list_id
           WHERE x.source <> 'manager' AND l.kind = 'tags' AND l.bot_id = :bot GROUP BY x.source""",
    )
    corrected = _by_source(
        tx, "SELECT source, COUNT(*) AS n FROM tag_corrections WHERE bot_id = :bot GROUP BY source"
    )
    sources = sorted(standing | corrected)
    return [
        Correctness(name, standing.get(name, 0) + corrected.get(name, 0), corrected.get(name, 0))
        for name in sources
    ]


def _by_source(tx: Tx, sql: str) -> dict[str, int]:
    return {row["source"]: int(row["n"]) for row in tx.all(sql, bot=tx.bot_id)}
