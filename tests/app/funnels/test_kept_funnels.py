"""`holdline funnel load`, `list`, `show`, `export`: funnels of the configured desk."""

import json
import tomllib
from pathlib import Path

import pytest

from holdline.app.funnels.toml_writer import as_toml
from tests.app.command_line import holdline

WELCOME = """name = "Welcome"
entry = { start = "promo" }

[[steps]]
send = { text = "Hello “{customer.name|friend}”\\n!", buttons = [{ text = "Yes", then = [{ tag = "a b" }] }] }

[[steps]]
wait = "2h"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "holdline.toml").write_text('[telegram]\ntoken = "7000000001:abc"\n')
    (tmp_path / "welcome.toml").write_text(WELCOME, encoding="utf-8")
    assert holdline("migrate", folder=tmp_path).returncode == 0
    return tmp_path


@pytest.mark.row("M-03")
def test_a_file_is_loaded_once_listed_shown_and_exported(folder: Path) -> None:
    loaded = [holdline("funnel", "load", "welcome.toml", folder=folder).stdout for _ in range(2)]
    assert ["version 1 now" in loaded[0], "version 1 already" in loaded[1]] == [True, True]
    listed = holdline("funnel", "list", "--json", folder=folder).stdout.splitlines()
    assert json.loads(listed[-1])["funnels"] == [
        {"id": 1, "name": "Welcome", "version": 1, "active": True, "running": 0, "done": 0, "left": 0}
    ]
    assert "Welcome, version 1: 0 running" in holdline("funnel", "show", "Welcome", folder=folder).stdout
    exported = holdline("funnel", "export", "Welcome", folder=folder).stdout
    assert tomllib.loads(exported) == tomllib.loads(WELCOME)
    (folder / "welcome.toml").write_text(WELCOME.replace("2h", "3h"), encoding="utf-8")
    assert "version 2 now" in holdline("funnel", "load", "welcome.toml", folder=folder).stdout
    shown = holdline("funnel", "show", "Welcome", folder=folder).stdout
    assert "version 2" in shown and "--version 1" in shown
    before = holdline("funnel", "export", "Welcome", "--version", "1", folder=folder).stdout
    assert tomllib.loads(before) == tomllib.loads(WELCOME)
    (folder / "copy.toml").write_text(WELCOME.replace("Welcome", "Copy"), encoding="utf-8")
    assert "leads into “Welcome”, too" in holdline("funnel", "load", "copy.toml", folder=folder).stdout
    missing = holdline("funnel", "show", "Other", folder=folder)
    assert (missing.returncode, "funnel list" in missing.stderr) == (2, True)


@pytest.mark.parametrize(
    "definition",
    [
        {
            "name": 'A "quoted"\\name\x7f\n',
            "steps": [{"if": {"all": [{"tag": "x"}]}, "then": [{"stop": True}]}],
        },
        {"name": "Łódź 🎁", "stop_words": ["a", "b"], "steps": [{"set": {"my field": 1.5, "on": False}}]},
        {
            "name": "x",
            "steps": [{"send": {"text": "t", "buttons": [[{"text": "1", "url": "https://a.bc"}]]}}],
        },
    ],
)
def test_an_exported_toml_file_reads_the_same(definition: dict[str, object]) -> None:
    written = as_toml(definition)
    assert written is not None and tomllib.loads(written) == definition


def test_null_cannot_be_written_in_toml() -> None:
    assert as_toml({"name": "x", "steps": [{"set": {"a": None}}]}) is None
