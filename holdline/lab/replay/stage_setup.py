"""Starts a sandbox without limits in this process, and the desk beside it in its own process, as in production."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.open_store import open_store
from holdline.app.settings import UNLIMITED
from holdline.desk.people.keys import create_key
from holdline.desk.settings.lists import add_to_list, ensure_lists
from holdline.lab.replay.promises import BrokenPromise
from holdline.lab.replay.stage import Stage
from holdline.lab.replay.witness import Witness
from holdline.lab.replay.working_story import TAG
from holdline.sandbox import SEED_GROUP, SEED_MANAGERS, Sandbox, SandboxOptions
from holdline.store.engine import Store
from holdline.store.intake.replay_checks import count_customers, list_parked
from holdline.store.invariants import find_violations
from holdline.store.people import managers
from holdline.store.tx import Tx

TOKEN = "123456:replay"
PRIVATE_MANAGERS = range(400_000_001, 400_000_009)
TRAINEE = 400_000_099
READY_SECONDS = 60.0
STOP_SECONDS = 15.0
KEPT_SECONDS = 1.0
"""The desk closes a connection after five idle seconds; no call may be made on a connection that is being closed."""
HISTORY_PER_CHAT = 400
CALLS_KEPT = 2_000
DESK = "import sys; from holdline.app.main import main; sys.argv[0] = 'holdline'; main()"


@asynccontextmanager
async def open_stage(
    folder: Path, *, store: str | None, seed: int, private: bool = False
) -> AsyncIterator[Stage]:
    """Starts sandbox and desk. `store` names an empty database that may be filled.

    `private`: no staff group, managers work in topics of their own chats.
    """
    options = SandboxOptions(
        token=TOKEN, limits=False, check=False, calls_kept=CALLS_KEPT, history_per_chat=HISTORY_PER_CHAT
    )
    box, port = Sandbox(options), free_port()
    async with box.serve() as url:
        managers = _managers(box, private=private)
        group = 0 if private else SEED_GROUP
        config = write_config(folder, DeskSetup(url, port, store, group=group, admins=tuple(managers)))
        key = await _prepare_database(load_configuration(config))
        async with _desk_at_work(config, folder) as desk:
            headers = {"Authorization": f"Bearer {key}"}
            connections = aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS)
            async with aiohttp.ClientSession(headers=headers, connector=connections) as http:
                api = f"http://127.0.0.1:{port}"
                await _wait_until_ready(http, api, desk, folder)
                yield Stage(box, Witness(box), http, url, api, group, managers, TRAINEE, desk.pid, seed)


async def examine_database(folder: Path) -> list[BrokenPromise]:
    """After the desk has stopped: the violations that `holdline doctor` finds, and the parked messages."""
    async with open_store(load_configuration(folder / "holdline.toml"), may_create=True) as store:
        problems = [
            BrokenPromise(f"invariant {rule.name}", str(rule.rows[:3]))
            for rule in await store.read(find_violations)
        ]
        return problems + [BrokenPromise("parked", str(row)) for row in await store.read(list_parked)]


def _managers(box: Sandbox, *, private: bool) -> list[int]:
    """The managers' ids. Without a group each writes to the bot first, because a bot may only write to such people."""
    if not private:
        return sorted(SEED_MANAGERS)
    for number in PRIVATE_MANAGERS:
        box.customer(number, first_name=f"Manager {number % 100}")
        box.says(number, "/start")
    return list(PRIVATE_MANAGERS)


@dataclass(frozen=True, slots=True)
class DeskSetup:
    """The desk's configuration except speed. If `store` is None, the database is a file in the folder."""

    url: str
    port: int
    store: str | None = None
    token: str = TOKEN
    group: int = SEED_GROUP
    admins: tuple[int, ...] = tuple(sorted(SEED_MANAGERS))
    webhook_secret: str = ""
    """If it is set, updates arrive at the web port instead of being polled."""


def write_config(folder: Path, setup: DeskSetup) -> Path:
    """Returns the configuration's path. It sets no rate limits and no undo, because recordings contain no undo."""
    sections: dict[str, Mapping[str, object]] = {
        "telegram": {
            "token": setup.token,
            "api_base": setup.url,
            "staff_group": setup.group,
            "admins": list(setup.admins),
            **_webhook_of(setup),
        },
        "store": {"url": setup.store or "sqlite:///replay.db", "reserve_megabytes": 0},
        "web": {"port": setup.port},
        "limits": UNLIMITED,
        "desk": {"undo_seconds": 0},
        "log": {"level": "error"},
    }
    path = folder / "holdline.toml"
    path.write_text("\n".join(_section(name, keys) for name, keys in sections.items()))
    return path


def _webhook_of(setup: DeskSetup) -> dict[str, object]:
    if not setup.webhook_secret:
        return {}
    url = f"http://127.0.0.1:{setup.port}/telegram"
    return {"intake": "webhook", "webhook_url": url, "webhook_secret": setup.webhook_secret}


def _section(name: str, keys: Mapping[str, object]) -> str:
    """Written with JSON: its strings, numbers and lists are valid TOML."""
    return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())])


async def _prepare_database(configuration: Configuration) -> str:
    async with open_store(configuration, may_create=True) as store:
        await _require_empty(store)
        return await store.act(_prepare)


def _prepare(tx: Tx) -> str:
    """Creates a key, a manager who may only propose replies, and a tag."""
    ensure_lists(tx)
    add_to_list(tx, manager=None, kind="tags", name=TAG)
    managers.insert(tx, telegram_id=TRAINEE, name="Trainee", role="restricted")
    return create_key(tx, name="replay", scopes=("send", "read", "desk"))


async def _require_empty(store: Store) -> None:
    if await store.read(count_customers):
        raise CommandFailed(
            "--store names a database that has customers in it; replay needs an empty one of its own."
        )


@asynccontextmanager
async def _desk_at_work(config: Path, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Runs `holdline run` and stops it at the end. An unclean end is an error of the replay."""
    command = (sys.executable, "-c", DESK, "run", "--config", str(config))
    with (folder / "desk.log").open("wb") as log:
        desk = await asyncio.create_subprocess_exec(*command, stderr=log, stdout=log)
        try:
            yield desk
        finally:
            if desk.returncode is None:
                desk.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOP_SECONDS):
                await desk.wait()


async def _wait_until_ready(
    http: aiohttp.ClientSession, api: str, desk: asyncio.subprocess.Process, folder: Path
) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while not await _answers(http, api):
            if desk.returncode is not None:
                log_lines = (folder / "desk.log").read_text(errors="replace").strip().splitlines()
                raise CommandFailed(
                    f"the desk did not start: {log_lines[-1] if log_lines else 'it said nothing'}", 1
                )
            await asyncio.sleep(0.05)


async def _answers(http: aiohttp.ClientSession, api: str) -> bool:
    try:
        async with http.get(f"{api}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
