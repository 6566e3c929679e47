"""SIGKILL at the lines of a restore leaves the former database or a marked copy; a decision cut short is finished."""

import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from holdline.app.restores import file_swap
from holdline.app.restores.file_swap import put_in_place, stage
from holdline.desk.restores.decision import carry_out_decisions, decide_on_restored
from holdline.desk.restores.hold import current_hold, hold_restored
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.restores.hold import Verdict
from holdline.store.engines import backup, restored_file
from holdline.store.engines.backup import READ_MARK, write_backup
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from tests.conftest import BOT
from tests.scheduler.conftest import Bench, bench

__all__ = ["bench"]
WATCHED = {str(module.__file__) for module in (file_swap, restored_file, backup)}
EVERY = 1 if "HOLDLINE_RESTORES" in os.environ else 9
"""In `make test` every ninth line."""
AT = datetime(2026, 11, 30, tzinfo=UTC)


class Dies(Exception):
    """What the database sees of a process that is killed inside a transaction: it never commits."""


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """`good.db` is the backup; `holdline.db` has one setting more, some of it only in its write-ahead log."""
    database = tmp_path / "holdline.db"
    database.write_bytes(sqlite_template.read_bytes())
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute(f"INSERT INTO settings VALUES ({BOT}, 'before', '1')")
        write_backup(database, tmp_path / "good.db")
        raw.execute(f"INSERT INTO settings VALUES ({BOT}, 'after', '1')")
    return tmp_path


def names_in(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in raw.execute("SELECT name FROM settings WHERE name IN ('before', 'after')")]


def restore(folder: Path, at: datetime = AT) -> None:
    put_in_place(stage(folder / "good.db", folder / "holdline.db", BOT), folder / "holdline.db", at)


def in_a_child(folder: Path, dies_at: int) -> tuple[int, int]:
    """(exit code or minus the signal, lines) of a restore that is killed before that line runs."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal seen
            if frame.f_code.co_filename not in WATCHED:
                return None
            if event == "line":
                seen += 1
                if seen == dies_at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return watch

        sys.settrace(watch)
        restore(folder)
        sys.settrace(None)
        os.write(send, str(seen).encode())
        os._exit(0)
    os.close(send)
    _, status = os.waitpid(child, 0)
    with os.fdopen(receive, "rb") as told:
        return os.waitstatus_to_exitcode(status), int(told.read() or 0)


def test_a_restore_killed_at_any_line_leaves_one_whole_database(folder: Path) -> None:
    contents = {name: (folder / name).read_bytes() for name in ("good.db", "holdline.db")}
    code, lines = in_a_child(folder, 0)
    assert (code, names_in(folder / "holdline.db")) == (0, ["before"]) and lines > 60
    outcomes = set()
    for line in range(1, lines + 1, EVERY):
        for old in folder.iterdir():
            old.unlink()
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        assert in_a_child(folder, line)[0] == -signal.SIGKILL
        database = folder / "holdline.db"
        with closing(sqlite3.connect(database)) as raw:
            marked = raw.execute(READ_MARK).fetchone()[0] != 0
        outcome = (tuple(names_in(database)), marked)
        if outcome not in outcomes or line % 90 == 1:
            restore(folder, AT + timedelta(seconds=1))
            assert names_in(database) == ["before"]
            assert list(folder.glob("*before-restore*"))
        outcomes.add(outcome)
    assert outcomes == {(("after", "before"), False), (("before",), True)}


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """[how many statements may still run, how many have]: the next one ends the transaction."""
    left = [10**9, 0]

    def counted(name: str) -> None:
        original = getattr(Tx, name)

        def run(self: Tx, sql: str, /, **values: object) -> Any:
            left[0] -= 1
            left[1] += 1
            if left[0] < 0:
                raise Dies
            return original(self, sql, **values)

        monkeypatch.setattr(Tx, name, run)

    for name in ("all", "run", "post"):
        counted(name)
    yield left


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_a_hold_or_decision_killed_at_any_statement_is_complete_or_absent(
    bench: Bench, statements: list[int], verdict: Verdict
) -> None:
    for number in range(4):
        await bench.add(f"r{number}", payload={"text": str(number)})
    await bench.add("offer", MessageClass.BROADCAST, payload={"text": "offer"})

    async def dies_everywhere(unit: Any, **words: Any) -> int:
        """Every death before the last statement changes nothing; then it succeeds. How many deaths there were."""
        for allowed in range(200):
            before = await everything(bench)
            statements[0] = allowed
            try:
                await bench.store.act(unit, **words)
            except Dies:
                statements[0] = 10**9
                assert await everything(bench) == before
            else:
                statements[0] = 10**9
                return allowed
        raise AssertionError("it never ends")

    assert await dies_everywhere(hold_restored) > 10
    hold = await bench.store.read(current_hold)
    assert hold is not None and hold.total == 5
    assert await dies_everywhere(decide_on_restored, verdict=verdict) > 3
    while await bench.all("SELECT row_id FROM restored_work"):
        assert await dies_everywhere(carry_out_decisions) > 1
    said = [text for text in await bench.drain(60) if len(text) < 6]
    assert said == (["0", "1", "2", "3", "offer"] if verdict is Verdict.RELEASE else [])
    assert await bench.store.read(find_violations) == []


async def everything(bench: Bench) -> list[Any]:
    tables = ("restores", "restored_work", "outbox", "chats", "messages", "history", "admin_log")
    return [await bench.all(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
