"""The sandbox as a whole: what a test or the command line opens."""

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
    """A pretend Telegram with one bot. Use it from one event loop; its plain functions never wait."""

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
        """What did not fit the published Bot API, in requests, answers and updates."""
        return self.tg.problems

    @property
    def calls(self) -> list[Json]:
        """The bot's calls, oldest first: seq, at, method, params, status, result or error."""
        return self.tg.calls.since(0)

    def messages(self, chat_id: int, thread_id: int | None = None) -> list[Json]:
        """What can be seen in a chat now, with `from_bot` in each message."""
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
        """Goes to the bot exactly as it is, poison too; whom it tells of is there from now on."""
        number = self.tg.updates.add_raw(update)
        learn(self.tg, update)
        return number

    def again(self, update_id: int) -> None:
        """Delivers an update once more."""
        self.tg.updates.again(update_id)

    def reset(self) -> None:
        """Everything as at the start, also for a webhook or a poll that is waiting."""
        self._front.door.forget()
        self.tg.start_over()

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """The address of the running server; it is closed at the end of the block."""
        async with serve_on_loopback(self._front, host, port) as url:
            yield url
