"""Before a database migration: only `run` and `migrate` migrate, and they make a backup first."""

from collections.abc import Callable
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from holdline.app.command_failed import CommandFailed
from holdline.store.clock import Clock
from holdline.store.engines.backup import BackupFailed, write_backup
from holdline.store.engines.instance_lock import find_lock_of_another
from holdline.store.engines.migrate import BeforeUpgrade, Upgrade, schema_version

Announce = Callable[[str], None]

_NO_BACKUP = (
    "PostgreSQL is upgraded without a backup by Holdline: "
    "run pg_dump --format=custom before you start a new version, to be able to go back."
)


class DatabaseOutdated(CommandFailed):
    """The database has tables of an earlier version, or none. Commands that only read leave it unchanged."""

    def __init__(self, upgrade: Upgrade) -> None:
        self.is_new = upgrade.is_new
        super().__init__(
            "the database is empty; `holdline run` or `holdline migrate` makes its tables."
            if upgrade.is_new
            else f"the database is of an earlier Holdline (migrations to run: {len(upgrade.names)}); stop the desk and "
            "run `holdline migrate`, which makes a backup first (of PostgreSQL make one with pg_dump)."
        )


def refuse_upgrade(upgrade: Upgrade) -> None:
    """For commands that read or write a row: they must not migrate under a desk that may be running."""
    raise DatabaseOutdated(upgrade)


def say_upgrade(upgrade: Upgrade, where: str, *, verbose: bool) -> str:
    """The sentence that reports a migration; with the names of all steps if `verbose`."""
    number = len(upgrade.names)
    ran = "1 migration was applied" if number == 1 else f"{number} migrations were applied"
    said = (
        f"{where} is new, at schema {schema_version()}: {ran}."
        if upgrade.is_new
        else f"{where} was at schema {upgrade.since} and is now at schema {schema_version()}: {ran}."
    )
    return "\n".join([said, *(f"  {name}" for name in upgrade.names)]) if verbose else said


def backup_before_upgrade(file: Path | None, announce: Announce) -> BeforeUpgrade:
    """Copies the SQLite `file` first and reports the path; refused while a desk works on it. None means PostgreSQL,
    whose engine waits for others and which has tools of its own for copies.
    """

    def before(upgrade: Upgrade) -> None:
        if not upgrade.is_new:
            announce(_NO_BACKUP if file is None else _back_up(file))

    return before


def path_with_date(source: Path, at: datetime, mark: str = "") -> Path:
    """A new path beside the source with the time in its name, and a number if there is one of that second."""
    stem = f"{source.stem}-{mark}{at:%Y%m%dT%H%M%SZ}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(path for name in names if not (path := source.with_name(f"{name}{source.suffix}")).exists())


def _back_up(file: Path) -> str:
    if find_lock_of_another(file) is not None:
        raise CommandFailed(
            f"a desk of an earlier Holdline works on {file}, and its tables must change: stop it, then run this again. "
            "Nothing was changed.",
            1,
        )
    target = path_with_date(file, Clock().now(), "before-upgrade-")
    try:
        size = write_backup(file, target)
    except BackupFailed as failed:
        raise CommandFailed(f"{failed} Nothing was changed in the database.", 1) from failed
    return f"{target} holds the database as it was before the upgrade: {size:,} bytes, verified."
