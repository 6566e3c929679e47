"""`holdline init`: on a terminal it asks and tries each answer; otherwise it writes the template."""

import asyncio
import os
import sys
import tomllib
from itertools import count
from pathlib import Path
from typing import Any

import typer

from holdline.app.check.command import run_check
from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import DEFAULT_PATH, ConfigurationError, keys, mistakes_of, read_settings
from holdline.app.mistakes.values import suggest_key
from holdline.app.setup.interview import interview
from holdline.app.setup.template import fill

_INSTALLED = Path(__file__).parents[2] / "config.example.toml"
_IN_THE_REPOSITORY = Path(__file__).parents[3] / "config.example.toml"


def run_init(to: Path, *, yes: bool, written: list[str]) -> int:
    """The file is readable by its owner only, because it contains the token. An existing file is never changed without
    a question. `written`: keys set on the command line, which are not asked for.
    """
    values = read_values(written)
    asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    kept = None
    if asks:
        kept = _ask_to_keep(to)
        values = asyncio.run(interview(_Terminal(), values, base=to.parent))
    template = _INSTALLED if _INSTALLED.exists() else _IN_THE_REPOSITORY
    _write(to, fill(template.read_text(encoding="utf-8"), values), kept=kept)
    if asks:
        typer.echo(f"\n{to} is written. All of it is tried once more:\n")
        return run_check(to if to != DEFAULT_PATH else None, deep=False, as_json=False)
    named = f" --config {to}" if to != DEFAULT_PATH else ""
    lacks = {"telegram.token": "the bot's token", "telegram.admins": "your Telegram id"}
    missing = " and ".join(words for key, words in lacks.items() if key not in values)
    todo = f"Put {missing} into it, then run" if missing else "Now run"
    typer.echo(f"{to} is there. {todo} `holdline check{named}`.")
    return 0


class _Terminal:
    """Questions and answers on this terminal."""

    def say(self, sentence: str) -> None:
        typer.echo(sentence)

    def ask(self, question: str, default: str = "", *, secret: bool = False) -> str:
        answer = typer.prompt(question, default=default, hide_input=secret, show_default=bool(default))
        return str(answer).strip()


def read_values(written: list[str]) -> dict[str, Any]:
    """`section.key=value` as in the file; a text needs no quotes. No refusal repeats a value, which may be a secret."""
    values: dict[str, Any] = {}
    wrong = []
    for one in written:
        key, sign, text = one.partition("=")
        if not sign:
            wrong.append(f"--set {key}: write KEY=VALUE, such as web.port=8090.")
        elif key not in keys():
            wrong.append(f"--set {key}: {key} is not a key of Holdline{suggest_key(key)}.")
        else:
            values[key] = _value_of(text)
    sections: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, {})[name] = value
    wrong += [f"--set {mistake.key}: {mistake.key} {mistake.words}." for mistake in mistakes_of(sections)]
    if wrong:
        raise ConfigurationError(*wrong)
    return values


def _value_of(text: str) -> Any:
    try:
        return tomllib.loads(f"x = {text}")["x"]
    except (ValueError, RecursionError):
        return text


def _ask_to_keep(to: Path) -> Path | None:
    """The name that an existing file will get, None if there is no file. Asked before the other questions, so that no
    answers are lost; the file stays where it is until they are answered.
    """
    if not to.exists():
        return None
    names = (to.with_name(f"{to.name}.old{number or ''}") for number in count())
    kept = next(name for name in names if not name.exists())
    if not typer.confirm(f"{to} exists already. Keep it as {kept.name} and write a new one?", default=False):
        raise CommandFailed(f"{to} was left as it is; name another file with --to.", 1)
    return kept


def _write(to: Path, text: str, *, kept: Path | None) -> None:
    """`kept`: the name that the existing file gets; it is restored if the new file cannot be used."""
    if kept is not None:
        to.replace(kept)
    try:
        _write_new(to, text)
    except BaseException:
        if kept is not None:
            kept.replace(to)
        raise


def _write_new(to: Path, text: str) -> None:
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandFailed(
            f"{to} exists already and was left as it is; name another file with --to."
        ) from None
    except OSError as refused:
        raise CommandFailed(
            f"{to} cannot be written: {refused.strerror}; name another file with --to."
        ) from refused
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        read_settings(to)
    except ConfigurationError as wrong:
        to.unlink()
        raise ConfigurationError(*wrong.sentences, f"{to} was not written.") from wrong
