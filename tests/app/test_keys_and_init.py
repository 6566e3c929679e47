"""`holdline key`: made, listed and revoked on the command line."""

import json
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from holdline.store.engines.migrate import list_migrations
from tests.app.command_line import holdline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "holdline.toml").write_text('[telegram]\ntoken = "7000000001:abc"\n')
    assert holdline("migrate", folder=tmp_path).returncode == 0
    return tmp_path


def listed(folder: Path) -> list[dict[str, object]]:
    told = holdline("key", "list", "--json", folder=folder).stdout.splitlines()
    keys: list[dict[str, object]] = json.loads(told[-1])["keys"]
    return keys


def test_a_key_is_listed_without_its_secret_and_revoked_by_its_number(folder: Path) -> None:
    secret = holdline("key", "create", "--name", "shop", folder=folder).stdout.splitlines()[-1]
    (key,) = listed(folder)
    assert (key["name"], key["scopes"], key["state"]) == ("shop", ["send", "read", "desk"], "good")
    shown = holdline("key", "list", folder=folder).stdout
    assert "shop" in shown and "never used" in shown and secret not in shown
    assert holdline("key", "revoke", str(key["id"]), folder=folder).returncode == 0
    assert listed(folder)[0]["state"] == "revoked"
    again = holdline("key", "revoke", str(key["id"]), folder=folder)
    assert (again.returncode, "key list" in again.stderr) == (2, True)


def test_a_key_may_have_an_expiry_date(folder: Path) -> None:
    holdline("key", "create", "--name", "shop", "--expires", "90d", folder=folder)
    assert listed(folder)[0]["expires_at"] is not None
    wrong = holdline("key", "create", "--name", "shop", "--expires", "soon", folder=folder)
    assert (wrong.returncode, "12h or 90d" in wrong.stderr) == (2, True)


def test_an_unknown_scope_is_refused_with_those_that_exist(folder: Path) -> None:
    refused = holdline("key", "create", "--name", "shop", "--scope", "foo", folder=folder)
    assert refused.returncode == 2
    assert "choose one of these: send, read, desk, admin" in refused.stderr
    assert listed(folder) == []


def test_the_version_is_printed(tmp_path: Path) -> None:
    told = holdline("--version", folder=tmp_path).stdout
    assert told == f"holdline {version('holdline')} (schema {list_migrations('sqlite')[-1].version})\n"


def test_check_names_a_database_that_others_can_read(folder: Path) -> None:
    (folder / "holdline.db").chmod(0o644)
    told = holdline("check", "--json", folder=folder).stdout.splitlines()[-1]
    (finding,) = [one for one in json.loads(told)["findings"] if one["code"] == "database_open"]
    assert "chmod 600" in finding["mend"]


def test_init_writes_a_configuration_that_can_be_read_and_touches_no_other(tmp_path: Path) -> None:
    assert holdline("init", folder=tmp_path).returncode == 0
    made = tmp_path / "holdline.toml"
    assert made.stat().st_mode & 0o077 == 0
    assert "telegram" in tomllib.loads(made.read_text())
    again = holdline("init", folder=tmp_path)
    assert (again.returncode, "left as it is" in again.stderr) == (2, True)
    other = holdline("init", "--to", "other.toml", folder=tmp_path)
    assert "run `holdline check --config other.toml`" in other.stdout
