"""A process that migrates a database to today's schema, and may die on the way."""

import asyncio
import os
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from holdline.store.engine import Store
from holdline.store.engines import postgres, sqlite
from holdline.store.engines.migrate import BeforeUpgrade, migrate

BOT = 7000000001


def migrate_until_killed(store_url: str, dies_at: int, counted_in: str) -> None:
    """Kills itself before statement `dies_at` of the migrations; 0 means never. At its end the number of statements is
    written to the file `counted_in`.
    """
    numbers, last = count(1), 0

    def counted(
        execute: Callable[[str], list[tuple[Any, ...]]], engine: str, *, before: BeforeUpgrade | None = None
    ) -> list[str]:
        def run(sql: str) -> list[tuple[Any, ...]]:
            nonlocal last
            last = next(numbers)
            if last == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql)

        return migrate(run, engine, before=before)

    sqlite.migrate = counted
    postgres.migrate = counted
    asyncio.run(_start(store_url))
    Path(counted_in).write_text(str(last), encoding="ascii")


async def _start(store_url: str) -> None:
    store = Store(store_url, bot_id=BOT)
    await store.start()
    await store.close()
