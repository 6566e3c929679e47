"""Tables change only on request, after a backup; an edited migration is refused with a sentence."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from holdline.app.upgrade import path_with_date
from holdline.store.engines.instance_lock import FileLock
from holdline.store.engines.migrate import list_migrations
from tests.app.command_line import holdline
from tests.app.old_desk import fill_tables

OLD = 4
"""A version of long ago."""
LOOKS = [
    ("doctor",),
    ("doctor", "--json"),
    ("key", "list"),
    ("key", "create", "--name", "shop"),
    ("key", "revoke", "1"),
]


def fill(execute: Callable[[str], Any], engine: str) -> None:
    """A database as the old version left it."""
    fill_tables(execute, engine, OLD)


def versions(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as raw:
        return [row[0] for row in raw.execute("SELECT version FROM migrations ORDER BY version")]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with the configuration and an old database."""
    (tmp_path / "holdline.toml").write_text('[telegram]\ntoken = "7000000001:abc"\n')
    with closing(sqlite3.connect(tmp_path / "holdline.db", isolation_level=None)) as raw:
        fill(raw.execute, "sqlite")
    return tmp_path


@pytest.mark.parametrize("command", LOOKS, ids=" ".join)
def test_reading_commands_change_no_tables(old: Path, command: tuple[str, ...]) -> None:
    told = holdline(*command, folder=old)
    assert told.returncode == 2
    assert "holdline migrate" in told.stderr
    assert versions(old / "holdline.db") == [1, 2, 3, 4]


@pytest.mark.row("O-03")
@pytest.mark.parametrize("command", [("migrate",), ("run",)], ids=" ".join)
def test_no_tables_change_under_a_running_desk(old: Path, command: tuple[str, ...]) -> None:
    lock = FileLock(old / "holdline.db.sender-7000000001.lock")
    assert lock.take()
    try:
        told = holdline(*command, folder=old)
    finally:
        lock.drop()
    assert told.returncode == 1
    assert "stop it, then run this again" in told.stderr
    assert versions(old / "holdline.db") == [1, 2, 3, 4]
    assert not list(old.glob("holdline-before-upgrade-*"))


def test_check_reports_an_older_database_and_does_not_change_it(old: Path) -> None:
    told = holdline("check", "--json", folder=old).stdout.splitlines()[-1]
    (finding,) = [one for one in json.loads(told)["findings"] if one["code"].startswith("database")]
    assert (finding["level"], finding["code"]) == ("warning", "database_older")
    assert "holdline migrate" in finding["message"]
    assert versions(old / "holdline.db") == [1, 2, 3, 4]


def test_migrate_makes_a_backup_first_and_names_it(old: Path) -> None:
    told = holdline("migrate", folder=old)
    assert told.returncode == 0, told.stderr
    backup, ran, todo = told.stdout.splitlines()
    (copy,) = old.glob("holdline-before-upgrade-*.db")
    assert str(copy) in backup or copy.name in backup
    assert versions(copy) == [1, 2, 3, 4]
    assert copy.stat().st_mode & 0o077 == 0
    newest = list_migrations("sqlite")[-1].version
    assert ran.startswith(f"{old / 'holdline.db'} was at schema {OLD} and is now at schema {newest}: ")
    assert todo == "Next: `holdline check`, then `holdline run`."
    assert holdline("doctor", folder=old).returncode == 0
    again = f"The database is up to date: {old / 'holdline.db'} is at schema {newest}. Nothing was changed.\n"
    assert holdline("migrate", folder=old).stdout == again
    assert len(list(old.glob("holdline-before-upgrade-*"))) == 1


def test_without_a_possible_backup_no_table_changes(old: Path) -> None:
    page = b"not a page of a database" * 200
    with (old / "holdline.db").open("r+b") as file:
        file.seek(-4096, 2)
        file.write(page[:4096])
    told = holdline("migrate", folder=old)
    assert told.returncode == 1
    assert "Nothing was changed in the database" in told.stderr
    assert versions(old / "holdline.db") == [1, 2, 3, 4]


def test_an_edited_migration_is_refused_with_the_remedy(old: Path) -> None:
    with closing(sqlite3.connect(old / "holdline.db", isolation_level=None)) as raw:
        raw.execute("UPDATE migrations SET checksum = 'another' WHERE version = 3")
    told = holdline("migrate", folder=old)
    assert told.returncode == 2
    assert "Migration 3 (membership)" in told.stderr
    assert "restore a backup" in told.stderr
    assert versions(old / "holdline.db") == [1, 2, 3, 4]
    assert list(old.glob("holdline-before-upgrade-*")) == []


def test_on_postgresql_the_tool_for_a_backup_is_named(tmp_path: Path, postgres_url: str) -> None:
    (tmp_path / "holdline.toml").write_text(
        f'[telegram]\ntoken = "7000000001:abc"\n[store]\nurl = "{postgres_url}"\n'
    )
    assert "the database is empty" in holdline("doctor", folder=tmp_path).stderr
    with psycopg.connect(postgres_url, autocommit=True) as raw:
        assert raw.execute("SELECT to_regclass('migrations')").fetchone() == (None,)
        fill(lambda sql: raw.execute(sql.encode()), "postgres")
    assert "pg_dump" in holdline("doctor", folder=tmp_path).stderr
    said, ran, *names, _ = holdline("migrate", "--verbose", folder=tmp_path).stdout.splitlines()
    assert "pg_dump --format=custom" in said
    assert f"was at schema {OLD} and is now" in ran and "pw" not in ran
    assert names == [f"  {step.name}" for step in list_migrations("postgres")[OLD:]]
    assert holdline("doctor", folder=tmp_path).returncode == 0


def test_two_copies_of_one_second_have_different_names(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 30, 18, 33, 54, tzinfo=UTC)
    names = []
    for _ in range(3):
        path = path_with_date(tmp_path / "holdline.db", moment, "before-upgrade-")
        path.touch()
        names.append(path.name)
    stem = "holdline-before-upgrade-20261130T183354Z"
    assert names == [f"{stem}.db", f"{stem}-2.db", f"{stem}-3.db"]
