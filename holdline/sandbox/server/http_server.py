"""A real HTTP server on loopback, inside another program's event loop."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from holdline.sandbox.server.front import Front

SHUTDOWN_SECONDS = 1


class _Protocol(HttpToolsProtocol):
    """Lets a fault close the connection without an answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"holdline.hang_up": {"close": self._hang_up}}

    def _hang_up(self) -> None:
        self.transport.close()


class _SandboxServer(uvicorn.Server):
    """Installs no signal handlers, and signals when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()


def _bind(host: str, port: int) -> socket.socket:
    if not _loopback(host):
        raise ValueError(f"the sandbox listens on loopback only, not on {host}; take 127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.create_server((host, port), family=family)
    # Head and body are two writes; without this each answer waits 40 ms for the client's acknowledgement.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    bound.setblocking(False)
    return bound


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def serve_on_loopback(front: Front, host: str, port: int) -> AsyncIterator[str]:
    """Runs the server until the block ends and yields its address."""
    bound = _bind(host, port)
    config = uvicorn.Config(
        front,
        http=_Protocol,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        timeout_keep_alive=75,
    )
    server = _SandboxServer(config)
    running = asyncio.get_running_loop().create_task(server.serve(sockets=[bound]))
    await server.ready.wait()
    front.bot_api.open()
    try:
        named = f"[{host}]" if ":" in host else host
        yield f"http://{named}:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await front.bot_api.close()
        await running
