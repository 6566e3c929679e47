"""The options of `holdline broadcast`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Exit

from holdline.app.command_failed import CommandFailed
from holdline.app.options import AsJson, Config


class BroadcastMove(StrEnum):
    """What can be done with an existing broadcast."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


def broadcast(
    target: Annotated[
        str,
        typer.Argument(
            metavar="FILE|ID", help="A TOML file with the keys of POST /broadcasts, or a broadcast's number."
        ),
    ],
    config: Config = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many would get it.")] = False,
    test_to: Annotated[
        int | None, typer.Option(metavar="TELEGRAM_ID", help="Send it to this person alone; make nothing.")
    ] = None,
    move: Annotated[BroadcastMove | None, typer.Option(help="Of the broadcast with that number.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send FILE to its audience and show the progress; Ctrl-C ends the display, not the broadcast.

    With --json it prints the present state and does not wait.
    """
    from holdline.app.broadcasts.command import run_broadcast, run_move  # noqa: PLC0415

    _refuse_options_that_do_not_fit(target, move, dry_run=dry_run, test_to=test_to)
    if target.isdecimal():
        raise Exit(run_move(config, int(target), move.value if move else None, as_json=as_json))
    raise Exit(run_broadcast(config, Path(target), dry_run=dry_run, test_to=test_to, as_json=as_json))


def _refuse_options_that_do_not_fit(
    target: str, move: BroadcastMove | None, *, dry_run: bool, test_to: int | None
) -> None:
    """An option that would be ignored is a mistake: `FILE --move pause` would send the broadcast a second time."""
    if not target.isdecimal():
        if move is not None:
            raise CommandFailed(
                f"--move goes with a broadcast's number, not with a file: holdline broadcast ID --move {move.value}."
                " Nothing was sent."
            )
        return
    ignored = [
        name for name, is_given in (("--dry-run", dry_run), ("--test-to", test_to is not None)) if is_given
    ]
    if ignored:
        raise CommandFailed(
            f"{' and '.join(ignored)}: only with a broadcast's file. {target} is the number of a broadcast that"
            " exists already. Nothing was changed."
        )
