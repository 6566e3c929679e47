"""The prepared statements of a PostgreSQL session, also after a failed transaction."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from holdline.store.engines import postgres_statements
from holdline.store.engines.postgres_statements import Statements


@pytest.fixture
def connection(postgres_copy: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_copy, autocommit=True, prepare_threshold=None) as made:
        made.execute("CREATE TEMP TABLE said (id BIGINT PRIMARY KEY, words TEXT)")
        yield made


def add(statements: Statements, number: int, words: str | None = "") -> int:
    sql = "INSERT INTO said (id, words) VALUES (:id, :words)"
    return statements.execute(sql, {"id": number, "words": words}).rowcount


def list_prepared(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time, name")
    return [row[0] for row in rows]


def test_a_statement_is_prepared_once_for_its_session(connection: psycopg.Connection) -> None:
    for number in range(3):
        statements = Statements(connection)
        assert add(statements, number) == 1
        statements.commit(set(), waits_for_disk=True)
    made = list_prepared(connection)
    assert made.count("INSERT INTO said (id, words) VALUES ($1, $2)") == made.count("BEGIN") == 1


def test_prepared_statements_return_the_same_values_and_rows(connection: psycopg.Connection) -> None:
    statements = Statements(connection)
    long = "ż%s $1 :id " * 400_000
    statements.post(
        "INSERT INTO said VALUES (:id, :words), (:other, NULL)", {"id": 2**40, "words": long, "other": 1}
    )
    found = statements.execute("SELECT id, words, id * 1.5 AS n, id > 1 AS b FROM said ORDER BY id", {})
    assert [name for (name,) in found.description] == ["id", "words", "n", "b"]
    assert [tuple(row) for row in found.fetchall()] == [
        (1, None, 1.5, False),
        (2**40, long, 2**40 * 1.5, True),
    ]


def test_a_statement_after_a_refused_one_is_prepared_when_needed(
    connection: psycopg.Connection,
) -> None:
    first = Statements(connection)
    add(first, 1)
    first.post("INSERT INTO said (id) VALUES (:id)", {"id": 1})
    with pytest.raises(errors.UniqueViolation):
        first.execute("DELETE FROM said WHERE id > :id", {"id": 0})
    connection.rollback()
    again = Statements(connection)
    add(again, 1)
    assert again.execute("DELETE FROM said WHERE id > :id", {"id": 0}).rowcount == 1
    again.commit(set(), waits_for_disk=True)


def test_a_session_keeps_a_limited_number_of_prepared_statements(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_statements, "MOST_PREPARED", 5)
    for number in range(20):
        statements = Statements(connection)
        statements.execute(f"SELECT {number} AS n", {})
        statements.commit(set(), waits_for_disk=True)
    assert len(list_prepared(connection)) <= 8


def test_a_prepared_statement_answers_alone_as_in_a_pipeline(
    connection: psycopg.Connection,
) -> None:
    statements = Statements(connection)
    long = "ż%s $1 :id " * 400_000
    assert [add(statements, number, long if number else None) for number in (2, 1, 0)] == [1, 1, 1]
    assert add(statements, 3, None) == 1
    sql = "SELECT id, words FROM said WHERE id >= :id ORDER BY id"
    answers = [statements.execute(sql, {"id": least}) for least in (0, 1, 9)]
    assert [[name for (name,) in answer.description] for answer in answers] == [["id", "words"]] * 3
    found = [[tuple(row) for row in answer.fetchall()] for answer in answers]
    rows = [(0, None), (1, long), (2, long), (3, None)]
    assert found == [rows, rows[1:], []]
    with pytest.raises(errors.UniqueViolation):
        add(statements, 1)
    connection.rollback()


def test_any_statement_on_an_ended_session_reports_an_outage(
    connection: psycopg.Connection, postgres_copy: str
) -> None:
    statements = Statements(connection)
    assert [add(statements, number) for number in range(2)] == [1, 1]
    with psycopg.connect(postgres_copy, autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])
    for number in (2, 3):
        with pytest.raises(psycopg.OperationalError):
            add(statements, number)
    with pytest.raises(psycopg.OperationalError):
        statements.commit(set(), waits_for_disk=True)
