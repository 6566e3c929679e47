"""Who needs several chats takes them in one order; a deadlock that is tried again is one all the same."""

import asyncio
import threading

from holdline.desk.customers import customers
from holdline.dialogs.customer import MessageSender
from holdline.store.delivery import chats
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.conftest import BOT

ANNA, GROUP = 510000001, -1001234567890


async def test_the_sender_takes_a_customer_before_the_staff_group(postgres_url: str) -> None:
    """As a use case does: the customer's chat first, then what it says to the desk."""
    store = Store(postgres_url, bot_id=BOT)
    await store.start()
    anna = await store.act(customers.get_or_create_customer, sender=MessageSender(ANNA, "Anna"))
    await store.act(chats.add, [GROUP])
    has_anna, tries = threading.Event(), []

    def use_case(tx: Tx) -> None:
        tries.append("use case")
        chats.lock_for_customer(tx, anna.id)
        has_anna.set()
        tx.run("SELECT pg_sleep(0.3)")  # the sender meets the lock meanwhile
        chats.lock_all(tx, [GROUP])

    def settling(tx: Tx) -> list[int]:
        tries.append("settling")
        has_anna.wait(5)
        return [chat["chat_id"] for chat in chats.lock_all(tx, [GROUP, ANNA])]

    _, locked = await asyncio.gather(store.act(use_case), store.act(settling))
    await store.close()
    assert locked == [ANNA, GROUP]
    assert sorted(tries) == ["settling", "use case"]
