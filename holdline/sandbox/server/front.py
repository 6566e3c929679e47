"""Routes requests: the Bot API directly, everything else to the control API."""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from holdline.sandbox.server.bot_api_server import BotApiServer
from holdline.sandbox.server.origin import is_near, refuse_stranger
from holdline.sandbox.telegram import Telegram


class Front:
    """The ASGI application. The control API is built at its first request."""

    def __init__(self, tg: Telegram, control: Callable[[], ASGIApp]) -> None:
        self.bot_api = BotApiServer(tg)
        self._build_control = control
        self._control: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            raise RuntimeError("the sandbox speaks HTTP only; its events come from GET /sandbox/events")
        elif scope["path"].startswith("/bot"):
            await self.bot_api(scope, receive, send)
        elif scope["path"].startswith("/file/bot"):
            await self.bot_api.file(scope, receive, send)
        elif is_near(scope):
            await self._rest(scope, receive, send)
        else:
            await refuse_stranger(send)

    async def _rest(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._control is None:
            self._control = self._build_control()
        await self._control(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.bot_api.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
