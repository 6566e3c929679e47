"""Building the stage: a sandbox without limits, the whole desk beside it, and a key for the tool."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from holdline.app.configuration import Configuration
from holdline.app.opening import opened
from holdline.app.replay.stage import Stage
from holdline.app.replay.witness import Witness
from holdline.app.running import desk_running
from holdline.app.serving import bound
from holdline.app.settings import (
    DeskSection,
    LimitsSection,
    LogSection,
    Settings,
    StoreSection,
    TelegramSection,
    WebSection,
)
from holdline.app.stopping import Stop
from holdline.desk.keys import create_key
from holdline.sandbox import SEED_GROUP, SEED_MANAGERS, Sandbox, SandboxOptions
from holdline.store.engine import Store

TOKEN = "123456:replay"  # noqa: S105 - the sandbox's own
READY_SECONDS = 20.0
HISTORY_PER_CHAT = 400
CALLS_KEPT = 2_000


@asynccontextmanager
async def staged(folder: Path, *, store: str | None, seed: int) -> AsyncIterator[Stage]:
    """Sandbox and desk in this process, ready to play; `store` names a database that is empty and may be filled."""
    options = SandboxOptions(
        token=TOKEN, limits=False, check=False, calls_kept=CALLS_KEPT, history_per_chat=HISTORY_PER_CHAT
    )
    box, stop = Sandbox(options), asyncio.Event()
    listener = bound("127.0.0.1", 0)
    host, port = listener.getsockname()
    async with box.serving() as url, asyncio.TaskGroup() as group:
        configuration = Configuration(_settings(url, store), path=None, base=folder)
        async with opened(configuration) as desk:
            await _empty(desk)
            key = await desk.act(create_key, name="replay", scopes=("send", "read"))
            running = desk_running(configuration, desk, role="all", listener=listener, stop=stop)
            task = group.create_task(running)
            headers = {"Authorization": f"Bearer {key}"}
            async with aiohttp.ClientSession(headers=headers) as http:
                stage = Stage(
                    box, Witness(box), http, f"http://{host}:{port}", SEED_GROUP, sorted(SEED_MANAGERS), desk, seed
                )
                await _ready(stage)
                try:
                    yield stage
                finally:
                    stop.set()
                    await task


def _settings(url: str, store: str | None) -> Settings:
    """No pacing, and no undo buttons: nobody in a recording takes anything back."""
    return Settings(
        telegram=TelegramSection(
            token=TOKEN, api_base=url, staff_group=SEED_GROUP, admins=sorted(SEED_MANAGERS)
        ),
        store=StoreSection(url=store or "sqlite:///replay.db"),
        web=WebSection(),
        limits=LimitsSection(per_second=10_000, per_chat_per_second=1_000, group_per_minute=100_000),
        desk=DeskSection(undo_seconds=0),
        log=LogSection(level="error"),
    )


async def _empty(desk: Store) -> None:
    found = await desk.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM customers"))
    if found and found["n"]:
        raise Stop("--store names a database that has customers in it; replay needs an empty one of its own.")


async def _ready(stage: Stage) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while True:
            async with stage.http.get(f"{stage.api}/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)
