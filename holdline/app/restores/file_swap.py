"""Puts the copy of a backup in the place of a SQLite database, in steps that may be interrupted anywhere.

Until the last step, the renaming, the present database is unchanged; only the log of a damaged one has moved to its
second name by then. The file that is put in place carries the mark of a copy (store/engines/backup.py), so that
whatever starts on it first puts it on hold. A second `holdline restore` begins from the start.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from holdline.app.command_failed import CommandFailed
from holdline.app.upgrade import path_with_date
from holdline.store.engines.backup import BackupFailed, sync_file
from holdline.store.engines.instance_lock import FileLock, lock_path
from holdline.store.engines.migrate import list_migrations
from holdline.store.engines.restored_file import (
    CopyFacts,
    end_log,
    remove_database,
    remove_log,
    stage_copy,
)

_ROLES = ("intake", "sender")
_UNCHANGED = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class StagedCopy:
    """A verified copy beside the database; `behind` is the number of migrations that it lacks."""

    path: Path
    behind: int


@contextmanager
def lock_out_desks(database: Path, bot_id: int) -> Iterator[None]:
    """Raises CommandFailed if a desk works on the database; none can start meanwhile."""
    database.parent.mkdir(parents=True, exist_ok=True)
    names = {lock_path(database, role, bot_id) for role in _ROLES}
    names |= set(database.parent.glob(f"{database.name}.*.lock"))
    with ExitStack() as stack:
        for name in sorted(names):
            lock = FileLock(name)
            stack.callback(lock.drop)
            if not lock.take():
                sentence = f"a desk is running on {database} (it holds {name.name}); stop it first."
                raise CommandFailed(f"{sentence} {_UNCHANGED}", 1)
        yield


def stage(backup: Path, database: Path, bot_id: int) -> StagedCopy:
    """Copies the backup beside the database and verifies the copy. Raises CommandFailed if it cannot be used."""
    if not backup.is_file():
        raise CommandFailed(f"{backup} does not exist; name the file that `holdline backup` has made.")
    if database.exists() and backup.samefile(database):
        raise CommandFailed(f"{backup} is the database itself; name a backup of it.")
    part = database.with_name(f"{database.name}.restoring")
    try:
        facts = stage_copy(backup, part)
    except BackupFailed as failed:
        raise CommandFailed(f"{failed} {_UNCHANGED}", 1) from failed
    known = {step.version for step in list_migrations("sqlite")}
    if (misfit := _misfit(facts, known, bot_id)) is not None or facts is None:
        remove_database(part)
        raise CommandFailed(f"{backup} {misfit} {_UNCHANGED}")
    return StagedCopy(part, len(known - facts.versions))


def put_in_place(staged: StagedCopy, database: Path, at: datetime) -> Path | None:
    """Keeps the present database under a dated name, which is returned, and puts the copy in its place."""
    aside = _keep_aside(database, at) if database.exists() else None
    remove_log(database)
    staged.path.replace(database)
    sync_file(database)
    return aside


def _misfit(facts: CopyFacts | None, known: set[int], bot_id: int) -> str | None:
    if facts is None:
        return "is not a database of Holdline."
    if max(facts.versions, default=0) > max(known):
        return (
            f"was made by a newer Holdline (schema {max(facts.versions)}, this one knows {max(known)}); install that"
            " version and restore with it."
        )
    if facts.bots and bot_id not in facts.bots:
        bots = ", ".join(map(str, sorted(facts.bots)))
        return f"belongs to the bot {bots}, and telegram.token to the bot {bot_id}."
    return None


def _keep_aside(database: Path, at: datetime) -> Path:
    """Makes a hard link to the present database, or a copy if the file system has no hard links."""
    _forget_second_names(database)
    aside = path_with_date(database, at, "before-restore-")
    end_log(database)
    wal = database.with_name(f"{database.name}-wal")
    if wal.exists():  # the database is damaged: both files are kept as they are
        kept = aside.with_name(f"{aside.name}-wal")
        shutil.copy2(wal, kept)
        sync_file(kept)
    try:
        aside.hardlink_to(database)
    except OSError:
        shutil.copy2(database, aside)
    sync_file(aside)
    return aside


def _forget_second_names(database: Path) -> None:
    """Removes a hard link that an interrupted restore left: SQLite must not open one file under two names."""
    for other in database.parent.glob(f"{database.stem}-before-restore-*{database.suffix}"):
        if other.samefile(database):
            other.unlink()
