"""All mistakes in a configuration are reported at once, in plain language, with their place and the correction."""

import json
from pathlib import Path

import pytest

from holdline.app.configuration import ConfigurationError, read_settings
from holdline.app.setup.init import read_values
from tests.app.command_line import holdline

MANY = """\
[telegram]
token = 7000000001:abc
admins = ["@maria"]
[web]
port = 99999
prot = 1
[desk]
language = "fr"
undo_seconds = 5
undo_seconds = 6
"""


def test_every_mistake_is_a_line_with_its_place_and_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "holdline.toml").write_text(MANY)
    told = holdline("run", folder=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.splitlines() == [
        "holdline: holdline.toml, line 2: put the value of telegram.token in quotes.",
        "holdline: holdline.toml, line 3: telegram.admins has the wrong type: "
        "write whole numbers in brackets, such as [111111111].",
        "holdline: holdline.toml, line 5: web.port is out of range: write a whole number from 0 to 65535.",
        "holdline: holdline.toml, line 6: web.prot is not a key of Holdline; "
        "did you mean web.port? Otherwise delete it.",
        "holdline: holdline.toml, line 8: desk.language must be one of 'en', 'ru' or 'pl'.",
        "holdline: holdline.toml, line 10 is not TOML: this key is there twice: delete one of the two.",
    ]
    object_of_check = json.loads(holdline("check", "--json", folder=tmp_path).stdout.splitlines()[-1])
    assert len(object_of_check["findings"]) == 6 and not object_of_check["ok"]


def test_mistakes_in_the_environment_and_in_the_file_are_reported_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "desk.toml").write_text("[web]\nport = 'x'\n")
    monkeypatch.setenv("HOLDLINE_DESK__UNDO_SECONDS", "4000")
    monkeypatch.setenv("HOLDLINE_DESK__UNDO", "4")
    with pytest.raises(ConfigurationError) as stopped:
        read_settings(tmp_path / "desk.toml")
    in_file, unknown, in_environment = stopped.value.sentences
    assert "web.port has the wrong type" in in_file and "HOLDLINE_DESK__UNDO in" in unknown
    assert in_environment.endswith("desk.undo_seconds is out of range: write a whole number from 0 to 3600.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[web]\nport 80", "line 2 is not TOML: write KEY = VALUE with an equals sign"),
        ("[web\nport = 80", "line 1 is not TOML: close the name of the section with ]"),
        ("[web]\n[web]", "line 2 is not TOML: this section is there twice"),
        ('[web]\nhost = "here', "line 2 is not TOML: close the text with a quote in the same line"),
        ("[web]\nhost = 'here", "line 2 is not TOML: close the text with a second quote"),
        ('[tags]\nfolder = "C:\\tags\\x"', "line 2 is not TOML: write \\\\ for a backslash"),
        (
            "[desk]\nannounce_opened = True",
            "line 2 is not TOML: write a text in quotes, a whole number, or true",
        ),
        (f"[web]\nport = {'9' * 5000}", "is not TOML: a number is too long"),
        (f"[web]\nport = {'[' * 5000}", "is not TOML: a number is too long, or too many brackets are open"),
        ("[limits]\nper_second = nan", "line 2: limits.per_second is out of range: write a number"),
        ('token = "1:a"', "line 1: token is not a key of Holdline; did you mean telegram.token?"),
    ],
)
def test_messages_of_the_library_are_rewritten_in_plain_language(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "desk.toml").write_text(text)
    with pytest.raises(ConfigurationError) as stopped:
        read_settings(tmp_path / "desk.toml")
    (only,) = stopped.value.sentences
    assert sentence in only


def test_invalid_settings_of_init_are_reported_at_once_without_their_values() -> None:
    with pytest.raises(ConfigurationError) as stopped:
        read_values(
            ["telegram.token=top-secret", "web.port=70000", "web.prot=1", "language", "desk.language=en"]
        )
    assert stopped.value.sentences == (
        "--set web.prot: web.prot is not a key of Holdline; did you mean web.port? Otherwise delete it.",
        "--set language: write KEY=VALUE, such as web.port=8090.",
        "--set telegram.token: telegram.token must be the token as @BotFather gave it: digits, a colon, letters.",
        "--set web.port: web.port is out of range: write a whole number from 0 to 65535.",
    )


def test_init_says_that_nothing_was_written(tmp_path: Path) -> None:
    told = holdline("init", "--yes", "--set", "telegram.intake=webhook", folder=tmp_path)
    assert told.returncode == 2
    assert "needs telegram.webhook_url and telegram.webhook_secret too" in told.stderr
    assert told.stderr.endswith("holdline: holdline.toml was not written.\n")
    assert list(tmp_path.iterdir()) == []
