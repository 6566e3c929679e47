"""`holdline init`: writes a configuration with every key, its default and its explanation."""

import os
from pathlib import Path

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import DEFAULT_PATH

_INSTALLED = Path(__file__).parents[1] / "config.example.toml"
_IN_THE_REPOSITORY = Path(__file__).parents[2] / "config.example.toml"


def run_init(to: Path) -> int:
    """The file is readable by its owner only, because it will contain the token. An existing file is never changed."""
    template = _INSTALLED if _INSTALLED.exists() else _IN_THE_REPOSITORY
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
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        written.write(template.read_text(encoding="utf-8"))
    named = f" --config {to}" if to != DEFAULT_PATH else ""
    typer.echo(
        f"{to} is there. Put the bot's token and your Telegram id into it, then run `holdline check{named}`."
    )
    return 0
