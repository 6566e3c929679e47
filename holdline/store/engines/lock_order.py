"""The one order of locks, with its check: in tests a transaction that breaks the order fails.

1. The row that a transaction begins with: the update in the inbox, an album, the idempotency key, a setting, a
   manager's own form, one dialog of a bulk job.
2. `chats`: customers' chats before the desk's own, then by chat id. A use case locks the chat of its customer, the
   sender locks all chats whose calls have ended.
3. Everything else. Exclusive locks on rows of managers are taken in the order of their ids.

A transaction that holds a lock of the third kind never waits for a chat. A chat that can be skipped (SKIP LOCKED) may
be locked at any time, because nobody waits for it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

FIRST_TABLES = frozenset(
    {"bulk_items", "forms", "idempotency", "inbox", "settings", "waiting_album_parts", "waiting_chats"}
)
CHATS, MANAGERS = "chats", "managers"

_CHANGES = re.compile(r"\s*(?:UPDATE|DELETE\s+FROM)\s+(\w+)", re.IGNORECASE)
_UPSERTS = re.compile(r"\s*INSERT\s+INTO\s+(\w+)\b.*\bDO\s+UPDATE\b", re.IGNORECASE | re.DOTALL)
_LOCKS = re.compile(
    r"\bFOR\s+(?:(?:KEY\s+)?UPDATE|KEY\s+SHARE)(?:\s+OF\s+(\w+(?:\s*,\s*\w+)*))?(\s+SKIP\s+LOCKED)?",
    re.IGNORECASE,
)
_SHARES = re.compile(r"\bFOR\s+KEY\s+SHARE\b", re.IGNORECASE)
_TABLES = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)(?:\s+(\w+))?", re.IGNORECASE)
_CHAT_PARAMETERS = re.compile(r"\bchat_id (?:= :(\w+)|IN \(((?::\w+(?:, )?)+)\))")


class LockOrderBroken(RuntimeError):
    """Two transactions that do this at the same time may wait for each other forever."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What a statement locks: the tables, whether it waits for rows that others hold, and whether it excludes other
    holders.
    """

    tables: frozenset[str]
    waits: bool
    is_exclusive: bool = True


class LockOrder:
    """The locks of one transaction, in the order in which it took them."""

    def __init__(self) -> None:
        self._chats: set[int] = set()
        self._customers: set[int] = set()
        self._last: tuple[bool, int] | None = None
        self._last_manager = 0
        self._beyond = ""

    def observe(self, sql: str, values: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """Called after a statement that touched rows; `rows` are those that it returned."""
        lock = lock_of(sql)
        if CHATS in lock.tables:
            self._observe_chats(sql, lock, _chats(sql, values, rows))
        elif lock.waits and not lock.tables <= FIRST_TABLES:
            self._beyond = self._beyond or ", ".join(sorted(lock.tables - FIRST_TABLES))
        if MANAGERS in lock.tables and lock.is_exclusive:
            self._observe_managers(
                sql, [int(row["id"]) for row in rows if "id" in row] or [int(values.get("id") or 0)]
            )

    def _observe_managers(self, sql: str, ids: list[int]) -> None:
        for manager_id in filter(None, ids):
            if manager_id < self._last_manager:
                raise LockOrderBroken(f"manager {manager_id} is locked after {self._last_manager}: {sql}")
            self._last_manager = manager_id

    def _observe_chats(self, sql: str, lock: Lock, chats: list[tuple[int | None, int | None]]) -> None:
        for chat_id, customer_id in chats:
            if chat_id in self._chats or customer_id in self._customers:
                continue
            if lock.waits:
                self._require_order(sql, chat_id, customer_id)
            if chat_id is not None:
                self._chats.add(chat_id)
            if customer_id is not None:
                self._customers.add(customer_id)

    def _require_order(self, sql: str, chat_id: int | None, customer_id: int | None) -> None:
        if self._beyond:
            raise LockOrderBroken(f"a chat is locked after a row of {self._beyond}: {sql}")
        if chat_id is None:
            return
        key = (customer_id is None, chat_id)
        if self._last is not None and key < self._last:
            raise LockOrderBroken(f"chat {chat_id} is locked after {self._last[1]}: {sql}")
        self._last = key


@lru_cache(maxsize=4096)
def lock_of(sql: str) -> Lock:
    """The locks by the statement's text; a plain SELECT locks nothing."""
    changed = _CHANGES.match(sql) or _UPSERTS.match(sql)
    tables = {changed.group(1)} if changed else set()
    waits = bool(changed)
    for match in _LOCKS.finditer(sql):
        tables |= _tables_of_aliases(sql, match.group(1))
        waits = not match.group(2)
    return Lock(frozenset(tables), waits, is_exclusive=bool(changed) or _SHARES.search(sql) is None)


def _tables_of_aliases(sql: str, aliases: str | None) -> set[str]:
    tables = _TABLES.findall(sql)
    if aliases is None:
        return {tables[0][0]}
    by_alias = {alias: table for table, alias in tables}
    return {by_alias[alias.strip()] for alias in aliases.split(",")}


def _chats(
    sql: str, values: dict[str, Any], rows: list[dict[str, Any]]
) -> list[tuple[int | None, int | None]]:
    """Chat and customer of each row: from the returned rows, else from the parameters."""
    named_rows = [row for row in rows if "chat_id" in row or "telegram_id" in row]
    if named_rows:
        return [(_chat(row), _customer(row)) for row in named_rows]
    if rows or "customer" in values:
        return [(None, values.get("customer"))]
    parameter = _CHAT_PARAMETERS.search(sql)
    names = re.findall(r"\w+", parameter.group(1) or parameter.group(2)) if parameter else []
    return [(values[name], None) for name in names]


def _chat(row: dict[str, Any]) -> int | None:
    """A spoilt update may bring the chat 0, which is a chat like any other here."""
    ids = (row.get(name) for name in ("chat_chat_id", "chat_id", "telegram_id"))
    return next((each for each in ids if each is not None), None)


def _customer(row: dict[str, Any]) -> int | None:
    for name in ("chat_customer_id", "customer_id"):
        if name in row:
            return row[name]  # type: ignore[no-any-return] # a row is untyped
    return row["id"] if "telegram_id" in row else None
