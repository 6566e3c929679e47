"""The floor of the drain: a bare aiohttp loop that posts bodies and keeps nothing, in its own process."""

import asyncio
from pathlib import Path

import aiohttp

from holdline.app.tuning import quick_loop, stay_on_one_core

AT_ONCE = 64
"""As many as the sender has in flight."""


def post_all(address: str, bodies: str) -> None:
    """Posts each line of the file `bodies`."""
    stay_on_one_core()
    lines = Path(bodies).read_bytes().splitlines()
    with asyncio.Runner(loop_factory=quick_loop()) as runner:
        runner.run(_post(address, lines[::-1]))


async def _post(address: str, waiting: list[bytes]) -> None:
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def post_next() -> None:
            while waiting:
                async with session.post(address, data=waiting.pop(), headers=headers) as answer:
                    await answer.json()

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(post_next())
