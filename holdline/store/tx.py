"""One unit of work over one connection: plain SQL with `:names`, the same text on both engines.

Columns speak by their names: `…_at` comes back as an aware datetime, `…_json` as the value it holds.
`FOR UPDATE` and `SKIP LOCKED` are written always and dropped where one writer makes them needless. `FOR KEY SHARE`
holds a row as whoever refers to it does; of those that lock rows only `FOR KEY UPDATE` waits for it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, Protocol, TypeVar

from holdline.dialogs.rules import DeskRules
from holdline.store.engines.lock_order import LockOrder
from holdline.store.engines.query_cache import QueryCache, statement_info

Id = TypeVar("Id")

Row = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
compact_json: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":")).encode
"""JSON in ASCII without spaces; made once, because json.dumps makes a new encoder for anything but its defaults."""


@dataclass(slots=True)
class ChatAnnouncements:
    """What a unit has said of chats that something waits for; written down at its end (delivery/waiting_chats.py)."""

    due: dict[tuple[int, str], datetime] = field(default_factory=dict)
    new_chats: set[int] = field(default_factory=set)
    current_ids: dict[int, int] = field(default_factory=dict)
    readers: set[int] = field(default_factory=set)
    """Own chats of people in which the desk's own is to be read, if they belong to it at the end of the unit."""


class Cursor(Protocol):
    """What both drivers' cursors share."""

    @property
    def description(self) -> Any: ...
    @property
    def rowcount(self) -> int: ...
    def fetchall(self) -> Sequence[Sequence[Any]]: ...


class Tx:
    """A transaction that cannot wait: `at` is its moment, `bot_id` and `rules` say whose desk it is."""

    watches_locks: ClassVar[bool] = False
    """In tests: a unit that breaks the one order of locks fails (store/engines/lock_order.py)."""

    __slots__ = (
        "_execute",
        "_locks",
        "_memory",
        "_post",
        "at",
        "bot_id",
        "commits_lazily",
        "rules",
        "waiting",
        "woken",
    )

    def __init__(
        self,
        execute: Callable[[str, Row], Cursor],
        *,
        at: datetime,
        bot_id: int,
        rules: DeskRules,
        memory: QueryCache | None = None,
        post: Callable[[str, Row], None] | None = None,
    ) -> None:
        self._execute = execute
        self._post: Callable[[str, Row], object] = post or execute
        self._memory = memory
        self._locks = LockOrder() if Tx.watches_locks else None
        self.at = at
        self.bot_id = bot_id
        self.rules = rules
        self.woken: set[str] = set()
        self.commits_lazily = False
        self.waiting = ChatAnnouncements()

    def all(self, sql: str, /, **values: object) -> list[Row]:
        stored = _encode_values(values)
        if self._memory is None:
            return self._query(sql, stored)
        return self._query_cached(self._memory, sql, stored)

    def one(self, sql: str, /, **values: object) -> Row | None:
        """The first row or None; queries that mean one row say LIMIT 1 or hit a key."""
        rows = self.all(sql, **values)
        return rows[0] if rows else None

    def run(self, sql: str, /, **values: object) -> int:
        """How many rows it touched."""
        touched = self._execute(sql, _encode_values(values)).rowcount
        if self._locks is not None and touched > 0:
            self._locks.observe(sql, values, [])
        if self._memory is not None and (changed := statement_info(sql).changes) is not None:
            self._memory.invalidate(changed)
        return touched

    def post(self, sql: str, /, **values: object) -> None:
        """`run` for who need not know how many rows it touched: on PostgreSQL it travels with the next statement.

        Where it is refused, that next one, or the commit, raises.
        """
        self._post(sql, _encode_values(values))
        if self._locks is not None:
            self._locks.observe(sql, values, [])
        if self._memory is not None and (changed := statement_info(sql).changes) is not None:
            self._memory.invalidate(changed)

    def _query_cached(self, memory: QueryCache, sql: str, stored: Row) -> list[Row]:
        nature = statement_info(sql)
        if not nature.repeatable:
            rows = self._query(sql, stored)
            if nature.changes is not None:
                memory.invalidate(nature.changes)
            return rows
        question = (sql, *stored.values())
        cached = memory.get(question)
        if cached is not None:
            return cached
        rows = self._query(sql, stored)
        memory.put(question, nature.tables, rows)
        return rows

    def _query(self, sql: str, stored: Row) -> list[Row]:
        cursor = self._execute(sql, stored)
        rows = cursor.fetchall()
        decoded = _rows(_names(sql, cursor, len(rows[0])), rows) if rows else []
        if self._locks is not None and decoded:
            self._locks.observe(sql, stored, decoded)
        return decoded

    def allow_lazy_commit(self) -> None:
        """Were this unit lost with the server's power, what is stored already would bring it about again.

        So its commit need not wait for the disk. The next commit that does wait takes it along: the log has one
        order. A killed process loses nothing either way.
        """
        self.commits_lazily = True

    def wake(self, channel: str) -> None:
        """Ring the bell of a loop: `outbox`, `inbox`, `managers`… It hears nothing of a unit that was undone."""
        self.woken.add(channel)


def to_micros(moment: datetime) -> int:
    """Whole microseconds since 1970; exact, unlike timestamp()."""
    return (moment - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return EPOCH + micros * _MICROSECOND


_PLAIN = frozenset({int, str, float, bytes, type(None)})


def _encode_values(values: Row) -> Row:
    return {name: value if type(value) in _PLAIN else _encode_value(value) for name, value in values.items()}


def _encode_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_micros(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dict | list | tuple):
        return compact_json(value)
    return value


_NAMES: dict[str, tuple[str, ...]] = {}
"""What a statement's columns are called, by its text: asked of the driver once."""


def _names(sql: str, cursor: Cursor, number: int) -> tuple[str, ...]:
    names = _NAMES.get(sql)
    if names is None or len(names) != number:
        names = _NAMES[sql] = tuple(column[0] for column in cursor.description)
    return names


def _rows(names: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> list[Row]:
    readers = _readers(names)
    decoded = [dict(zip(names, row, strict=True)) for row in rows]
    for name, read in readers:
        for row in decoded:
            if row[name] is not None:
                row[name] = read(row[name])
    return decoded


@lru_cache(maxsize=2048)
def _readers(names: tuple[str, ...]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    times = [(name, from_micros) for name in names if name.endswith("_at")]
    values = [(name, json.loads) for name in names if name.endswith("_json")]
    return (*times, *values)


def placeholders(ids: Sequence[Id]) -> tuple[str, dict[str, Id]]:
    """Placeholders in a few fixed lengths, so that prepared statements are found again; `ids` is not empty."""
    size = 1
    while size < len(ids):
        size *= 4
    padded = [*ids, *([ids[-1]] * (size - len(ids)))]
    return ", ".join(f":i{n}" for n in range(size)), {f"i{n}": value for n, value in enumerate(padded)}
