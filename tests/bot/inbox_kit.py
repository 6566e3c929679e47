"""What tests of the intake share: generated updates, a log that use cases write, waiting for a condition."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from holdline.bot.intake.worker import Worker
from holdline.bot.work import Work
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.intake import inbox
from holdline.store.intake.received_update import update_from_value
from holdline.store.tx import Row, Tx

Json = dict[str, Any]


def text(update_id: int, chat: int = 11, words: str = "hi") -> Json:
    """A private message as Telegram would deliver it."""
    person = {"id": chat, "is_bot": False, "first_name": "Anna"}
    message = {"message_id": update_id, "date": 1_794_204_201, "chat": {"id": chat, "type": "private"}}
    return {"update_id": update_id, "message": message | {"from": person, "text": words}}


def press(update_id: int, chat: int = 11, data: str = "rate:x:1") -> Json:
    """A button pressed in a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "Anna"}
    message = {"message_id": 5, "date": 1_794_204_201, "chat": {"id": chat, "type": "private"}}
    query = {"id": "1", "from": person, "chat_instance": "9", "message": message, "data": data}
    return {"update_id": update_id, "callback_query": query}


async def keep(store: Store, *updates: object) -> None:
    await store.act(inbox.put, [update_from_value(update) for update in updates])


def noted(tx: Tx, *, update_id: int) -> None:
    """The use case of these tests: its effects are read back with `effects`."""
    tx.run(
        "INSERT INTO settings (bot_id, name, value_json) VALUES (:bot, :name, :value)",
        bot=tx.bot_id,
        name=f"{update_id:020d}",
        value={"at": update_id},
    )


async def effects(store: Store) -> list[int]:
    """Which updates had an effect, each once, or the unique key would have refused it."""
    rows = await store.read(lambda tx: tx.all("SELECT name FROM settings WHERE name LIKE '0%' ORDER BY name"))
    return [int(row["name"]) for row in rows]


async def rows(store: Store) -> dict[int, Row]:
    found = await store.read(lambda tx: tx.all("SELECT * FROM inbox ORDER BY id"))
    return {row["update_id"]: row for row in found}


async def states(store: Store) -> dict[int, str]:
    return {number: row["state"] for number, row in (await rows(store)).items()}


async def eventually(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait for it, with a deadline."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - the condition is in a database
            await asyncio.sleep(0.01)


async def has_effects(store: Store, count: int) -> bool:
    return len(await effects(store)) == count


async def good(raw: Json, work: Work) -> None:
    await work.act(noted, update_id=work.update_id)


async def settle(worker: Worker, clock: ManualClock) -> None:
    """Ticks until nothing is left, the clock moved by hand."""
    idle = 0
    while idle < 8:
        idle = 0 if await worker.tick() else idle + 1
        clock.advance(1)
