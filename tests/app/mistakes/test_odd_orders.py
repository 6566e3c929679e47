"""Commands given by mistake: each gets one sentence with the remedy, and its exit code."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.exceptions import Abort

from holdline.app import main
from holdline.app.signals import interrupt_on_sigterm
from tests.app.command_line import holdline

BOT = 7000000001
ORDERS: list[tuple[tuple[str, ...], int, str]] = [
    (("restore",), 0, "Nothing is on hold: everything is sent as usual."),
    (("restore", "--release"), 1, "nothing is on hold"),
    (("restore", "--discard"), 1, "nothing is on hold"),
    (("restore", "--only", "replies"), 2, "--only goes with --release or --discard"),
    (("restore", "nowhere.db"), 2, "nowhere.db does not exist"),
    (("broadcast", "1"), 2, "there is no broadcast 1; /broadcast in Telegram lists them"),
    (("broadcast", "1", "--move", "pause"), 2, "there is no broadcast 1"),
    (("broadcast", "1", "--dry-run"), 2, "only with a broadcast's file"),
    (("broadcast", "offer.toml", "--move", "pause"), 2, "--move goes with a broadcast's number"),
    (("broadcast", "offer.toml"), 2, "offer.toml cannot be read"),
    (("key", "revoke", "9"), 2, "there is no key 9"),
    (("key", "revoke", "nine"), 2, "Invalid value for 'ID': it must be a whole number"),
    (("export", "12"), 2, "there is no customer '12'"),
    (("export", "@nobody", "--to", "nobody.zip"), 2, "there is no customer '@nobody'"),
    (("erase", "12", "--yes"), 2, "there is no customer '12'"),
    (
        ("erase", "12", "--prove", "--also-in", "nowhere.log"),
        2,
        "there is no nowhere.log. Nothing was erased.",
    ),
    (("erase", "12", "--also-in", "."), 2, "--also-in goes with --prove"),
    (("erase", "12", "--yes", "--dry-run"), 2, "not both"),
    (("funnel", "show", "promo"), 2, "`holdline funnel list` shows all funnels"),
    (("funnel", "delete", "promo"), 2, "`holdline funnel list` shows all funnels"),
    (("funnel", "check", "nowhere.toml"), 2, "nowhere.toml cannot be read"),
    (("backup", "--to", "holdline.db"), 1, "exists already"),
    (("retention",), 0, "rows emptied"),
    (("held",), 0, "Nothing waits"),
    (("doctor",), 0, "invariants hold"),
    (("migrate",), 0, "is up to date"),
]


@pytest.fixture
def folder(tmp_path: Path, sqlite_file: Path) -> Path:
    (tmp_path / "holdline.toml").write_text(f'[telegram]\ntoken = "{BOT}:abc"\n')
    sqlite_file.replace(tmp_path / "holdline.db")
    return tmp_path


@pytest.mark.parametrize(
    ("order", "code", "sentence"),
    ORDERS,
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_each_wrong_command_has_its_exit_code_and_its_sentence(
    folder: Path, order: tuple[str, ...], code: int, sentence: str
) -> None:
    told = holdline(*order, folder=folder)
    assert told.returncode == code, told.stdout + told.stderr
    assert sentence in (told.stderr if code else told.stdout)
    assert told.stderr.count("\n") == (1 if code else 0), told.stderr
    assert "Traceback" not in told.stderr


def test_a_key_revoked_twice_is_named_as_gone(folder: Path) -> None:
    holdline("key", "create", "--name", "shop", folder=folder)
    assert "Key 1 is revoked" in holdline("key", "revoke", "1", folder=folder).stdout
    again = holdline("key", "revoke", "1", folder=folder)
    assert (again.returncode, "`holdline key list` shows them all" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    "order",
    [
        ("export", "1"),
        ("erase", "1", "--yes"),
        ("key", "revoke", "1"),
        ("retention",),
        ("held",),
        ("broadcast", "1"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("schema", ["older", "newer"])
def test_a_database_of_another_version_is_left_as_it_is(
    folder: Path, order: tuple[str, ...], schema: str
) -> None:
    with closing(sqlite3.connect(folder / "holdline.db", isolation_level=None)) as raw:
        if schema == "newer":
            raw.execute("INSERT INTO migrations (version, name, checksum) VALUES (999, 'later', 'x')")
        else:
            raw.execute("DELETE FROM migrations WHERE version = (SELECT max(version) FROM migrations)")
    told = holdline(*order, folder=folder)
    assert (told.returncode, told.stdout) == (2, "")
    way = "install the newer Holdline" if schema == "newer" else "run `holdline migrate`"
    assert way in told.stderr and told.stderr.count("\n") == 1


def test_cancelling_at_a_question_prints_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(*_: object, **__: object) -> None:
        raise Abort

    monkeypatch.setattr(main, "cli", leave)
    assert main.invoke(["erase", "1"]) == 1
    assert capsys.readouterr().err == "holdline: stopped at the question; nothing was changed.\n"


@pytest.mark.parametrize(
    "on_sigint", [signal.default_int_handler, signal.SIG_IGN], ids=["foreground", "background"]
)
def test_sigterm_ends_a_measurement_like_ctrl_c(on_sigint: Any) -> None:
    before, of_sigint = signal.getsignal(signal.SIGTERM), signal.signal(signal.SIGINT, on_sigint)
    try:
        with pytest.raises(KeyboardInterrupt), interrupt_on_sigterm():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGINT, of_sigint)
    assert signal.getsignal(signal.SIGTERM) is before
