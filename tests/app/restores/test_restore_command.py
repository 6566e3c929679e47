"""`holdline restore`: a refusal changes nothing, and a restored database is on hold."""

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.app.command_line import holdline

TOKEN = "7000000001:abc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A desk with a customer and a waiting message, backed up into `good.db`; a second one has come since."""
    (tmp_path / "holdline.toml").write_text(f'[telegram]\ntoken = "{TOKEN}"\nadmins = [400000077]\n')
    assert holdline("migrate", folder=tmp_path).returncode == 0
    add_message(tmp_path, "before")
    assert holdline("backup", "--to", "good.db", folder=tmp_path).returncode == 0
    add_message(tmp_path, "after")
    return tmp_path


def add_message(folder: Path, key: str) -> None:
    with closing(sqlite3.connect(folder / "holdline.db", isolation_level=None)) as raw:
        raw.execute("INSERT OR IGNORE INTO bots VALUES (7000000001, 'desk_bot', 0, 1)")
        raw.execute("INSERT OR IGNORE INTO customers (id, bot_id, telegram_id, name, created_at)"
                    " VALUES (1, 7000000001, 51, 'Anna', 1)")  # fmt: skip
        raw.execute("INSERT OR IGNORE INTO chats (bot_id, chat_id, customer_id, kind, dialog_due_at)"
                    " VALUES (7000000001, 51, 1, 'private', 1)")  # fmt: skip
        raw.execute(
            "INSERT INTO outbox (bot_id, chat_id, stream, class, audience, kind, key, payload_json, customer_id,"
            " due_at, created_at) VALUES (7000000001, 51, 'dialog', 'system', 'customer', 'message', ?, '{}', 1, 1, 1)",
            (key,),
        )


def rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as raw:
        return raw.execute(sql).fetchall()


def restore(folder: Path, *arguments: str) -> CompletedProcess[str]:
    return holdline("restore", *arguments, folder=folder)


def test_the_backup_is_in_place_on_hold_and_the_former_database_is_kept(folder: Path) -> None:
    told = restore(folder, "good.db", "--yes")
    assert told.returncode == 0, told.stderr
    assert "on hold: 1 from before wait (system: 1)" in told.stdout and "invariants hold" in told.stdout
    assert rows(folder / "holdline.db", "SELECT key FROM outbox WHERE kind = 'message'") == [("before",)]
    (aside,) = folder.glob("holdline-before-restore-*.db")
    assert rows(aside, "SELECT key FROM outbox ORDER BY id") == [("before",), ("after",)]
    assert (folder / "holdline.db").stat().st_mode & 0o077 == 0
    assert not list(folder.glob("holdline.db.restoring*"))
    assert "on hold: 1 from before wait" in restore(folder).stdout
    assert "on hold" in holdline("doctor", folder=folder).stdout


def test_a_release_by_command_is_kept_for_the_desk(folder: Path) -> None:
    restore(folder, "good.db", "--yes")
    told = restore(folder, "--release", "--only", "replies")
    assert "Released: 0" in told.stdout and "on hold" in told.stdout
    assert "Discarded: 1" in restore(folder, "--discard").stdout
    assert "Nothing is on hold: " in restore(folder).stdout
    assert "nothing is on hold" in restore(folder, "--release").stderr
    changes = "SELECT change FROM admin_log ORDER BY id"
    assert rows(folder / "holdline.db", changes) == [
        ("restored",),
        ("restored_release",),
        ("restored_discard",),
    ]


def damaged(folder: Path) -> None:
    with (folder / "good.db").open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 60_000)


def of_another_bot(folder: Path) -> None:
    (folder / "holdline.toml").write_text('[telegram]\ntoken = "7000000002:abc"\n')


def from_the_future(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "good.db", isolation_level=None)) as raw:
        raw.execute("INSERT INTO migrations VALUES (99999, 'later', 'x')")


def not_ours(folder: Path) -> None:
    (folder / "good.db").unlink()
    with closing(sqlite3.connect(folder / "good.db", isolation_level=None)) as raw:
        raw.execute("CREATE TABLE things (id)")


def missing(folder: Path) -> None:
    (folder / "good.db").unlink()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (damaged, "cannot be restored"),
        (of_another_bot, "belongs to the bot 7000000001"),
        (from_the_future, "newer Holdline"),
        (not_ours, "not a database of Holdline"),
        (missing, "does not exist"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(folder: Path, spoil: object, says: str) -> None:
    assert callable(spoil)
    spoil(folder)
    told = restore(folder, "good.db", "--yes")
    assert told.returncode in (1, 2) and says in told.stderr
    assert len(rows(folder / "holdline.db", "SELECT id FROM outbox")) == 2
    assert not list(folder.glob("*before-restore*")) and not list(folder.glob("*.restoring*"))


def test_a_running_desk_is_left_alone(folder: Path) -> None:
    with (folder / "holdline.db.sender-7000000001.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        told = restore(folder, "good.db", "--yes")
    assert (told.returncode, "stop it first" in told.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("good.db",), "Add --yes"),
        (("good.db", "--mark"), "not several"),
        (("--only", "replies"), "--only goes with"),
        (("holdline.db", "--yes"), "the database itself"),
        (("--release",), "nothing is on hold"),
    ],
)
def test_a_contradictory_restore_command_is_refused(
    folder: Path, arguments: tuple[str, ...], says: str
) -> None:
    told = restore(folder, *arguments)
    assert told.returncode != 0 and says in told.stderr
    assert len(rows(folder / "holdline.db", "SELECT id FROM outbox")) == 2


def test_a_copy_put_in_place_by_hand_is_noticed_at_the_next_mark(folder: Path) -> None:
    (folder / "holdline.db").unlink()
    (folder / "good.db").rename(folder / "holdline.db")
    assert "is a restored copy: the next start" in restore(folder).stdout
    early = restore(folder, "--release")
    assert early.returncode == 1 and "holdline restore --mark" in early.stderr
    assert "1 from before wait" in restore(folder, "--mark").stdout
    assert "1 from before wait" in restore(folder).stdout


def test_restoring_a_database_that_was_on_hold_holds_it_completely(folder: Path) -> None:
    """As after the restore of a snapshot: a decision half done, and a message that came during the hold."""
    restore(folder, "good.db", "--yes")
    with closing(sqlite3.connect(folder / "holdline.db", isolation_level=None)) as raw:
        raw.execute("UPDATE restored_work SET verdict = 'release'")
    add_message(folder, "during")
    assert "system: 2" in restore(folder, "--mark").stdout


def test_restore_on_postgresql_explains_its_own_procedure(tmp_path: Path) -> None:
    (tmp_path / "holdline.toml").write_text(
        f'[telegram]\ntoken = "{TOKEN}"\n[store]\nurl = "postgresql://nowhere/x"\n'
    )
    assert "pg_restore" in restore(tmp_path, "a.dump", "--yes").stderr
