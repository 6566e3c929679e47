"""Opening the store that the configuration names, and closing it whatever happens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import structlog

from holdline.app import logs
from holdline.app.command_failed import CommandFailed, say_disk_refusal, say_read_only
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.upgrade import Announce, backup_before_upgrade, refuse_upgrade, say_upgrade
from holdline.store.engine import Store
from holdline.store.engines.disk_reserve import MEGABYTE, is_disk_full, is_disk_read_only
from holdline.store.engines.migrate import BeforeUpgrade, Upgrade
from holdline.store.errors import (
    DiskFull,
    StoreChanged,
    StoreInUse,
    StoreTooNew,
    StoreUnavailable,
    is_temporary,
)
from holdline.store.tx import Tx

T = TypeVar("T")
log = structlog.get_logger("database")


@asynccontextmanager
async def open_store(
    configuration: Configuration,
    *,
    announce: Announce | None = None,
    may_create: bool = False,
    verbose: bool = False,
) -> AsyncIterator[Store]:
    """Opens the store. Raises CommandFailed if it cannot be opened.

    Only callers with `may_create` create a database file or migrate an older one; `announce` gets a sentence about it,
    with the name of each migration if `verbose`.
    Otherwise a mistyped path would become an empty desk, or tables would change under a running one.
    """
    if not may_create and (missing := absent_database_file(configuration)) is not None:
        raise CommandFailed(
            f"there is no database at {missing}; look at store.url, or make it with `holdline migrate`."
        )
    store, report_upgrade = _store(configuration), announce or _log_upgrade
    made, upgrades = _absent_folder(configuration), list[Upgrade]()
    back_up = backup_before_upgrade(configuration.database_file, report_upgrade)

    def before(upgrade: Upgrade) -> None:
        (back_up if may_create else refuse_upgrade)(upgrade)
        upgrades[:] = [upgrade]  # a transaction that met another one is run again

    try:
        with _explain_refusals(configuration):
            await _start(store, before)
            if made is not None:
                report_upgrade(
                    f"The folder {made} was not there, so it was made; look at store.url if that was a slip."
                )
            for upgrade in upgrades:
                if announce is not None or not upgrade.is_new:
                    report_upgrade(say_upgrade(upgrade, configuration.database_name, verbose=verbose))
            yield store
    finally:
        await store.close()


def run_use_case(config: Path | None, use_case: Callable[[Tx], T], *, made: str) -> T:
    """`made` is what belongs to a bot, such as "a key": without a token there is none to which it could belong."""
    return asyncio.run(_act(config, use_case, made))


async def _act(config: Path | None, use_case: Callable[[Tx], T], made: str) -> T:
    configuration = load_configuration(config)
    log_quietly(configuration)
    if not configuration.settings.bot_id:
        raise CommandFailed(f"telegram.token is empty; {made} belongs to one bot, so set the token first.")
    async with open_store(configuration) as store:
        return await store.act(use_case)


def _absent_folder(configuration: Configuration) -> Path | None:
    path = configuration.database_file
    return None if path is None or path.parent.exists() else path.parent.absolute()


def absent_database_file(configuration: Configuration) -> Path | None:
    """The configured SQLite file, if it does not exist."""
    path = configuration.database_file
    return None if path is None or path.exists() else path


def _log_upgrade(sentence: str) -> None:
    log.info("database_upgrade", said=sentence)


def log_quietly(configuration: Configuration) -> None:
    """Logs errors only, for a command with its own output."""
    log_as_configured(configuration, level="error")


def log_as_configured(configuration: Configuration, *, level: str | None = None) -> None:
    settings = configuration.settings
    logs.set_up(level or settings.log.level, settings.secrets())


def _store(configuration: Configuration) -> Store:
    settings = configuration.settings
    try:
        return Store(
            settings.store.url,
            bot_id=settings.bot_id,
            rules=settings.rules,
            base=configuration.base,
            reserve_bytes=settings.store.reserve_megabytes * MEGABYTE,
        )
    except ModuleNotFoundError as missing:
        raise CommandFailed(
            f"store.url names PostgreSQL, but {missing.name} is not installed; install holdline[postgres]."
        ) from missing


async def _start(store: Store, before: BeforeUpgrade) -> None:
    try:
        await store.start(before=before)
    except (StoreTooNew, StoreChanged, StoreInUse) as other:
        raise CommandFailed(str(other)) from other
    except OSError as refused:
        raise CommandFailed(_say_refused_file(refused)) from refused


@contextmanager
def _explain_refusals(configuration: Configuration) -> Iterator[None]:
    """A store that says "not now" ends a command with what a person can do about it."""
    try:
        yield
    except StoreUnavailable as unavailable:
        if not is_temporary(unavailable):
            raise
        raise CommandFailed(_say_unavailable(configuration, unavailable)) from unavailable


def _say_unavailable(configuration: Configuration, refused: StoreUnavailable) -> str:
    file, reason = configuration.database_file, str(refused)
    is_file_stuck = file is not None and "disk I/O error" in reason and is_disk_full(file.parent)
    if isinstance(refused, DiskFull) or "disk is full" in reason or is_file_stuck:
        where = file.parent.absolute() if file is not None else configuration.database_name
        return f"the disk of {where} is full: free some space there, then run this again."
    if file is not None and is_disk_read_only(file.parent):
        return say_read_only(file.parent)
    if file is not None and "is locked" in reason:
        return f"another program has locked {file}: close it (a backup tool, a database browser), then try again."
    return f"the database cannot be used now: {reason.rstrip('.')}; look at store.url."


def _say_refused_file(refused: OSError) -> str:
    path = Path(str(refused.filename))
    if (disk := say_disk_refusal(refused)) is not None:
        return disk
    if path.is_file():
        return f"{path} cannot be opened to read and write it ({refused.strerror}); give it to the user who runs this."
    return f"the database's file {path} cannot be made ({refused.strerror}); look at store.url."
