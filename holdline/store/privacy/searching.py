"""Looks for a person's values in technical copies and texts of everybody, a window at a time."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdline.dialogs.privacy.personal_values import names_person, without_words
from holdline.store.privacy.erasing import end_of_window, with_end
from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.retention import without_item_words
from holdline.store.privacy.table_map import TABLES
from holdline.store.privacy.table_rule import TableRule
from holdline.store.tx import Row, Tx

WINDOW = 500
"""Rows looked through at once: each is compared with some hundred forms, which takes about 20 ms."""
_OF_BOT = "api_key_id IN (SELECT k.id FROM api_keys k WHERE k.bot_id = :bot)"
SEARCHED: tuple[TableRule, ...] = tuple(rule for rule in TABLES if rule.searched)


@dataclass(frozen=True, slots=True)
class Sought:
    """`forms`: the written forms of the person's names, contacts and texts."""

    person: PersonIds
    dialog_ids: frozenset[int]
    forms: Sequence[str]
    id_written: re.Pattern[str]

    @classmethod
    def of(cls, tx: Tx, person: PersonIds, forms: Sequence[str]) -> "Sought":
        rows = tx.all("SELECT id FROM dialogs WHERE customer_id = :customer", customer=person.customer_id)
        dialog_ids = frozenset(row["id"] for row in rows)
        return cls(person, dialog_ids, forms, re.compile(rf"(?<!\d){person.telegram_id}(?!\d)"))

    def is_in(self, texts: Sequence[str]) -> bool:
        """Whether one of the values occurs there. It may occur for another reason, too."""
        return any(self.id_written.search(text) or any(form in text for form in self.forms) for text in texts)

    def is_named_in(self, texts: Sequence[str]) -> bool:
        """Whether the JSON is about the person, by its ids."""
        ids: dict[str, Any] = {
            "customer_id": self.person.customer_id,
            "telegram_id": self.person.telegram_id,
            "dialog_ids": self.dialog_ids,
        }
        return any(names_person(json.loads(text), **ids) for text in texts if text.startswith(("{", "[")))


def search_piece(tx: Tx, sought: Sought, table: int, after: int) -> tuple[int, int, int]:
    """Empties the rows of the next window that hold one of the values; returns (table, id) and how many rows."""
    if table >= len(SEARCHED):
        return table, 0, 0
    rule = SEARCHED[table]
    if rule.name == "idempotency":
        until, found = _search_answers(tx, sought, after)
    else:
        until, found = _search_rows(tx, sought, rule, after)
    return (table + 1, 0, found) if until is None else (table, until, found)


def is_searched(table: int) -> bool:
    return table >= len(SEARCHED)


def _search_rows(tx: Tx, sought: Sought, rule: TableRule, after: int) -> tuple[int | None, int]:
    until = end_of_window(tx, rule.name, after, size=WINDOW)
    if until is None:
        return None, 0
    columns = rule.searched.split()
    rows = tx.all(
        f"""SELECT id, CASE WHEN {rule.settled} THEN 1 ELSE 0 END AS is_settled,
                {", ".join(f"{name} AS text{n}" for n, name in enumerate(columns))} FROM {rule.name}
            WHERE bot_id = :bot AND id > :after AND id <= :until""",
        bot=tx.bot_id,
        after=after,
        until=until,
        customer=sought.person.customer_id,
    )
    found = 0
    for row in rows:
        texts = _texts_of(row)
        is_theirs = rule.names_ids and sought.is_named_in(texts)
        if not (is_theirs or (row["is_settled"] and sought.is_in(texts))):
            continue
        found += 1
        if rule.name == "outbox":
            _remove_item_words(tx, sought, row)
        else:
            _empty(tx, rule, columns, row)
    return until, found


def _remove_item_words(tx: Tx, sought: Sought, row: Row) -> None:
    """The item may be about somebody else; edits of and replies to that message need its position."""
    kept = without_item_words(json.loads(row["text0"]))
    if sought.is_in([json.dumps(kept, ensure_ascii=False)]):
        kept = {}
    tx.run("UPDATE outbox SET payload_json = :kept WHERE id = :id", kept=kept, id=row["id"])


def _empty(tx: Tx, rule: TableRule, columns: Sequence[str], row: Row) -> None:
    if rule.names_ids and not row["is_settled"] and not rule.ends:
        tx.run(f"DELETE FROM {rule.name} WHERE id = :id", id=row["id"])
        return
    blanks = ", ".join(f"{name} = {_blank(rule, name)}" for name in columns)
    tx.run(f"UPDATE {rule.name} SET {with_end(rule, blanks)} WHERE id = :id", id=row["id"], at=tx.at)


def _blank(rule: TableRule, column: str) -> str:
    """A column that stays as it is at the person's own rows gets a dash."""
    blank = rule.personal[column]
    return "'—'" if blank == column else blank


def _texts_of(row: Row) -> list[str]:
    return [value for name, value in row.items() if name.startswith("text") and value]


def _search_answers(tx: Tx, sought: Sought, after: int) -> tuple[int | None, int]:
    """Answers of the API that are remembered for repeated calls. Those about the person are deleted, with keys that may
    hold a value: a repeat is refused, because there is no such customer. Another answer that holds a value loses its
    words and stays, because without it a repeated call would be carried out twice. `after`: a time in microseconds.
    """
    until = _end_of_answers(tx, after)
    if until is None:
        return None, 0
    rows = tx.all(
        f"""SELECT api_key_id, key, answer_json AS text FROM idempotency
            WHERE {_OF_BOT} AND created_at > :after AND created_at <= :until""",
        bot=tx.bot_id,
        after=after,
        until=until,
    )
    found = 0
    for row in rows:
        texts, which = _texts_of(row), {"id": row["api_key_id"], "key": row["key"]}
        if sought.is_named_in(texts) or _is_of_their_message(tx, sought, row):
            tx.run("DELETE FROM idempotency WHERE api_key_id = :id AND key = :key", **which)
        elif sought.is_in(texts):
            left = without_words(json.loads(row["text"]), telegram_id=sought.person.telegram_id)
            sql = "UPDATE idempotency SET answer_json = :left WHERE api_key_id = :id AND key = :key"
            tx.run(sql, left=json.dumps(left), **which)
        else:
            continue
        found += 1
    return until, found


def _is_of_their_message(tx: Tx, sought: Sought, row: Row) -> bool:
    """Whether the key holds a value and the answer is that of a message to the person, which names only the message."""
    if not sought.is_in([row["key"]]):
        return False
    answer = json.loads(row["text"])
    sql = "SELECT id FROM outbox WHERE id = :id AND customer_id = :customer"
    item_id = answer.get("id") if isinstance(answer, dict) else None
    return type(item_id) is int and bool(tx.all(sql, id=item_id, customer=sought.person.customer_id))


def _end_of_answers(tx: Tx, after: int) -> int | None:
    row = tx.one(
        f"""SELECT MAX(created_at) AS last FROM (
            SELECT created_at FROM idempotency WHERE {_OF_BOT} AND created_at > :after
            ORDER BY created_at LIMIT {WINDOW}) AS w""",
        bot=tx.bot_id,
        after=after,
    )
    return row["last"] if row else None
