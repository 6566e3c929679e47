"""Takes a person's values out of the tables, as the table map says, a piece at a time."""

from typing import Any

from holdline.dialogs.privacy.personal_values import without_words
from holdline.store.privacy.erasures import Erasure
from holdline.store.privacy.table_map import TABLES
from holdline.store.privacy.table_rule import STRINGS_REMOVED, TableRule
from holdline.store.tx import Tx

ROWS = 300
"""Changed at once, and as much as one transaction should do: about 20 ms."""
WINDOW = 5000
"""Ids looked through at once, where no index leads to the person's rows."""


def replace_identity(tx: Tx, erasure: Erasure) -> None:
    """From now on no customer has the Telegram id: a person who writes with it is a new customer. What was sent to
    the chat follows with the other values, up to the last item of this moment.
    """
    ids: dict[str, Any] = {"bot": tx.bot_id, "now": erasure.stand_in, "was": erasure.person.telegram_id}
    tx.run(
        """UPDATE chats SET chat_id = :now, reach = 'deactivated', dialog_due_at = NULL, marketing_due_at = NULL
           WHERE bot_id = :bot AND customer_id = :customer""",
        bot=tx.bot_id,
        now=erasure.stand_in,
        customer=erasure.customer_id,
    )
    tx.run("UPDATE customers SET telegram_id = :now WHERE bot_id = :bot AND telegram_id = :was", **ids)
    for status in ("queued", "parked"):
        sql = (
            f"UPDATE outbox SET chat_id = :now WHERE bot_id = :bot AND chat_id = :was AND status = '{status}'"
        )
        tx.run(sql, **ids)
    for rule in TABLES:
        if rule.at_once:
            _change(tx, rule, rule.rows, {**erasure.person.values, "bot": tx.bot_id})


def erase_piece(tx: Tx, erasure: Erasure) -> tuple[int, int, int]:
    """Erases the next piece; returns the position that it reached, as (table, id), and how many rows it changed."""
    table, after, changed = erasure.table_position, erasure.after_id, 0
    while table < len(TABLES) and changed < ROWS:
        rule = TABLES[table]
        if not rule.rows or rule.at_once or not (rule.deleted or rule.personal):
            table, after = table + 1, 0
            continue
        last, touched = _erase_rows(tx, erasure, rule, after)
        changed += touched
        if last is None:
            table, after = table + 1, 0
        else:
            after = last
            if rule.by_window:
                break
    return table, after, changed


def last_id(tx: Tx, table: str) -> int:
    """0 if there is no row."""
    row = tx.one(f"SELECT MAX(id) AS last FROM {table}")
    return int(row["last"] or 0) if row else 0


def is_erased(table_position: int) -> bool:
    return table_position >= len(TABLES)


def _erase_rows(tx: Tx, erasure: Erasure, rule: TableRule, after: int) -> tuple[int | None, int]:
    """(the last id done, None if the table is done; how many rows)."""
    values = {
        **erasure.person.values,
        "bot": tx.bot_id,
        "stand_in": erasure.stand_in,
        "last_item": erasure.kept_values.get("last_item", 0),
    }
    if "id" not in rule.kept.split():
        return None, _change(tx, rule, rule.rows, values)
    found = _next_ids(tx, rule, values, after)
    if found is None:
        return None, 0
    last, ids = found
    if not ids:
        return last, 0
    if STRINGS_REMOVED in rule.personal.values():
        _remove_strings(tx, rule, ids, telegram_id=erasure.person.telegram_id)
    among = ", ".join(map(str, ids))
    return last, _change(tx, rule, f"id IN ({among})", values)


def _next_ids(tx: Tx, rule: TableRule, values: dict[str, Any], after: int) -> tuple[int, list[int]] | None:
    if not rule.by_window:
        rows = tx.all(
            f"SELECT id FROM {rule.name} WHERE ({rule.rows}) AND id > :after ORDER BY id LIMIT {ROWS}",
            after=after,
            **values,
        )
        return (rows[-1]["id"], [row["id"] for row in rows]) if rows else None
    until = end_of_window(tx, rule.name, after)
    if until is None:
        return None
    rows = tx.all(
        f"SELECT id FROM {rule.name} WHERE id > :after AND id <= :until AND ({rule.rows})",
        after=after,
        until=until,
        **values,
    )
    return until, [row["id"] for row in rows]


def end_of_window(tx: Tx, table: str, after: int, *, size: int = WINDOW) -> int | None:
    """The last id of the next window; None after the last row."""
    row = tx.one(
        f"""SELECT MAX(id) AS last FROM (
            SELECT id FROM {table} WHERE id > :after ORDER BY id LIMIT {size}) AS w""",
        after=after,
    )
    return row["last"] if row else None


def _change(tx: Tx, rule: TableRule, condition: str, values: dict[str, Any]) -> int:
    if rule.deleted:
        return tx.run(f"DELETE FROM {rule.name} WHERE {condition}", **values)
    blanks = ", ".join(f"{name} = {sql}" for name, sql in rule.personal.items() if sql != STRINGS_REMOVED)
    return tx.run(f"UPDATE {rule.name} SET {with_end(rule, blanks)} WHERE {condition}", at=tx.at, **values)


def with_end(rule: TableRule, blanks: str) -> str:
    """The assignments, and those that end a row which still waits."""
    return f"{blanks}, {rule.ends}" if rule.ends else blanks


def _remove_strings(tx: Tx, rule: TableRule, ids: list[int], *, telegram_id: int) -> None:
    columns = [name for name, sql in rule.personal.items() if sql == STRINGS_REMOVED]
    among = ", ".join(map(str, ids))
    for row in tx.all(f"SELECT id, {', '.join(columns)} FROM {rule.name} WHERE id IN ({among})"):
        for column in columns:
            tx.run(
                f"UPDATE {rule.name} SET {column} = :value WHERE id = :id",
                value=without_words(row[column], telegram_id=telegram_id),
                id=row["id"],
            )
