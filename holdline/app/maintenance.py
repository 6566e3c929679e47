"""`holdline migrate` and `holdline backup`."""

import asyncio
from pathlib import Path

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.app.upgrade import path_with_date
from holdline.store.clock import Clock
from holdline.store.engines.backup import BackupFailed, write_backup


def run_migrate(config: Path | None) -> int:
    """Prints where the backup is and which migrations ran."""
    lines = asyncio.run(_migrate(load_configuration(config)))
    typer.echo("\n".join(lines) or "The database is up to date.")
    return 0


def run_backup(config: Path | None, *, to: Path | None) -> int:
    """Writes a verified copy of the SQLite file while the desk is running."""
    configuration = load_configuration(config)
    source = configuration.database_file
    if source is None:
        raise CommandFailed(
            "this backs up SQLite only; for PostgreSQL use pg_dump --format=custom, or its archive."
        )
    target = to or path_with_date(source, Clock().now())
    folder = target.parent
    is_new_folder = not folder.exists()
    try:
        size = write_backup(source, target)
    except BackupFailed as failed:
        raise CommandFailed(str(failed), 1) from failed
    if is_new_folder:
        typer.echo(f"The folder {folder} was not there, so it was made; if that was a slip, move the file.")
    typer.echo(f"{target} holds the database as of now: {size:,} bytes, verified.")
    return 0


async def _migrate(configuration: Configuration) -> list[str]:
    log_quietly(configuration)
    lines: list[str] = []
    async with open_store(configuration, tell=lines.append, may_create=True):
        return lines
