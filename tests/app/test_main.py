"""The command line as a person uses it: in its own process."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from holdline.app.main import invoke
from tests.app.command_line import holdline

COMMANDS = ("demo", "run", "replay", "check", "doctor", "key", "sandbox", "migrate", "backup", "restore")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "desk.toml"
    path.write_text('[telegram]\ntoken = "7000000001:abc"\n')
    return path


def test_help_names_every_command_without_importing_what_they_need(tmp_path: Path) -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from holdline.app.main import invoke; code = invoke(['--help']);"
            "heavy = {'aiogram', 'aiohttp', 'fastapi', 'uvicorn', 'pydantic', 'statemachine'} & set(sys.modules);"
            "sys.exit(code or (9 if heavy else 0))",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert told.returncode == 0
    assert [command for command in COMMANDS if f"  {command}" not in told.stdout] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Missing command"),
        (["nope"], "No such command 'nope'"),
        (["run", "--role", "king"], "Invalid value for '--role': 'king' is not one of"),
        (["check", "--config", "."], ". is a folder; name the TOML file in it"),
        (["key", "create"], "Missing option '--name'"),
        (["run", "--config", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["sandbox", "--port", "99999"], "less than or equal to 65535"),
        (["sandbox", "--port", "-1"], "greater than or equal to 0"),
        (["sandbox", "--token", "word"], "--token must look like"),
        (["demo", "--port", "-1"], "greater than or equal to 0"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_exit_code_2(
    arguments: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err
    assert told.err.count("\n") == 1


def test_a_new_key_is_alone_on_the_last_line_and_only_its_hash_is_stored(
    config: Path, tmp_path: Path
) -> None:
    holdline("migrate", "--config", str(config), folder=tmp_path)
    told = holdline("key", "create", "--config", str(config), "--name", "shop", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    secret = told.stdout.splitlines()[-1]
    assert secret == secret.strip() and len(secret) > 30 and " " not in secret
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("holdline.db*"))
    assert stored and secret.encode() not in stored


def test_an_unknown_scope_is_refused_with_a_sentence(config: Path, tmp_path: Path) -> None:
    holdline("migrate", "--config", str(config), folder=tmp_path)
    told = holdline(
        "key", "create", "--config", str(config), "--name", "x", "--scope", "all", folder=tmp_path
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert "send, read, desk, admin" in told.stderr


@pytest.mark.row("O-04")
def test_a_backup_is_whole_verified_private_and_never_overwrites(config: Path, tmp_path: Path) -> None:
    assert holdline("backup", "--config", str(config), folder=tmp_path).returncode == 1
    holdline("migrate", "--config", str(config), folder=tmp_path)
    to = tmp_path / "copies" / "b.db"
    told = holdline("backup", "--config", str(config), "--to", str(to), folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert f"The folder {to.parent} was not there, so it was made" in told.stdout
    assert to.stat().st_mode & 0o077 == 0
    again = holdline("backup", "--config", str(config), "--to", str(to), folder=tmp_path)
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    assert sorted(path.name for path in to.parent.iterdir()) == ["b.db"]


def test_a_backup_of_postgresql_names_the_tool_for_it(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text('[store]\nurl = "postgresql://u:pw@host/db"\n')
    told = holdline("backup", "--config", "desk.toml", folder=tmp_path)
    assert told.returncode == 2
    assert "pg_dump" in told.stderr and "pw" not in told.stderr


def test_a_newer_database_stops_every_command_with_a_sentence(config: Path, tmp_path: Path) -> None:
    holdline("migrate", "--config", str(config), folder=tmp_path)
    with sqlite3.connect(tmp_path / "holdline.db") as raw:
        raw.execute("INSERT INTO migrations (version, name, checksum) VALUES (999, 'later', 'x')")
    raw.close()
    told = holdline("migrate", "--config", str(config), folder=tmp_path)
    assert told.returncode == 2
    assert "install the newer Holdline" in told.stderr


@pytest.mark.parametrize(
    "command", [("doctor",), ("key", "create", "--name", "N"), ("key", "list"), ("check",)]
)
def test_a_mistyped_path_creates_no_database(config: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    told = holdline(*command, "--config", str(config), folder=tmp_path)
    assert command == ("check",) or (told.returncode == 2 and "there is no database at" in told.stderr)
    assert list(tmp_path.glob("holdline.db*")) == []


def test_the_doctor_prints_the_remedies(config: Path, tmp_path: Path) -> None:
    holdline("migrate", "--config", str(config), folder=tmp_path)
    with sqlite3.connect(tmp_path / "holdline.db") as raw:
        raw.execute(
            "INSERT INTO bulk_jobs (bot_id, manager_id, step_json, total, created_at, finished_at)"
            " VALUES (1, 1, '{}', 2, 1, 2)"
        )
    raw.close()
    told = holdline("doctor", "--config", str(config), folder=tmp_path)
    assert told.returncode == 1
    broken, row, remedy, *_ = told.stdout.splitlines()
    assert broken.startswith("BROKEN bulk_job_tells_of_each: ") and json.loads(row)["total"] == 2
    assert remedy == "  What helps: do it again with the same filter: what is done already stays as it is."


def test_the_last_line_of_the_doctor_is_one_json_object(config: Path, tmp_path: Path) -> None:
    holdline("migrate", "--config", str(config), folder=tmp_path)
    told = holdline("doctor", "--config", str(config), "--json", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout.splitlines()[-1]) == {"ok": True, "broken": []}
