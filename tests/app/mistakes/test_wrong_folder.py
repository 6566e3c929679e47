"""A command in the wrong folder reports it and creates nothing there."""

from pathlib import Path

import pytest

from tests.app.command_line import holdline

COMMANDS = [
    ("run",),
    ("check",),
    ("doctor",),
    ("held",),
    ("migrate",),
    ("backup",),
    ("restore",),
    ("restore", "copy.db"),
    ("key", "create", "--name", "shop"),
    ("key", "list"),
    ("key", "revoke", "1"),
    ("broadcast", "1"),
    ("broadcast", "offer.toml"),
    ("export", "1"),
    ("erase", "1", "--yes"),
    ("retention",),
    ("funnel", "list"),
    ("funnel", "show", "promo"),
    ("funnel", "load", "promo.toml"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_any_configuration_a_command_says_where_to_go(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    told = holdline(*command, folder=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert f"there is no holdline.toml in this folder ({tmp_path})" in told.stderr
    assert "--config FILE" in told.stderr and "`holdline init`" in told.stderr
    assert told.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_created_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "holdline.toml").write_text('[store]\nurl = "sqlite:///dta/desk.db"\n')
    assert f"The folder {tmp_path / 'dta'} is not there" in holdline("check", folder=tmp_path).stdout
    folder, new, todo = holdline("migrate", folder=tmp_path).stdout.splitlines()
    assert (
        folder
        == f"The folder {tmp_path / 'dta'} was not there, so it was made; look at store.url if that was a slip."
    )
    assert new.startswith(f"{tmp_path / 'dta/desk.db'} is new, at schema ")
    assert todo == "Next: `holdline check`, then `holdline run`."
