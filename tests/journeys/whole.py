"""The whole app running against a sandbox in this process; the start of every journey."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from holdline.app.configuration import Configuration
from holdline.app.open_store import open_store
from holdline.app.run_desk import run_desk_loops
from holdline.app.settings import (
    DeskSection,
    LimitsSection,
    LogSection,
    Settings,
    StoreSection,
    TelegramSection,
    WebSection,
)
from holdline.app.web_server import bind_listener
from holdline.desk.health.readiness import reasons
from holdline.desk.people.keys import create_key
from holdline.sandbox import Sandbox, SandboxOptions
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from tests.journeys.world import GROUP, IVAN, MARIA, PATIENCE_SECONDS, World


@asynccontextmanager
async def world(
    folder: Path,
    *,
    group: int = GROUP,
    store_url: str = "sqlite:///desk.db",
    fast: bool = True,
    topics_in_private: bool = True,
    **desk: Any,
) -> AsyncIterator[World]:
    """The app at work in this loop; `fast` lifts the limits, `desk` are keys of [desk]."""
    token = "123456:journey"
    box = Sandbox(
        SandboxOptions(
            token=token,
            limits=not fast,
            seed_group=False,
            topics_in_private=topics_in_private,
            conflict_pause=0.01,
            slow_short_polls=False,
        )
    )
    for number, name in ((MARIA, "Maria"), (IVAN, "Ivan")):
        box.customer(number, first_name=name)
        box.says(number, "/start")  # a bot may only write to people who have written to it
    if group:
        box.forum(group, "Staff", members=[IVAN], admins=[MARIA])
    limits = {"per_second": 0, "per_chat_per_second": 0, "group_per_minute": 0} if fast else {}
    stop = asyncio.Event()
    with bind_listener("127.0.0.1", 0) as listener:
        address = "http://{}:{}".format(*listener.getsockname())
        async with box.serve() as url:
            settings = Settings(
                telegram=TelegramSection(token=token, api_base=url, staff_group=group, admins=[MARIA]),
                store=StoreSection(url=store_url, reserve_megabytes=0),
                limits=LimitsSection(**limits),
                desk=DeskSection(**desk),
                web=WebSection(webhooks_to_private=True),
                log=LogSection(level="error"),
            )
            configuration = Configuration(settings, path=None, base=folder)
            async with open_store(configuration, may_create=True) as store, asyncio.TaskGroup() as tasks:
                key = await store.act(create_key, name="test", scopes=("send", "read", "desk", "admin"))
                tasks.create_task(
                    run_desk_loops(configuration, store, role="all", listener=listener, stop=stop)
                )
                headers = {"Authorization": f"Bearer {key}"}
                try:
                    async with httpx.AsyncClient(
                        base_url=f"{address}/api/v1", headers=headers, timeout=30, verify=False
                    ) as api:
                        await _ready(store, api, address)
                        made = World(box, store, api, group)
                        await _greeted(made)
                        body = {"telegram_id": IVAN, "name": "Ivan", "role": "agent"}
                        await made.post("/managers", body, 201)
                        yield made
                finally:
                    stop.set()


async def _ready(store: Store, api: httpx.AsyncClient, base: str) -> None:
    """The probe's answer stands for a second, so it is not asked before there is something to say."""
    async with asyncio.timeout(90):
        while await store.read(reasons):  # noqa: ASYNC110 - no bell tells
            await asyncio.sleep(0.01)
        while (await api.get(f"{base}/readyz")).status_code != 200:  # noqa: ASYNC110 - another server's state
            await asyncio.sleep(0.02)


async def _greeted(made: World) -> None:
    """Both have their answer to /start, Ivan as the customer that he still is, and the desk knows it."""
    for number in (MARIA, IVAN):
        await made.until(lambda number=number: made.messages(number)[1:], "an answer to /start")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await made.store.read(_on_the_way):  # noqa: ASYNC110 - no bell tells
            await asyncio.sleep(0.01)


def _on_the_way(tx: Tx) -> list[Row]:
    return tx.all("SELECT id FROM outbox WHERE status IN ('queued', 'sending')")
