"""Opening the store that the configuration names, and closing it whatever happens."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from holdline.app import logs
from holdline.app.configuration import Configuration
from holdline.app.stopping import Stop
from holdline.store.engine import Store
from holdline.store.errors import StoreTooNew, StoreUnavailable


@asynccontextmanager
async def opened(
    configuration: Configuration,
    *,
    told: Callable[[list[str]], None] | None = None,
    may_create: bool = False,
) -> AsyncIterator[Store]:
    """The store, migrated (`told` hears the steps); Stop in words where it cannot be opened.

    Only who `may_create` makes a database file: for everybody else a mistyped path must not become an empty desk.
    """
    if not may_create and (missing := missing_file(configuration)) is not None:
        raise Stop(
            f"there is no database at {missing}; look at store.url, or make it with `holdline migrate`."
        )
    store = _store(configuration)
    try:
        steps = await _started(store)
        if told is not None:
            told(steps)
        yield store
    finally:
        await store.close()


def missing_file(configuration: Configuration) -> Path | None:
    """The SQLite file that the configuration names, where it does not exist."""
    path = configuration.database_file
    return None if path is None or path.exists() else path


def log_quietly(configuration: Configuration) -> None:
    """For a command that answers with words of its own: only errors are logged."""
    log_as_configured(configuration, level="error")


def log_as_configured(configuration: Configuration, *, level: str | None = None) -> None:
    telegram = configuration.settings.telegram
    secrets = [telegram.token.get_secret_value(), telegram.webhook_secret.get_secret_value()]
    logs.set_up(level or configuration.settings.log.level, secrets)


def _store(configuration: Configuration) -> Store:
    settings = configuration.settings
    try:
        return Store(
            settings.store.url,
            bot_id=settings.bot_id,
            rules=settings.rules,
            base=configuration.base,
        )
    except ModuleNotFoundError as missing:
        raise Stop(
            f"store.url names PostgreSQL, but {missing.name} is not installed; install holdline[postgres]."
        ) from missing


async def _started(store: Store) -> list[str]:
    try:
        return await store.start()
    except StoreTooNew as newer:
        raise Stop(str(newer)) from newer
    except StoreUnavailable as unavailable:
        raise Stop(f"the database cannot be opened: {unavailable}; look at store.url.") from unavailable
    except OSError as refused:
        raise Stop(
            f"the database's file cannot be made: {refused.strerror}: {refused.filename}; look at store.url."
        ) from refused
