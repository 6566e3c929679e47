"""Looks for a person's values in technical copies and texts of everybody, a window at a time."""

from collections.abc import Sequence

from holdline.store.privacy.erasing import end_of_window, with_end
from holdline.store.privacy.table_map import TABLES
from holdline.store.privacy.table_rule import TableRule
from holdline.store.tx import Row, Tx

WINDOW = 500
"""Rows looked through at once: each is compared with some hundred forms, which takes about 20 ms."""
SEARCHED: tuple[TableRule, ...] = tuple(rule for rule in TABLES if rule.searched)


def search_piece(tx: Tx, forms: Sequence[str], table: int, after: int) -> tuple[int, int, int]:
    """Empties the rows of the next window that hold one of the values; returns (table, id) and how many rows."""
    if table >= len(SEARCHED):
        return table, 0, 0
    rule = SEARCHED[table]
    if "id" not in rule.kept.split():
        return table + 1, 0, _search_answers(tx, forms)
    until = end_of_window(tx, rule.name, after, size=WINDOW)
    if until is None:
        return table + 1, 0, 0
    columns = rule.searched.split()
    rows = tx.all(
        f"""SELECT id, {", ".join(f"{name} AS text{n}" for n, name in enumerate(columns))} FROM {rule.name}
            WHERE id > :after AND id <= :until AND {rule.settled}""",
        after=after,
        until=until,
    )
    found = [row["id"] for row in rows if _holds(row, forms)]
    for row_id in found:
        blanks = ", ".join(f"{name} = {_blank(rule, name)}" for name in columns)
        tx.run(f"UPDATE {rule.name} SET {with_end(rule, blanks)} WHERE id = :id", id=row_id, at=tx.at)
    return table, until, len(found)


def is_searched(table: int) -> bool:
    return table >= len(SEARCHED)


def _blank(rule: TableRule, column: str) -> str:
    """A column that stays as it is at the person's own rows gets a dash."""
    blank = rule.personal[column]
    return "'—'" if blank == column else blank


def _holds(row: Row, forms: Sequence[str]) -> bool:
    texts = [value for name, value in row.items() if name.startswith("text") and value]
    return any(form in text for text in texts for form in forms)


def _search_answers(tx: Tx, forms: Sequence[str]) -> int:
    """Answers of the API that are remembered for repeated calls, two days long; their keys may hold a value, too. A
    repeat is refused, because there is no such customer.
    """
    rows = tx.all("SELECT api_key_id, key, key AS text0, answer_json AS text1 FROM idempotency")
    found = [row for row in rows if _holds(row, forms)]
    for row in found:
        sql = "DELETE FROM idempotency WHERE api_key_id = :id AND key = :key"
        tx.run(sql, id=row["api_key_id"], key=row["key"])
    return len(found)
