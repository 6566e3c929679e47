"""`--help` shows every command in its group, with a whole sentence, and examples that can be typed."""

import re
import shlex

import pytest
from typer.main import get_command

from holdline.app.main import cli, invoke
from holdline.app.options import CHECKS, DAILY, DATA, START

ROOT = get_command(cli)
COMMANDS = {
    **{(name,): one for name, one in ROOT.commands.items() if not hasattr(one, "commands")},
    **{
        (name, inner): one
        for name, group in ROOT.commands.items()
        for inner, one in getattr(group, "commands", {}).items()
    },
}


def test_the_first_page_groups_every_command_and_cuts_no_sentence_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert invoke(["--help"]) == 0
    told = capsys.readouterr().out
    places = [told.index(f"\n{panel}:\n") for panel in (START, DAILY, DATA, CHECKS)]
    assert places == sorted(places) and "..." not in told.partition("COMMAND [ARGS]...")[2]
    assert [name for name in ROOT.commands if f"\n  {name} " not in told] == []


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_examples_of_its_own_options(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke([*path, "--help"]) == 0
    told = capsys.readouterr().out
    _, _, examples = told.partition("\n  Example")
    calls = [line.strip() for line in examples.splitlines()[1:]]
    assert calls, "no example"
    options = {name for option in COMMANDS[path].params for name in [*option.opts, *option.secondary_opts]}
    for call in calls:
        words = shlex.split(re.split(r" [|>] | && ", call)[0])
        assert tuple(words[1 : 1 + len(path)]) == path, call
        assert {word for word in words if word.startswith("--")} <= options, call
    assert re.search(r"^  [A-Z].*", told, re.MULTILINE)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["run", "--role", "scheduler"], "; see `holdline run --help`."),
        (["key", "create"], "; see `holdline key create --help`."),
        (["key", "lst"], "Did you mean 'list'? See `holdline key --help`."),
        (["restor"], "Did you mean 'restore'? See `holdline --help`."),
        (["--colour"], "; see `holdline --help`."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_refused_argument_leads_to_the_help_of_its_own_command(
    typed: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(typed) == 2
    assert capsys.readouterr().err.endswith(f"{told}\n")
