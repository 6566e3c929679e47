"""A process to be killed: polls and works until somebody ends it."""

import asyncio
from typing import Any

from holdline.bot.gateway import Gateway
from holdline.bot.intake.bot_api import direct_caller
from holdline.bot.intake.polling import Poller
from holdline.bot.intake.worker import Worker, WorkerLimits
from holdline.bot.work import Work
from holdline.store.engine import Store
from tests.bot.inbox_kit import good

TOKEN = "123456:sandbox-token"
BOT = 7000000001


async def feed(raw: dict[str, Any], work: Work) -> None:
    """The word "poison" ends the process as a broken C library would."""
    if "poison" in str(raw.get("message", {}).get("text")):
        import os  # noqa: PLC0415 - only the poisoned process needs it

        os._exit(9)
    await good(raw, work)


def works_until_killed(api: str, store_url: str) -> None:
    asyncio.run(_works(api, store_url))


async def _works(api: str, store_url: str) -> None:
    store, stop = Store(store_url, bot_id=BOT), asyncio.Event()
    await store.start()
    print("started", flush=True)
    async with Gateway(TOKEN, api) as gateway, asyncio.TaskGroup() as group:
        group.create_task(Poller(store, direct_caller(gateway), poll_seconds=2).run(stop))
        group.create_task(Worker(store, feed, limits=WorkerLimits(concurrency=8)).run(stop))
