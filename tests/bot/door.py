"""Customers' updates as tests send them: updates in, the outbox and the answers to presses out."""

from functools import cache
from itertools import count
from typing import Any

from aiogram import Dispatcher

from holdline.bot.dispatcher import build_dispatcher, build_feed
from holdline.bot.handlers import customer, customer_presses, edits, membership, reactions
from holdline.bot.intake.worker import Worker
from holdline.store.engine import Store
from holdline.store.people import customers
from holdline.store.tx import Row
from holdline.telegram.call import Call
from tests.bot.inbox_kit import Json, keep, rows
from tests.bot.staging import (
    ANNA,
    rendered,
    text_of,
)
from tests.conftest import BOT

ROUTERS = (customer.router, edits.router, reactions.router, membership.router, customer_presses.router)
PERSON = {"id": ANNA.telegram_id, "is_bot": False, "first_name": "Anna", "language_code": "en"}
CHAT = {"id": ANNA.telegram_id, "type": "private"}
FRESH = {"query_id": count(1), "update": count(1), "message": count(100)}


class Heard:
    """The gateway's door for what may be lost, as the handlers see it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def send_ephemeral(self, call: Call) -> object:
        self.calls.append(call)
        return True

    @property
    def toast(self) -> str:
        return str(self.calls[-1].params["text"])


@cache
def _dispatcher() -> Dispatcher:
    return build_dispatcher([make() for make in ROUTERS])


class Door:
    """Lets updates in and waits until they are handled."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.heard = Heard()
        self._worker = Worker(store, build_feed(_dispatcher(), BOT, store=store, gateway=self.heard))

    async def comes(self, **update: Any) -> Row:
        """The inbox row as it ended."""
        number = next(FRESH["update"])
        await keep(self.store, {"update_id": number, **update})
        while await self._worker.tick():
            pass
        return (await rows(self.store))[number]

    async def says(self, text: str, **more: Any) -> Row:
        return await self.comes(message=message(text=text, **more))

    async def presses(self, data: str, person: Json | None = None, *, on: int = 9) -> Row:
        person = person or PERSON
        query = {
            "id": str(next(FRESH["query_id"])), "from": person, "chat_instance": "1", "data": data,
            "message": {"message_id": on, "date": 1, "chat": CHAT | {"id": person["id"]}, "text": "?"},
        }  # fmt: skip
        return await self.comes(callback_query=query)

    async def said(self, kind: str) -> list[str]:
        """The words of everything queued of that kind."""
        return [text_of(found) for found in await rendered(self.store, kind) if isinstance(found, Call)]

    async def customer(self) -> Any:
        return await self.store.read(customers.by_telegram_id, ANNA.telegram_id)


def message(**body: Any) -> Json:
    return {"message_id": next(FRESH["message"]), "date": 1767225600, "chat": CHAT, "from": PERSON, **body}
