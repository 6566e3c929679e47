"""Our SQL on a SQLite connection, and its errors as those of the store."""

import re
import sqlite3
from collections.abc import Callable
from functools import lru_cache

from holdline.store.errors import UniqueConflict
from holdline.store.tx import Cursor, Row

_LOCKS = re.compile(
    r"\s+FOR (?:(?:KEY )?UPDATE|KEY SHARE)(?: OF \w+(?:, \w+)*)?(?: SKIP LOCKED)?", re.IGNORECASE
)


def executor_of(raw: sqlite3.Connection) -> Callable[[str, Row], Cursor]:
    return lambda sql, values: raw.execute(_translate(sql), values)


@lru_cache(maxsize=2048)
def _translate(sql: str) -> str:
    return _LOCKS.sub("", sql)


def is_unavailable(refused: Exception) -> bool:
    """Whether the database is in trouble and not the query; otherwise a mistake in SQL would be retried forever."""
    code: int = getattr(refused, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return isinstance(refused, sqlite3.OperationalError) and code & 0xFF != sqlite3.SQLITE_ERROR


def as_store_error(refused: Exception) -> Exception:
    if isinstance(refused, sqlite3.IntegrityError) and "UNIQUE" in str(refused):
        return UniqueConflict(str(refused))
    return refused
