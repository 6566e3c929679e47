"""A dialog's history together with its messages: rows of two tables in one order."""

from collections.abc import Collection
from dataclasses import dataclass

from holdline.store.tx import Row, Tx, placeholders

MESSAGE, LINE = 0, 1
"""The table that an entry comes from; at equal times messages come first."""

_SAID = """SELECT m.created_at AS moment, 0 AS source, m.id FROM messages m
    WHERE m.bot_id = :bot AND m.{of} = :dialog AND m.class = 'customer'"""
_TAKEN_UP_REPLIES = """SELECT m.created_at AS moment, 0 AS source, m.id FROM messages m
    WHERE m.bot_id = :bot AND m.moved_to_dialog_id = :dialog AND m.class = 'manager'"""
_MERGED_REPLIES = """SELECT m.created_at AS moment, 0 AS source, m.id FROM messages m
    WHERE m.bot_id = :bot AND m.dialog_id = :dialog AND m.origin_dialog_id IS NOT NULL AND m.class = 'manager'"""
_WORDS = (
    _SAID.format(of="dialog_id"),
    _SAID.format(of="moved_to_dialog_id"),
    _TAKEN_UP_REPLIES,
    _MERGED_REPLIES,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """History lines of these `kinds`, or of all if None; `with_words`: messages, too."""

    kinds: Collection[str] | None
    with_words: bool
    automatic_only: bool


def page(
    tx: Tx, dialog_id: int, wanted: Wanted, *, newest_first: bool, skip: int, limit: int
) -> list[tuple[int, int]]:
    """(source, id) of `limit` entries after the first `skip`."""
    sources, values = _sources(wanted)
    way = "DESC" if newest_first else "ASC"
    rows = tx.all(
        f"""SELECT moment, source, id FROM ({" UNION ALL ".join(sources)}) AS e
            ORDER BY moment {way}, source {way}, id {way} LIMIT :limit OFFSET :skip""",
        bot=tx.bot_id,
        dialog=dialog_id,
        limit=limit,
        skip=skip,
        **values,
    )
    return [(row["source"], row["id"]) for row in rows]


def _sources(wanted: Wanted) -> tuple[list[str], dict[str, str]]:
    narrowed, values = "", dict[str, str]()
    if wanted.kinds is not None:
        among, values = placeholders(sorted(wanted.kinds))
        narrowed = f"AND h.kind IN ({among})"
    by_itself = "AND h.actor_kind IN ('rule', 'system')" if wanted.automatic_only else ""
    lines_of_history = f"""SELECT h.created_at AS moment, 1 AS source, h.id FROM history h
        WHERE h.bot_id = :bot AND h.dialog_id = :dialog {narrowed} {by_itself}"""
    return [lines_of_history, *(_WORDS if wanted.with_words else ())], values


def lines(tx: Tx, ids: list[int]) -> dict[int, Row]:
    """Lines of history by id."""
    return _by_id(tx, "SELECT * FROM history WHERE id", ids)


def messages(tx: Tx, ids: list[int]) -> dict[int, Row]:
    """Messages by id, with their authors' names."""
    return _by_id(
        tx,
        """SELECT m.*, c.name AS customer_name, g.name AS manager_name FROM messages m
           JOIN customers c ON c.id = m.customer_id LEFT JOIN managers g ON g.id = m.manager_id WHERE m.id""",
        ids,
    )


def _by_id(tx: Tx, select: str, ids: list[int]) -> dict[int, Row]:
    if not ids:
        return {}
    among, values = placeholders(ids)
    return {row["id"]: row for row in tx.all(f"{select} IN ({among})", **values)}
