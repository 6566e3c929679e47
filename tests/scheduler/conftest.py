"""A desk with one customer, and control of every step of a delivery."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest

from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.customers import customers
from holdline.desk.delivery.settle import settle_all
from holdline.desk.delivery.start import SendOptions, StartedCall, start_calls
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.settings import lists
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content, Message
from holdline.dialogs.outbox.item import Item, Traits, Worth
from holdline.dialogs.outgoing import Outgoing
from holdline.screens.render import render
from holdline.store.clock import ManualClock
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.telegram.outcomes import Action, Outcome, Refused, Sent

ANNA = MessageSender(telegram_id=510000001, name="Anna", language="ru")
GROUP = -1001234567890
STILL_TO_LEAVE = "SELECT id FROM outbox WHERE status IN ('queued', 'sending') LIMIT 1"
DESK: dict[str, Any] = {"class_": MessageClass.DESK, "chat_id": GROUP, "customer_id": None}


def plain_render(tx: Tx, item: Row) -> Call | Skip:
    """What the item says, in the simplest words."""
    payload = item["payload_json"]
    if payload.get("skip"):
        return Skip(payload["skip"])
    if payload.get("broken"):
        raise KeyError(payload["broken"])
    method = {"topic_create": "createForumTopic", "edit_copy": "editMessageText", "pin": "pinChatMessage"}
    params: dict[str, Any] = {"chat_id": item["chat_id"], "text": payload.get("text", item["key"])}
    if payload.get("quote"):
        params["reply_parameters"] = {"message_id": payload["quote"]}
    if payload.get("buttons"):
        params["reply_markup"] = {"inline_keyboard": [[{"text": "Open", "url": "http://localhost:8080/x"}]]}
    if payload.get("entities"):
        params["entities"] = payload["entities"]
    return Call(method.get(item["kind"], "sendMessage"), params)


class Written(Item):
    """An item as an older version, or none at all, may have stored it: this kind with just this payload."""

    traits = Traits(Worth.WORDS)

    def __init__(self, kind: str, payload: dict[str, Any]) -> None:
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "payload", payload)

    def as_payload(self) -> dict[str, Any]:
        return self.payload  # type: ignore[attr-defined, no-any-return] # frozen: set by the constructor


@dataclass
class Bench:
    """Begin and settle by hand; message ids rise."""

    store: Store
    clock: ManualClock
    anna: Customer
    maria: Manager
    ids: Iterator[int] = field(default_factory=lambda: count(1000))

    async def add(self, key: str, class_: MessageClass = MessageClass.MANAGER, **fields: Any) -> int:
        audience = Audience.DESK if class_ is MessageClass.DESK else Audience.CUSTOMER
        out = {"chat_id": ANNA.telegram_id, "customer_id": self.anna.id, "audience": audience, **fields}
        out["to"] = Address(out.pop("chat_id"))
        out["item"] = Written(out.pop("kind", "message"), out.pop("payload", {}))
        added = await self.store.act(outbox.add, [Outgoing(key=key, class_=class_, **out)])
        return added[0]

    async def customer_id(self, telegram_id: int) -> int:
        """Somebody else who wrote once: marketing speaks only to customers."""
        sender = MessageSender(telegram_id, "Guest")
        return (await self.store.act(customers.get_or_create_customer, sender=sender)).id

    async def begin(self, limit: int = 10, **options: Any) -> list[StartedCall]:
        terms = SendOptions(**{"epoch": 1, "holder": "test", "render": plain_render, **options})
        return await self.store.act(start_calls, limit=limit, options=terms)

    async def settle(self, begun: StartedCall, outcome: Outcome | None = None, **other: Any) -> bool:
        outcome = outcome or Sent({"message_id": next(self.ids)})
        (settled,) = await self.store.act(settle_all, [(replace(begun, **other), outcome)])
        return settled

    async def one(self, sql: str, **values: object) -> Row:
        row = await self.store.read(lambda tx: tx.one(sql, **values))
        assert row is not None, "no such row"
        return row

    async def all(self, sql: str, **values: object) -> list[Row]:
        return await self.store.read(lambda tx: tx.all(sql, **values))

    async def item(self, outbox_id: int) -> Row:
        return await self.one("SELECT * FROM outbox WHERE id = :id", id=outbox_id)

    async def chat(self, chat_id: int = ANNA.telegram_id) -> Row:
        return await self.one("SELECT * FROM chats WHERE chat_id = :id", id=chat_id)

    async def calls(self, seconds: float, **options: Any) -> AsyncIterator[StartedCall]:
        """What begins while the clock moves, to be settled by whoever asks; it runs on at once when nothing is left."""
        steps = int(seconds / 0.5)
        for step in range(steps):
            begun_now = await self.begin(**options)
            for begun in begun_now:
                yield begun
            if not begun_now and step % 10 == 0 and not await self.all(STILL_TO_LEAVE):
                self.clock.advance((steps - step) * 0.5)
                break
            self.clock.advance(0.5)

    async def drain(self, seconds: float = 200) -> list[str]:
        """Everything that leaves, in order, while the clock moves."""
        left: list[str] = []
        async for begun in self.calls(seconds):
            left.append(begun.call.params["text"])
            await self.settle(begun)
        return left


@pytest.fixture
async def bench(store: Store, clock: ManualClock) -> Bench:
    def found(tx: Tx) -> tuple[Customer, Manager]:
        lists.ensure_lists(tx)
        maria = managers.insert(tx, telegram_id=400000077, name="Maria", role="admin")
        return customers.get_or_create_customer(tx, sender=ANNA), maria

    anna, maria = await store.act(found)
    return Bench(store, clock, anna, maria)


def no(action: Action, description: str = "Bad Request: no", code: int = 400, **more: Any) -> Refused:
    return Refused(code, description, action, **more)


async def opened(bench: Bench) -> Dialog:
    opening = Opening(customer_id=bench.anna.id, title="Lost parcel")
    return await bench.store.act(open_dialog, manager=bench.maria, opening=opening)


async def written(bench: Bench, dialog: Dialog, words: str = "hello") -> Message:
    """A manager's reply from her own chat with the bot."""
    content = Content(text=words, chat_id=bench.maria.telegram_id, tg_message_id=77)
    origin = Origin(chat_id=bench.maria.telegram_id, tg_message_id=77)
    return await bench.store.act(
        write_in_dialog, manager=bench.maria, dialog_id=dialog.id, content=content, origin=origin
    )


async def only(bench: Bench, chat_id: int = ANNA.telegram_id) -> Any:
    """The one call of that chat; everything else that is begun is sent."""
    found = None
    for begun in await bench.begin():
        if begun.chat_id == chat_id:
            found = begun
        else:
            await bench.settle(begun)
    assert found is not None
    return found


async def notices(bench: Bench) -> list[Row]:
    rows = await bench.all("SELECT * FROM outbox WHERE kind = 'desk_notice' ORDER BY id")
    return [row for row in rows if row["payload_json"].get("key", "").startswith("delivery.")]


async def sent(bench: Bench, seconds: float = 60) -> list[Call]:
    """Everything that leaves, as Telegram gets it."""
    left: list[Call] = []
    async for begun in bench.calls(seconds, render=render):
        left.append(begun.call)
        listed = {"sendMediaGroup": "media", "copyMessages": "message_ids"}.get(begun.call.method)
        several = [{"message_id": next(bench.ids)} for _ in begun.call.params[listed]] if listed else None
        await bench.settle(begun, Sent(several) if several else None)
    return left


async def to_anna(bench: Bench, **words: Any) -> list[Call]:
    return [call for call in await sent(bench, **words) if call.params["chat_id"] == ANNA.telegram_id]
