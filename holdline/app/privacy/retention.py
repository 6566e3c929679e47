"""`holdline retention`: empties technical copies that are older than [retention] allows."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from holdline.app.configuration import Configuration, load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.app.privacy.progress import progress_bar
from holdline.dialogs.privacy.retention import KINDS, Retention
from holdline.store.engine import Store
from holdline.store.privacy.retention import figures_of, keep_no_longer
from holdline.texts.figures import count_of


def run_retention(config: Path | None, *, dry_run: bool) -> int:
    """Prints a line for each kind."""
    asyncio.run(_retain(load_configuration(config), dry_run=dry_run))
    return 0


async def _retain(configuration: Configuration, *, dry_run: bool) -> None:
    log_quietly(configuration)
    retention = configuration.settings.retention.as_value()
    async with open_store(configuration) as store:
        typer.echo(f"{'kind':<20} {'kept':>9} {'rows':>9} {'oldest':>11} {'bytes':>14}")
        for kind in KINDS:
            await _show(store, kind, retention)
        if dry_run:
            return
        with progress_bar("Retention", KINDS) as bar:
            changed = {kind: await _do(store, kind, retention) for kind in bar}
    for kind, number in changed.items():
        typer.echo(f"{kind}: {count_of(number, 'row')} emptied.")


async def _show(store: Store, kind: str, retention: Retention) -> None:
    kept_for = retention.time_of(kind)
    if kept_for is None:
        typer.echo(f"{kind:<20} {'for ever':>9}")
        return
    row: dict[str, Any] = await store.read_heavy(figures_of, kind, store.clock.now() - kept_for)
    oldest: datetime | None = row["oldest_at"]
    since = f"{oldest:%Y-%m-%d}" if oldest else "-"
    typer.echo(f"{kind:<20} {kept_for.days:>7} d {row['number']:>9} {since:>11} {row['size']:>14,}")


async def _do(store: Store, kind: str, retention: Retention) -> int:
    kept_for, changed = retention.time_of(kind), 0
    if kept_for is None:
        return 0
    before = store.clock.now() - kept_for
    after: int | None = 0
    while after is not None:
        after, touched = await store.act(keep_no_longer, kind, before, after)
        changed += touched
    return changed
