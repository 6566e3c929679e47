"""`holdline run`: start in words, work until a signal, stop without losing anything."""

import asyncio
import gc
import socket
from contextlib import AsyncExitStack
from functools import partial
from importlib.metadata import version
from pathlib import Path

import structlog

from holdline.app.check.second_desk import refuse_second_desk
from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.file_permissions import files_open_to_others, remedy
from holdline.app.http_limits import raise_descriptor_limit
from holdline.app.leader import first_fatal
from holdline.app.open_store import log_as_configured, open_store
from holdline.app.process_status import ProcessStatus
from holdline.app.ready import log_ready
from holdline.app.settings import Settings
from holdline.app.signals import stop_on_signals
from holdline.app.tuning import quick_loop, stay_on_one_core
from holdline.app.web_server import bind_listener, serve
from holdline.app.wiring import ALL, erasure_list_of, loops_of, port_of, prepare, web_of
from holdline.bot.gateway import Gateway
from holdline.bot.intake.interruptible import run_unless_stopped
from holdline.scheduler.loops import Fatal, run_all, supervise
from holdline.scheduler.privacy.erased_again import apply_erasure_list
from holdline.store.engine import Store
from holdline.store.engines.migrate import schema_version

log = structlog.get_logger("run")


def run_desk(config: Path | None, *, role: str) -> int:
    """Returns 0 after an orderly stop, 1 after an immediate stop."""
    configuration = load_configuration(config)
    _require_possible(configuration, role)
    log_as_configured(configuration)
    if configuration.settings.process.one_core:
        stay_on_one_core()
    raise_descriptor_limit()
    gc.set_threshold(10_000, 20, 20)  # an update leaves hardly any cycles: every 700 objects is too often
    try:
        with asyncio.Runner(loop_factory=quick_loop()) as runner:
            runner.run(_run(configuration, role))
    except Fatal as fatal:
        raise CommandFailed(str(fatal)) from fatal
    except asyncio.CancelledError:
        return 1
    log.info("stopped")
    return 0


async def run_desk_loops(
    configuration: Configuration,
    store: Store,
    *,
    role: str,
    listener: socket.socket | None,
    stop: asyncio.Event,
) -> None:
    """Runs every loop of the role until `stop`. The web side answers to the end, so that probes see the stop."""
    settings = configuration.settings
    async with Gateway(settings.telegram.token.get_secret_value(), settings.telegram.api_base) as gateway:
        await prepare(store)
        await apply_erasure_list(store, erasure_list_of(store, settings))
        status, over, can_receive = ProcessStatus(stop), asyncio.Event(), asyncio.Event()
        loops = await loops_of(
            role, store, gateway, settings=settings, leads=status.leads, can_receive=can_receive
        )
        loops["ready"] = partial(_log_when_ready, store, settings, role, can_receive)
        schema = schema_version()
        log.info("started", role=role, bot_id=store.bot_id, version=version("holdline"), schema=schema)
        _warn(configuration)
        try:
            async with asyncio.TaskGroup() as group:
                if listener is not None:
                    app = web_of(role, store, settings, status)
                    group.create_task(supervise("web", lambda end: serve(app, listener, end), over))
                try:
                    await run_all(loops, stop)
                    await stop.wait()
                finally:
                    over.set()
        except* Fatal as fatal:
            raise first_fatal(fatal) from None


async def _run(configuration: Configuration, role: str) -> None:
    stop, web = asyncio.Event(), configuration.settings.web
    async with AsyncExitStack() as stack:
        listener = None
        if (port := port_of(role, configuration.settings)) is not None:
            try:
                listener = stack.enter_context(bind_listener(web.host, port))
            except CommandFailed:
                await refuse_second_desk(configuration, role)
                raise
        store = await stack.enter_async_context(open_store(configuration, may_create=True))
        with stop_on_signals(stop):
            await run_desk_loops(configuration, store, role=role, listener=listener, stop=stop)


async def _log_when_ready(
    store: Store, settings: Settings, role: str, can_receive: asyncio.Event, stop: asyncio.Event
) -> None:
    """Waits until Telegram has accepted the webhook, which is part of readiness."""
    await run_unless_stopped(stop, can_receive.wait())
    if can_receive.is_set():
        await log_ready(store, settings, role=role)


def _warn(configuration: Configuration) -> None:
    """Warns about settings that work but should be changed."""
    if not configuration.settings.telegram.admins:
        hint = "Nobody can add managers: put your Telegram id into telegram.admins and start again."
        log.warning("no_administrators", hint=hint)
    if exposed := files_open_to_others(configuration):
        log.warning("database_readable_by_others", hint=remedy(exposed))


def _require_possible(configuration: Configuration, role: str) -> None:
    settings = configuration.settings
    if not settings.bot_id:
        nowhere = "" if configuration.path else "there is no holdline.toml in this folder, and "
        raise CommandFailed(
            f"{nowhere}telegram.token is empty; make a bot at @BotFather and put its token there."
        )
    if role != ALL and settings.store.url.startswith("sqlite:"):
        raise CommandFailed(
            f"--role {role} is for several processes on one PostgreSQL; with SQLite one process does everything."
        )
