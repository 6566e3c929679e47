"""One transaction over one connection: plain SQL with `:names`, the same text on both engines.

Column names decide the type: `…_at` comes back as an aware datetime, `…_json` as the value it holds. `FOR UPDATE`
and `SKIP LOCKED` are always written, and dropped where a single writer makes them needless. `FOR KEY SHARE` locks a
row as a reference to it does; of the row locks only `FOR KEY UPDATE` waits for it.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, Protocol, TypeVar

from holdline.dialogs.rules import DeskRules
from holdline.store.engines.lock_order import LockOrder
from holdline.store.engines.prefetched_queries import PrefetchedQueries
from holdline.store.engines.query_cache import QueryCache, statement_info

Id = TypeVar("Id")

Row = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
compact_json: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":")).encode
"""JSON in ASCII without spaces; made once, because json.dumps makes a new encoder for any non-default arguments."""


@dataclass(slots=True)
class ChatAnnouncements:
    """What a transaction has announced about chats that something waits for; written at its end
    (delivery/waiting_chats.py).
    """

    due: dict[tuple[int, str], datetime] = field(default_factory=dict)
    new_chats: set[int] = field(default_factory=set)
    current_ids: dict[int, int] = field(default_factory=dict)
    readers: set[int] = field(default_factory=set)
    """Private chats of people who are to read messages of the desk, if they still belong to it at the end of the
    transaction.
    """


class Cursor(Protocol):
    """What the cursors of both drivers share."""

    @property
    def description(self) -> Any: ...
    @property
    def rowcount(self) -> int: ...
    def fetchall(self) -> Sequence[Sequence[Any]]: ...


class Tx:
    """A synchronous transaction: `at` is its time, `bot_id` and `rules` say whose desk it is."""

    watches_locks: ClassVar[bool] = False
    """In tests: a transaction that breaks the lock order fails (store/engines/lock_order.py)."""

    __slots__ = (
        "_execute",
        "_locks",
        "_memory",
        "_post",
        "_prefetched",
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
        self._prefetched = PrefetchedQueries()
        self._locks = LockOrder() if Tx.watches_locks else None
        self.at = at
        self.bot_id = bot_id
        self.rules = rules
        self.woken: set[str] = set()
        self.commits_lazily = False
        self.waiting = ChatAnnouncements()

    def all(self, sql: str, /, **values: object) -> list[Row]:
        stored = _encode_values(values)
        if self._prefetched:
            if (rows := self._prefetched.get(sql, stored)) is not None:
                return rows
            self._prefetched.invalidate(sql)
        if self._memory is None:
            return self._query(sql, stored)
        return self._query_cached(self._memory, sql, stored)

    def one(self, sql: str, /, **values: object) -> Row | None:
        """The first row, or None. Queries that mean one row say LIMIT 1 or use a key."""
        rows = self.all(sql, **values)
        return rows[0] if rows else None

    def run(self, sql: str, /, **values: object) -> int:
        """Runs the statement; returns how many rows it touched."""
        touched = self._execute(sql, _encode_values(values)).rowcount
        if self._prefetched:
            self._prefetched.invalidate(sql)
        if self._locks is not None and touched > 0:
            self._locks.observe(sql, values, [])
        if self._memory is not None and (changed := statement_info(sql).changes) is not None:
            self._memory.invalidate(changed)
        return touched

    def post(self, sql: str, /, **values: object) -> None:
        """Like `run`, if the number of rows is not needed: on PostgreSQL it is sent with the next statement.

        If it is refused, that next statement, or the commit, raises.
        """
        self._post(sql, _encode_values(values))
        if self._prefetched:
            self._prefetched.invalidate(sql)
        if self._locks is not None:
            self._locks.observe(sql, values, [])
        if self._memory is not None and (changed := statement_info(sql).changes) is not None:
            self._memory.invalidate(changed)

    def prefetch(self, sql: str, answers: Iterable[tuple[Row, list[Row]]]) -> None:
        """Keeps what queries of this text will be answered, by their values, until this transaction changes one of the
        tables: many rows that were read at once need not be read again one by one.

        Only for rows that nobody else can change before the end of the transaction, because they, or what everybody
        locks before them, are locked.
        """
        self._prefetched.put(sql, [(_encode_values(values), rows) for values, rows in answers])

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
        """Lets the commit not wait for the disk: after a power cut, stored data would cause this transaction again.

        The next commit that does wait includes it, because the log has one order. A killed process loses nothing
        either way.
        """
        self.commits_lazily = True

    def wake(self, channel: str) -> None:
        """Rings the bell of a loop: `outbox`, `inbox`, `managers`… A transaction that was rolled back does not ring."""
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
"""The column names of a statement, by its text; read from the driver once."""


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
    """Placeholders in a few fixed lengths, so that prepared statements are reused; `ids` must not be empty."""
    size = 1
    while size < len(ids):
        size *= 4
    padded = [*ids, *([ids[-1]] * (size - len(ids)))]
    return ", ".join(f":i{n}" for n in range(size)), {f"i{n}": value for n, value in enumerate(padded)}
