"""Runs the web server inside our own event loop."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from holdline.app.command_failed import CommandFailed
from holdline.app.http_limits import BoundedProtocol

GRACE_SECONDS = 3


class _WebServer(uvicorn.Server):
    """Handles no signals; the program does."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind_listener(host: str, port: int) -> socket.socket:
    """Opens the port before anything else starts. Raises CommandFailed if it is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as refused:
        words = str(getattr(refused, "strerror", None) or refused).partition(" (while")[0]
        raise CommandFailed(
            f"web.host {host} with web.port {port} cannot be listened on ({words}); {_remedy(refused)}"
        ) from refused
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setblocking(False)
    return listener


def _remedy(refused: OSError | OverflowError) -> str:
    """Another port does not help against a wrong host. Negative numbers are errors of unknown host names."""
    number = getattr(refused, "errno", None) or 0
    if number == errno.EADDRNOTAVAIL or number < 0:
        return 'set web.host to an address of this machine: "127.0.0.1", or "0.0.0.0" for every network.'
    if number == errno.EACCES:
        return "set a web.port above 1023, and let a proxy listen on this one."
    return "set another web.port, or stop what uses this one."


async def serve(app: ASGIApp, listener: socket.socket, stop: asyncio.Event) -> None:
    """Serves until `stop`. Calls in flight get some seconds to finish."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        http=BoundedProtocol,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _WebServer(config)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(server.serve(sockets=[listener]))
        stopping = group.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        stopping.cancel()
