"""The sandbox as a separate program."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import replace

from holdline.sandbox.box import Sandbox
from holdline.sandbox.options import SandboxOptions
from holdline.sandbox.world.clock import SandboxClock

EPOCH, NUMBERS_A_SECOND = 1_767_225_600.0, 100
"""EPOCH is the start of 2026. With more messages a second, an immediate restart would reuse some numbers."""


def run(
    host: str = "127.0.0.1",
    port: int = 8081,
    token: str = "123456:sandbox-token",
    *,
    options: SandboxOptions | None = None,
    announce: Callable[[str], object] = str,
) -> None:
    """Serves until SIGINT or SIGTERM; blocking. `options` replaces `token`; `announce` is called with the address."""
    asyncio.run(_until_stopped(Sandbox(options or _of_today(token)), host, port, announce))


def _of_today(token: str) -> SandboxOptions:
    """Options with numbers above those of an earlier sandbox, so that a running desk can continue with this one."""
    number = int((SandboxClock().now() - EPOCH) * NUMBERS_A_SECOND)
    usual = SandboxOptions(token=token)
    return replace(usual, first_update=usual.first_update + number, first_message=number)


async def _until_stopped(box: Sandbox, host: str, port: int, announce: Callable[[str], object]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with box.serve(host, port) as url:
        announce(url)
        await stop.wait()
