"""The steps of docs/operations.md, taken with the database that commit 9c2fb44 left when it was killed."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from holdline.store.engines.migrate import list_migrations
from tests.app.command_line import holdline
from tests.app.old_desk import VERSION, fill_with_its_rows

PAGE = (Path(__file__).parents[3] / "docs/operations.md").read_text(encoding="utf-8")
NEWEST = list_migrations("sqlite")[-1].version


def part(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    fill_with_its_rows(f"sqlite:///{tmp_path / 'holdline.db'}")
    (tmp_path / "holdline.toml").write_text('[telegram]\ntoken = "123456:sandbox-token"\n')
    return tmp_path


def facts(database: Path) -> tuple[int, int, int]:
    """The newest migration, the messages, the rows that wait."""
    with closing(sqlite3.connect(database)) as raw:
        one = [
            raw.execute(sql).fetchone()[0]
            for sql in (
                "SELECT max(version) FROM migrations",
                "SELECT count(*) FROM messages",
                "SELECT count(*) FROM outbox WHERE status IN ('queued', 'sending')",
            )
        ]
    return one[0], one[1], one[2]


def test_the_page_names_the_steps_that_are_tried_here() -> None:
    assert re.findall(r"`(holdline [a-z]+)`", part("Upgrade"))[:2] == ["holdline migrate", "holdline doctor"]
    assert "holdline-before-upgrade-<time>.db" in part("Upgrade")
    assert "holdline restore" in part("Rollback") and "-wal" in part("Rollback")


def test_upgrade_then_rollback_to_the_copy(old: Path) -> None:
    before = facts(old / "holdline.db")
    assert before[0] == VERSION
    told = holdline("migrate", folder=old)
    assert told.returncode == 0, told.stderr
    (copy,) = old.glob("holdline-before-upgrade-*.db")
    assert copy.name in told.stdout and facts(copy) == before
    assert facts(old / "holdline.db")[:2] == (NEWEST, before[1])
    doctor = holdline("doctor", folder=old)
    assert doctor.returncode == 0, doctor.stdout

    for name in ("holdline.db", "holdline.db-wal", "holdline.db-shm"):
        (old / name).unlink(missing_ok=True)
    copy.rename(old / "holdline.db")
    assert facts(old / "holdline.db") == before, "the previous version finds its own tables"


def test_the_copy_restored_with_this_version_is_upgraded_and_on_hold(old: Path) -> None:
    before = facts(old / "holdline.db")
    assert before[2] > 1
    holdline("migrate", folder=old)
    (copy,) = old.glob("holdline-before-upgrade-*.db")
    told = holdline("restore", copy.name, "--yes", folder=old)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "on hold" in told.stdout and facts(old / "holdline.db")[:2] == (NEWEST, before[1])
    with closing(sqlite3.connect(old / "holdline.db")) as raw:
        waits = "SELECT count(*) FROM outbox WHERE status = 'queued' AND waits_for IS NULL"
        assert raw.execute(waits).fetchone()[0] <= 1, "only the notice about the restore"
