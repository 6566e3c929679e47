"""The sandbox as a program of its own."""

import asyncio

from .box import Sandbox
from .options import SandboxOptions


def run(
    host: str = "127.0.0.1",
    port: int = 8081,
    token: str = "123456:sandbox-token",
    *,
    options: SandboxOptions | None = None,
) -> None:
    """Serves until interrupted; blocking. `options` wins over `token`."""
    box = Sandbox(options or SandboxOptions(token=token))
    try:
        asyncio.run(_forever(box, host, port))
    except KeyboardInterrupt:
        return


async def _forever(box: Sandbox, host: str, port: int) -> None:
    async with box.serving(host, port):
        await asyncio.Event().wait()
