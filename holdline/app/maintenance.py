"""`holdline migrate` and `holdline backup`."""

import asyncio
from pathlib import Path

import typer

from holdline.app.command_failed import Stop
from holdline.app.configuration import Configuration, configured
from holdline.app.open_store import log_quietly, opened
from holdline.app.upgrade import dated
from holdline.store.clock import Clock
from holdline.store.engines.backup import BackupFailed, copied


def run_migrate(config: Path | None) -> int:
    """Says where the backup is and which steps ran."""
    told = asyncio.run(_migrated(configured(config)))
    typer.echo("\n".join(told) or "The database is up to date.")
    return 0


def run_backup(config: Path | None, *, to: Path | None) -> int:
    """A verified copy of the SQLite file, taken while the desk is at work."""
    configuration = configured(config)
    source = configuration.database_file
    if source is None:
        raise Stop("this backs up SQLite only; for PostgreSQL use pg_dump --format=custom, or its archive.")
    target = to or dated(source, Clock().now())
    folder = target.parent
    is_new_folder = not folder.exists()
    try:
        size = copied(source, target)
    except BackupFailed as failed:
        raise Stop(str(failed), 1) from failed
    if is_new_folder:
        typer.echo(f"The folder {folder} was not there, so it was made; if that was a slip, move the file.")
    typer.echo(f"{target} holds the database as of now: {size:,} bytes, verified.")
    return 0


async def _migrated(configuration: Configuration) -> list[str]:
    log_quietly(configuration)
    told: list[str] = []
    async with opened(configuration, tell=told.append, may_create=True):
        return told
