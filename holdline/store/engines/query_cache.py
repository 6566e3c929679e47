"""What the writer has heard: tables that hardly ever change are not asked the same question again and again."""

import re
from copy import deepcopy
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
"""Read by nearly every unit, changed by hardly any."""
MAX_QUERIES = 2000
"""Questions kept; then all are forgotten and asked anew."""

_READ = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)", re.IGNORECASE)
_CHANGED = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)", re.IGNORECASE)
_ONLY_READS = re.compile(r"\s*(?:SELECT|WITH)\b(?!.*\b(?:INSERT|DELETE)\b)", re.IGNORECASE | re.DOTALL)
_LOCKS = re.compile(r"\bFOR\s+(?:(?:KEY\s+)?UPDATE|KEY\s+SHARE)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatementInfo:
    """What a statement's text says of it: the tables it reads, the one it `changes` (`""`: perhaps any)."""

    repeatable: bool
    tables: frozenset[str]
    changes: str | None


@lru_cache(maxsize=4096)
def statement_info(sql: str) -> StatementInfo:
    """`repeatable`: the same question has the same answer until one of its tables changes."""
    tables = frozenset(name.lower() for name in _READ.findall(sql))
    if _ONLY_READS.match(sql):
        return StatementInfo(
            bool(tables) and tables <= CACHED_TABLES and not _LOCKS.search(sql), tables, None
        )
    changed = _CHANGED.match(sql)
    return StatementInfo(False, tables, changed.group(1).lower() if changed else "")


class QueryCache:
    """Answers by question; a change of a table takes away what was read from it.

    It is true for as long as nobody else writes: for one unit, or for a writer that is the only one.
    """

    def __init__(self, tables: frozenset[str] = CACHED_TABLES) -> None:
        self._tables = tables
        self._heard: dict[tuple[Any, ...], tuple[frozenset[str], Rows, tuple[str, ...]]] = {}

    def get(self, question: tuple[Any, ...]) -> Rows | None:
        """Rows of one's own, or None where it has to be asked."""
        entry = self._heard.get(question)
        return None if entry is None else _copies(entry[1], entry[2])

    def put(self, question: tuple[Any, ...], tables: frozenset[str], rows: Rows) -> None:
        if not tables <= self._tables:
            return
        if len(self._heard) >= MAX_QUERIES:
            self._heard.clear()
        nested = tuple(name for name in (rows[0] if rows else ()) if name.endswith("_json"))
        self._heard[question] = (tables, _copies(rows, nested), nested)

    def invalidate(self, table: str) -> None:
        """After a statement that changes it; `""` for one that nobody can tell."""
        if not table:
            self.forget()
        elif table in CACHED_TABLES:
            self._heard = {
                question: entry for question, entry in self._heard.items() if table not in entry[0]
            }

    def forget(self) -> None:
        """What was heard may not be true any more."""
        self._heard.clear()


def _copies(rows: Rows, nested: tuple[str, ...]) -> Rows:
    """Rows that share nothing with the given ones; `nested` columns hold values that somebody could change."""
    copies = [row.copy() for row in rows]
    for row in copies if nested else ():
        row.update((name, deepcopy(row[name])) for name in nested)
    return copies
