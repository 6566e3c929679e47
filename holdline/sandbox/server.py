"""The sandbox as a program of its own."""

import asyncio
import signal
from collections.abc import Callable

from .box import Sandbox
from .options import SandboxOptions


def run(
    host: str = "127.0.0.1",
    port: int = 8081,
    token: str = "123456:sandbox-token",
    *,
    options: SandboxOptions | None = None,
    told: Callable[[str], object] = str,
) -> None:
    """Serves until SIGINT or SIGTERM; blocking. `options` wins over `token`; `told` hears the address in use."""
    asyncio.run(_until_stopped(Sandbox(options or SandboxOptions(token=token)), host, port, told))


async def _until_stopped(box: Sandbox, host: str, port: int, told: Callable[[str], object]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with box.serving(host, port) as url:
        told(url)
        await stop.wait()
