"""A command that cannot use the database ends with one sentence that states the remedy, without a traceback."""

from pathlib import Path
from typing import Any, NoReturn

import pytest

from holdline.app.check import web
from holdline.app.check.command import database_findings
from holdline.app.check.results import WARNING
from holdline.app.configuration import load_configuration
from holdline.app.main import invoke
from holdline.app.web_server import bind_listener
from holdline.lab.bench.temporary_server import run_server
from holdline.store.engine import Store
from holdline.store.engines import sqlite
from holdline.store.errors import DiskFull, StoreUnavailable

FULL, LOCKED = "database or disk is full", "cannot open holdline.db: database is locked"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "holdline.toml").write_text('[telegram]\ntoken = "7000000001:abc"\nadmins = [400000077]\n')
    assert invoke(["migrate"]) == 0
    return tmp_path


def refuse_writes(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    async def act(self: Store, *args: Any, **kwargs: Any) -> NoReturn:
        raise DiskFull(reason) if reason == FULL else StoreUnavailable(reason)

    monkeypatch.setattr(Store, "act", act)


@pytest.mark.parametrize(
    "command", [["key", "create", "--name", "b"], ["key", "revoke", "1"], ["restore", "--mark"]]
)
@pytest.mark.parametrize(("reason", "mend"), [(FULL, "free some space there"), (LOCKED, "close it")])
def test_a_command_that_cannot_write_shows_the_remedy(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    reason: str,
    mend: str,
) -> None:
    refuse_writes(monkeypatch, reason)
    assert invoke(command) == 2
    said = capsys.readouterr().err
    assert mend in said and "store.url" not in said and said.count("\n") == 1


def test_a_database_without_read_permission_is_not_called_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(sqlite, "ensure_private_file", refuse)
    assert invoke(["doctor"]) == 2
    said = capsys.readouterr().err
    assert "give it to the user who runs this" in said and "cannot be made" not in said


def test_init_is_suggested_only_if_the_configuration_is_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["doctor", "--config", "nowhere.toml"]) == 2
    assert "holdline init --to nowhere.toml" in capsys.readouterr().err

    def refuse(self: Path, **more: Any) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_text", refuse)
    assert invoke(["doctor"]) == 2
    said = capsys.readouterr().err
    assert "chown or chmod" in said and "holdline init" not in said


def test_a_postgresql_without_the_database_is_reported_as_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with run_server(tmp_path / "server") as url:
        absent = url.replace("/postgres?", "/nodb?")
        text = f'[telegram]\ntoken = "7000000001:abc"\nadmins = [400000077]\n[store]\nurl = "{absent}"\n'
        (tmp_path / "holdline.toml").write_text(text)
        assert absent != url and invoke(["doctor"]) == 2
    said = capsys.readouterr().err
    assert "refuses the connection" in said and '"nodb" does not exist' in said and "answer" not in said


async def test_a_check_of_a_full_disk_speaks_of_the_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_writes(monkeypatch, FULL)
    (found,) = await database_findings(load_configuration(folder / "holdline.toml"))
    assert found.code == "database_readonly" and "Free some space" in found.mend


async def test_a_desk_on_the_port_is_recognised_while_the_database_is_unreadable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def holdline_answers(host: str, port: int) -> bool:
        return True

    monkeypatch.setattr(web, "_is_holdline", holdline_answers)
    listener = bind_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    listener.listen()
    try:
        found = await web.port_finding("127.0.0.1", port, is_at_work=None)
    finally:
        listener.close()
    assert found.level == WARNING and "/readyz" in found.mend and "Another" not in found.sentence


@pytest.mark.parametrize(
    "command",
    [
        ["restore", "--release", "--discard"],
        ["restore", "--discard", "--release"],
        ["erase", "1", "--yes", "--dry-run"],
    ],
)
def test_two_options_that_exclude_each_other_change_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert invoke(command) == 2
    assert "Nothing was" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--dialogs", "--recipients"])
def test_a_bench_measures_no_negative_number(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["bench", option, "-5"]) == 2
    assert option in capsys.readouterr().err
