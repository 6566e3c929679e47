"""The writer's query cache: tables that hardly ever change are not queried again and again."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Rows = list[dict[str, Any]]

CACHED_TABLES = frozenset(
    {
        "api_keys",
        "bots",
        "calendars",
        "desk_fields",
        "desk_rules",
        "leases",
        "lists",
        "managers",
        "notification_settings",
        "roles",
        "settings",
        "sla_policies",
        "standard_messages",
        "tag_models",
        "tag_rules",
        "team_members",
        "teams",
        "webhooks",
    }
)
"""Read by nearly every transaction, changed by hardly any."""
MAX_QUERIES = 2000
"""How many queries are cached; when full, the cache is emptied."""

_READ = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)", re.IGNORECASE)
_CHANGED = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)", re.IGNORECASE)
_ONLY_READS = re.compile(r"\s*(?:SELECT|WITH)\b(?!.*\b(?:INSERT|DELETE)\b)", re.IGNORECASE | re.DOTALL)
_LOCKS = re.compile(r"\bFOR\s+(?:(?:KEY\s+)?UPDATE|KEY\s+SHARE)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatementInfo:
    """What a statement's text says about it: the tables it reads, and the one it `changes` (`""`: perhaps any)."""

    repeatable: bool
    tables: frozenset[str]
    changes: str | None


@lru_cache(maxsize=4096)
def statement_info(sql: str) -> StatementInfo:
    """`repeatable`: the same query has the same answer until one of its tables changes."""
    tables = frozenset(name.lower() for name in _READ.findall(sql))
    if _ONLY_READS.match(sql):
        return StatementInfo(
            bool(tables) and tables <= CACHED_TABLES and not _LOCKS.search(sql), tables, None
        )
    changed = _CHANGED.match(sql)
    return StatementInfo(False, tables, changed.group(1).lower() if changed else "")


class QueryCache:
    """Rows by query; a change of a table drops the rows that were read from it.

    Valid as long as nobody else writes: for one transaction, or for a writer that is the only one.
    """

    def __init__(self, tables: frozenset[str] = CACHED_TABLES) -> None:
        self._tables = tables
        self._heard: dict[tuple[Any, ...], tuple[frozenset[str], Rows, tuple[str, ...]]] = {}

    def get(self, question: tuple[Any, ...]) -> Rows | None:
        """A copy of the cached rows, or None if the query must be run."""
        entry = self._heard.get(question)
        return None if entry is None else copy_rows(entry[1], entry[2])

    def put(self, question: tuple[Any, ...], tables: frozenset[str], rows: Rows) -> None:
        if not tables <= self._tables:
            return
        if len(self._heard) >= MAX_QUERIES:
            self._heard.clear()
        nested = columns_of_values(rows)
        self._heard[question] = (tables, copy_rows(rows, nested), nested)

    def invalidate(self, table: str) -> None:
        """Called after a statement that changes the table; `""` if the table is unknown."""
        if not table:
            self.forget()
        elif table in CACHED_TABLES:
            self._heard = {
                question: entry for question, entry in self._heard.items() if table not in entry[0]
            }

    def forget(self) -> None:
        """Empties the cache, because it may no longer be true."""
        self._heard.clear()


def columns_of_values(rows: Rows) -> tuple[str, ...]:
    """The columns that hold lists and objects, which a caller could change."""
    return tuple(name for name in (rows[0] if rows else ()) if name.endswith("_json"))


def copy_rows(rows: Rows, nested: tuple[str, ...]) -> Rows:
    """Copies that share nothing with the given rows."""
    copies = [row.copy() for row in rows]
    for row in copies if nested else ():
        row.update((name, _copy_json(row[name])) for name in nested)
    return copies


def _copy_json(value: Any) -> Any:
    """What deepcopy returns for a value decoded from JSON, at a fifth of its cost."""
    if isinstance(value, dict):
        return {key: _copy_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_copy_json(member) for member in value]
    return value
