"""The sandbox as one object, as tests and the command line use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from holdline.sandbox.faults import Faults
from holdline.sandbox.json_types import Json
from holdline.sandbox.options import SandboxOptions
from holdline.sandbox.server.front import Front
from holdline.sandbox.server.http_server import serve_on_loopback
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.actors import Actors
from holdline.sandbox.world.groups import Groups
from holdline.sandbox.world.learning import learn
from holdline.sandbox.world.world import World


class Sandbox(Actors, Groups):
    """A simulated Telegram with one bot. Use it from one event loop; its synchronous functions never block."""

    def __init__(self, options: SandboxOptions | None = None) -> None:
        super().__init__(Telegram(options or SandboxOptions()))
        self._front = Front(self.tg, self._control)

    def _control(self) -> ASGIApp:
        from holdline.sandbox.control.app import control_app  # noqa: PLC0415 - it knows the box, and FastAPI is slow to load

        return control_app(self)

    @property
    def options(self) -> SandboxOptions:
        return self.tg.options

    @property
    def app(self) -> Front:
        """The ASGI application."""
        return self._front

    @property
    def world(self) -> World:
        return self.tg.world

    @property
    def faults(self) -> Faults:
        return self.tg.faults

    @property
    def problems(self) -> list[Json]:
        """Requests, answers and updates that did not match the published Bot API."""
        return self.tg.problems

    @property
    def calls(self) -> list[Json]:
        """The bot's calls, oldest first: seq, at, method, params, status, result or error."""
        return self.tg.calls.since(0)

    def messages(self, chat_id: int, thread_id: int | None = None) -> list[Json]:
        """The messages that are visible in a chat now, each with `from_bot`."""
        chat = self.tg.world.chat(chat_id)
        bot_id = self.tg.bot.id
        return [
            message | {"from_bot": message["from"]["id"] == bot_id} for message in chat.visible(thread_id)
        ]

    def chats(self) -> list[Json]:
        return [chat.summary() for chat in self.tg.world.chats.values()]

    def users(self) -> list[Json]:
        people = self.tg.world.users.values()
        marks = ("started", "blocked", "deactivated")
        return [person.as_user() | {mark: getattr(person, mark) for mark in marks} for person in people]

    def raw_update(self, update: Json) -> int:
        """Delivers the update unchanged, even if malformed. People and chats named in it exist from now on."""
        number = self.tg.updates.add_raw(update)
        learn(self.tg, update)
        return number

    def again(self, update_id: int) -> None:
        """Delivers an update again."""
        self.tg.updates.again(update_id)

    def reset(self) -> None:
        """Resets everything to the initial state. Also ends a held poll and the webhook."""
        self._front.bot_api.forget()
        self.tg.start_over()

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Runs the server until the end of the block and yields its address."""
        async with serve_on_loopback(self._front, host, port) as url:
            yield url
