"""`holdline migrate` and `holdline backup`."""

import asyncio
from pathlib import Path

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import DEFAULT_PATH, Configuration, load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.app.upgrade import path_with_date
from holdline.store.clock import Clock
from holdline.store.engines.backup import BackupFailed, write_backup
from holdline.store.engines.migrate import schema_version


def run_migrate(config: Path | None, *, verbose: bool) -> int:
    """Prints where the backup is, how many migrations ran, and what to do next."""
    configuration = load_configuration(config)
    lines = asyncio.run(_migrate(configuration, verbose=verbose))
    if not lines:
        where = configuration.database_name
        typer.echo(
            f"The database is up to date: {where} is at schema {schema_version()}. Nothing was changed."
        )
        return 0
    named = f" --config {configuration.path}" if configuration.path not in (None, DEFAULT_PATH) else ""
    lines.append(f"Next: `holdline check{named}`, then `holdline run{named}`.")
    typer.echo("\n".join(lines))
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


async def _migrate(configuration: Configuration, *, verbose: bool) -> list[str]:
    log_quietly(configuration)
    lines: list[str] = []
    async with open_store(configuration, announce=lines.append, may_create=True, verbose=verbose):
        return lines
