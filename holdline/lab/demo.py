"""`holdline demo`: sandbox, bot, API and page in one process, without token or network. Also `holdline sandbox`."""

import asyncio
import socket
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from holdline.app import logs
from holdline.app.command_failed import CommandFailed
from holdline.app.leader import first_fatal
from holdline.app.settings import UNLIMITED
from holdline.app.signals import stop_on_signals
from holdline.lab.demo_stack import HOST, open_demo_stack
from holdline.lab.demo_story import (
    IVAN,
    MARIA,
    STAFF_GROUP,
    add_staff,
    furnish_sandbox,
    introduce_people,
    let_ivan_learn,
    play_story,
    speak_to_managers,
)
from holdline.sandbox import SandboxOptions
from holdline.scheduler.loops import Fatal
from holdline.store.clock import Clock
from holdline.store.engine import Store

PORTS_TRIED = 20


def run_demo(*, folder: Path | None, port: int, language: str, private: bool) -> int:
    """Runs until a signal. The desk starts in `language` and follows the language of the page."""
    logs.set_up("warning")
    typer.echo("Starting the demo: a simulated Telegram, the desk, the page…", err=True)
    with ExitStack() as stack:
        kept = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="holdline-demo-")))
        kept.mkdir(parents=True, exist_ok=True)
        return _until_stopped(kept, _free(port), language, private=private)


class _DeskLanguage:
    """Keeps the demo's desk in the language of its page."""

    def __init__(self) -> None:
        self.store: Store | None = None

    async def follow(self, language: str) -> None:
        if self.store is not None and self.store.rules.language != language:
            self.store.rules = replace(self.store.rules, language=language)
            await speak_to_managers(self.store, language)


def _until_stopped(folder: Path, port: int, language: str, *, private: bool) -> int:
    try:
        asyncio.run(_run_demo(folder, port, language, group=0 if private else STAFF_GROUP))
    except asyncio.CancelledError:
        return 1
    except ExceptionGroup as several:
        if (fatal := several.subgroup(Fatal)) is not None:
            raise CommandFailed(str(first_fatal(fatal))) from several
        raise
    return 0


def run_sandbox(*, port: int, token: str) -> int:
    """Runs only the simulated Telegram, without a desk."""
    from holdline.sandbox.server.program import run  # noqa: PLC0415 - the demo does not need it

    try:
        number = int(token.partition(":")[0])
    except ValueError:
        raise CommandFailed(
            "--token must look like a bot's: digits, a colon, letters, such as 123456:sandbox."
        ) from None
    if number <= 0 or not token.partition(":")[2]:
        raise CommandFailed(
            "--token must look like a bot's: digits, a colon, letters, such as 123456:sandbox."
        )

    def announce(url: str) -> None:
        typer.echo(f"The sandbox answers at {url}/bot{token}/ and its page is {url}/")

    try:
        run(HOST, port, token, announce=announce)
    except OSError as taken:
        raise CommandFailed(
            f"port {port} cannot be listened on ({taken.strerror}); name another with --port."
        ) from taken
    return 0


async def _run_demo(folder: Path, port: int, language: str, *, group: int) -> None:
    stop, spoken = asyncio.Event(), _DeskLanguage()
    name = f"demo-{Clock().now():%Y%m%dT%H%M%S}.db"
    settings: dict[str, dict[str, Any]] = {
        "limits": UNLIMITED,  # Telegram's limits would make the demo slow; everything else has its default
        "telegram": {"staff_group": group, "admins": [MARIA]},
        "store": {"url": f"sqlite:///{name}", "reserve_megabytes": 0},
        "desk": {"language": language},
    }
    options = SandboxOptions(
        seed_group=False,
        username="holdline_demo_bot",
        slow_short_polls=False,
        on_language=spoken.follow,
        staff=(MARIA, IVAN),
    )
    with stop_on_signals(stop):
        async with open_demo_stack(
            folder,
            options,
            settings=settings,
            furnish=furnish_sandbox if group else introduce_people,
            port=port,
            stop=stop,
        ) as stage:
            await stage.store.act(add_staff)
            await speak_to_managers(stage.store, language)
            await play_story(stage, group=group)
            await stage.store.act(let_ivan_learn)
            spoken.store = stage.store
            typer.echo(f"Holdline's demo is ready: {stage.url}/")
            typer.echo("Customers, managers and a funnel tool are on that page. Ctrl+C ends it.", err=True)
            await stop.wait()


def _free(wanted: int) -> int:
    """The wanted port if it is free, otherwise one of the next, otherwise 0 (any)."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        try:
            socket.create_server((HOST, port)).close()
        except OSError:
            continue
        return port
    return 0
