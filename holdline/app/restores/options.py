"""The options of `holdline restore`."""

from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Exit

from holdline.app.options import Config
from holdline.dialogs.restores.hold import HeldKind


def restore(
    backup: Annotated[
        Path | None, typer.Argument(metavar="[BACKUP]", help="A copy of the SQLite database.")
    ] = None,
    config: Config = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    mark: Annotated[
        bool, typer.Option("--mark", help="The database was restored by other tools: put it on hold.")
    ] = False,
    release: Annotated[
        list[bool] | None,
        typer.Option("--release/--discard", help="Send what waits from before, or never send it."),
    ] = None,
    only: Annotated[list[HeldKind] | None, typer.Option(help="Of what waits, only these kinds.")] = None,
) -> None:
    """Put BACKUP in the place of the database, and hold what waited in it until a person decides.

    Without BACKUP and without --mark, --release or --discard it shows what is on hold.
    """
    from holdline.app.restores.command import RestoreOptions, run_restore  # noqa: PLC0415

    options = RestoreOptions(
        backup,
        yes,
        mark,
        release=True in (release or ()),
        discard=False in (release or ()),
        only=tuple(only or ()),
    )
    raise Exit(run_restore(config, options))
