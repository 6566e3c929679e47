"""The statements of one transaction on PostgreSQL: each prepared once per session, with as few round trips as possible.

It calls libpq (`psycopg.pq`) without psycopg's cursors: making a cursor, a pipeline and a description of the columns
cost the program more than the statements themselves (decision 0039). psycopg still converts values and rows.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors, generators, pq
from psycopg.abc import PQGen, Transformer
from psycopg.adapt import PyFormat
from psycopg.adapt import Transformer as PsycopgTransformer

from holdline.store.tx import Row

CHANNEL = "holdline"
MOST_PREPARED = 500
"""How many plans a session keeps; beyond that it drops all of them, between two transactions."""

_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
_LOCKS = re.compile(r"\bFOR (KEY )?UPDATE\b")
_BEGIN, _COMMIT, _ON_DISK_LATER = "BEGIN", "COMMIT", "SET LOCAL synchronous_commit = off"
_NOTIFY = "SELECT pg_notify(:channel, :rung)"

_PreparedKey = tuple[bytes, tuple[int, ...]]
"""A statement's text and the types of its values."""

_PREPARED: WeakKeyDictionary[pq.abc.PGconn, dict[_PreparedKey, bytes]] = WeakKeyDictionary()
"""The prepared statements of each session, by name."""
_NUMBERS = count()


class Answer:
    """The result of a statement, with the interface of a driver's cursor."""

    def __init__(self, result: pq.abc.PGresult, transformer: Transformer) -> None:
        self._result = result
        self._transformer = transformer

    @property
    def description(self) -> list[tuple[str]]:
        names = (self._result.fname(column) or b"" for column in range(self._result.nfields))
        return [(name.decode(),) for name in names]

    @property
    def rowcount(self) -> int:
        touched = self._result.command_tuples
        return -1 if touched is None else touched

    def fetchall(self) -> Sequence[Sequence[Any]]:
        if not self._result.ntuples:
            return []
        self._transformer.set_pgresult(self._result)
        return self._transformer.load_rows(0, self._result.ntuples, tuple)


class Statements:
    """Sends statements whose result nobody needs together with the next one whose result is needed."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._transformer: Transformer = PsycopgTransformer.from_context(connection)
        self._waiting: list[tuple[str, Row]] = [(_BEGIN, {})]
        self._prepared = _names_in(self._pgconn)

    def execute(self, sql: str, values: Row) -> Answer:
        if not self._waiting:
            return self._execute_alone(sql, values)
        waiting, self._waiting = self._waiting, []
        return self._send([*waiting, (sql, values)])

    def post(self, sql: str, values: Row) -> None:
        self._waiting.append((sql, values))

    def commit(self, woken: set[str], *, waits_for_disk: bool) -> None:
        """Commits, together with the statements that still wait and the notifications for other processes."""
        if self._waiting == [(_BEGIN, {})] and not woken:
            return
        if not waits_for_disk:
            self.post(_ON_DISK_LATER, {})
        for channel in sorted(woken):
            self.post(_NOTIFY, {"channel": CHANNEL, "rung": channel})
        self.execute(_COMMIT, {})

    def _execute_alone(self, sql: str, values: Row) -> Answer:
        """Runs a prepared statement without a pipeline, which costs the program half as much; others go to `_send`."""
        text, names = _translate(sql)
        params = self._transformer.dump_sequence(
            [values[name] for name in names], [PyFormat.AUTO] * len(names)
        )
        name = self._prepared.get((text, self._transformer.types or ()))
        if name is None:
            return self._send([(sql, values)])
        result = self._pgconn.exec_prepared(name, params, self._transformer.formats)  # type: ignore[arg-type] # None is NULL
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise self._error_of(result)
        return Answer(result, self._transformer)

    def _error_of(self, result: pq.abc.PGresult) -> Exception:
        """The exception for a failed result. A broken connection has no error code, so its status is checked."""
        if self._pgconn.status == pq.ConnStatus.BAD:
            return psycopg.OperationalError(result.get_error_message())
        return errors.error_from_result(result, self._connection.info.encoding)

    def _send(self, statements: list[tuple[str, Row]]) -> Answer:
        """Sends all statements in one round trip and returns the answer to the last. The first one that is refused
        raises.
        """
        commands: list[Callable[[], None]] = []
        made: dict[int, tuple[_PreparedKey, bytes]] = {}
        for sql, values in statements:
            text, names = _translate(sql)
            params = self._transformer.dump_sequence(
                [values[name] for name in names], [PyFormat.AUTO] * len(names)
            )
            key, formats = (text, self._transformer.types or ()), self._transformer.formats
            name = self._prepared.get(key) or dict(made.values()).get(key)
            if name is None:
                name = b"holdline_%d" % next(_NUMBERS)
                made[len(commands)] = (key, name)
                commands.append(partial(self._pgconn.send_prepare, name, *key))
            commands.append(partial(self._pgconn.send_query_prepared, name, params, formats))
        results = self._communicate(commands)
        self._prepared.update(
            known for at, known in made.items() if results[at].status == pq.ExecStatus.COMMAND_OK
        )
        for result in results:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                raise self._error_of(result)
        return Answer(results[-1], self._transformer)

    def _communicate(self, commands: list[Callable[[], None]]) -> list[pq.abc.PGresult]:
        """One result for each command."""
        commands.append(self._pgconn.pipeline_sync)
        self._pgconn.enter_pipeline_mode()
        try:
            return self._connection.wait(_exchange(self._pgconn, commands))
        finally:
            if self._pgconn.status == pq.ConnStatus.OK:
                self._pgconn.exit_pipeline_mode()


def _exchange(pgconn: pq.abc.PGconn, commands: list[Callable[[], None]]) -> PQGen[list[pq.abc.PGresult]]:
    """The last command ends the round trip and has no result. Answers are read while commands are still being sent."""
    for command in commands:
        command()
    yield from generators.send(pgconn)
    answers = []
    for _ in commands:
        answers.append((yield from generators.fetch_many(pgconn)))
    return [result for (result,) in answers[:-1]]


def _names_in(pgconn: pq.abc.PGconn) -> dict[_PreparedKey, bytes]:
    """The statements that the session has prepared; called between two transactions."""
    known = _PREPARED.setdefault(pgconn, {})
    if len(known) > MOST_PREPARED:
        pgconn.exec_(b"DEALLOCATE ALL")
        known.clear()
    return known


@lru_cache(maxsize=2048)
def _translate(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """The text with numbered placeholders, and the name of the value for each.

    No transaction changes the keys of a row, so a lock need not block rows that only refer to it, unless it says
    KEY.
    """
    names: dict[str, int] = {}
    numbered = _NAME.sub(lambda found: f"${names.setdefault(found.group(1), len(names) + 1)}", sql)
    locking = _LOCKS.sub(lambda found: "FOR UPDATE" if found.group(1) else "FOR NO KEY UPDATE", numbered)
    return locking.encode(), tuple(names)
