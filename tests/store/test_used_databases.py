"""A database that a test has used is handed out again only where it is as good as new."""

import psycopg
import pytest

from tests.databases import Copy, Databases
from tests.kept_sessions import KeptConnection

AN_EVENT = b"""INSERT INTO history (bot_id, customer_id, kind, actor_kind, actor_name, created_at)
    VALUES (1, 1, 'note', 'system', '', 1) RETURNING id"""


def test_rows_are_gone_and_ids_begin_anew(databases: Databases) -> None:
    found = []
    for _ in range(2):
        used = databases.borrow_copy()
        used.uses = 1  # of an old one the end is near
        with psycopg.connect(used.url) as connection:
            (left,) = connection.execute("SELECT count(*) FROM history").fetchone() or ()
            (event,) = connection.execute(AN_EVENT).fetchone() or ()
        databases.return_copy(used)
        found.append((used.name, left, event))
    assert found == [(found[0][0], 0, 1)] * 2


def test_who_is_still_connected_is_cut_off(databases: Databases) -> None:
    used = databases.borrow_copy()
    with psycopg.connect(used.url) as connection:
        connection.execute(AN_EVENT)
        databases.return_copy(used)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_session_goes_on_without_its_locks_and_settings(postgres_copy: str) -> None:
    pids = []
    for _ in range(2):
        with KeptConnection.connect(postgres_copy, autocommit=True) as connection:
            pids.append(connection.info.backend_pid)
            assert connection.execute("SHOW lock_timeout").fetchone() == ("0",)
            locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            assert connection.execute(locks).fetchone() == (0,)
            connection.execute("SET lock_timeout = 5")
            connection.execute("SELECT pg_advisory_lock(1)")
    assert pids[0] == pids[1]


def test_a_session_that_listened_hears_nothing_while_it_rests(postgres_copy: str) -> None:
    with KeptConnection.connect(postgres_copy, autocommit=True) as listening:
        pid = listening.info.backend_pid
        listening.execute("LISTEN holdline; NOTIFY holdline, 'inbox'")
    with KeptConnection.connect(postgres_copy, autocommit=True) as another:
        assert another.info.backend_pid == pid
        assert another.execute("SELECT count(*) FROM pg_listening_channels()").fetchone() == (0,)
        assert list(another.notifies(timeout=0)) == []


def test_a_session_that_was_left_in_a_transaction_is_not_kept(postgres_copy: str) -> None:
    left = KeptConnection.connect(postgres_copy)
    left.execute("SELECT 1")
    pid = left.info.backend_pid
    left.close()
    with KeptConnection.connect(postgres_copy) as another:
        assert another.info.backend_pid != pid


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX history_by_customer",
        "ALTER TABLE bots ADD COLUMN more TEXT",
        "ALTER TABLE bots ALTER COLUMN username DROP NOT NULL",
        "CREATE TABLE more (id BIGINT)",
        "DROP TRIGGER history_no_change ON history",
        "ALTER TABLE history DISABLE TRIGGER ALL",
        "UPDATE migrations SET checksum = 'x' WHERE version = 1",
        "INSERT INTO migrations (version, name, checksum) VALUES (999, 'later', 'x')",
    ],
)
def test_one_whose_schema_was_changed_is_dropped(databases: Databases, change: str) -> None:
    changed = databases.borrow_copy()
    with psycopg.connect(changed.url) as connection:
        connection.execute(change.encode())
    assert not _is_handed_out_again(databases, changed)


def test_one_that_has_got_settings_is_dropped(databases: Databases) -> None:
    changed = databases.borrow_copy()
    with psycopg.connect(changed.url) as connection:
        connection.execute(f'ALTER DATABASE "{changed.name}" SET lock_timeout = 1'.encode())
    assert not _is_handed_out_again(databases, changed)


def _is_handed_out_again(databases: Databases, used: Copy) -> bool:
    databases.return_copy(used)
    another = databases.borrow_copy()
    databases.return_copy(another)
    return another.name == used.name
