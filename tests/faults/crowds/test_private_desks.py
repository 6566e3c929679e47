"""Many people work in their own chats at once: no two transactions deadlock."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.customers import customers
from holdline.desk.dialogs.assignment import take_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.settings import lists
from holdline.dialogs.customer import MessageSender as Person
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.sender import Sender
from holdline.screens.render import render
from holdline.store import invariants
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.conftest import BOT
from tests.faults.figures import get_size
from tests.scheduler.wire import FakeWire

CUSTOMERS = get_size("HOLDLINE_CROWD", 5)
LINES, REPLIES = 20 * CUSTOMERS // 12, 2 + CUSTOMERS // 2
PATIENCE_SECONDS = 180  # it ends what would hang; how quick a desk is, the bench measures
FIRST_CUSTOMER, FIRST_MANAGER = 510000001, 400000001


@pytest.fixture(
    params=[(2, 0), (12, 0), (2, -1001234567890)], ids=["two desks", "twelve desks", "a staff group"]
)
async def desk(
    request: pytest.FixtureRequest, postgres_copy: str
) -> AsyncIterator[tuple[Store, str, list[Manager]]]:
    people, group = request.param
    rules = DeskRules(staff_group=group, per_second=0, per_chat_per_second=0, group_per_minute=0)
    store = Store(postgres_copy, bot_id=BOT, rules=rules)
    await store.start()

    def customers_known(tx: Tx) -> list[int]:
        senders = [Person(FIRST_CUSTOMER + n, f"C{n}") for n in range(CUSTOMERS)]
        return [customers.get_or_create_customer(tx, sender=sender).id for sender in senders]

    def staffed(tx: Tx) -> list[Manager]:
        lists.ensure_lists(tx)
        return [
            managers.insert(tx, telegram_id=FIRST_MANAGER + n, name=f"M{n}", role="manager")
            for n in range(people)
        ]

    made = await store.act(staffed)
    team = tuple(one.telegram_id for one in made)
    for n, customer_id in enumerate(await store.act(customers_known)):
        opening = Opening(customer_id=customer_id, title=f"Case {n}", participants=team)
        await store.act(open_dialog, manager=made[n % people], opening=opening)
    yield store, postgres_copy, made
    await store.close()


async def customer_talks(store: Store, n: int) -> None:
    for line in range(LINES):
        content = Content(text=f"w-{n}-{line}", chat_id=FIRST_CUSTOMER + n, tg_message_id=1000 + line)
        await store.act(receive_customer_message, sender=Person(FIRST_CUSTOMER + n, f"C{n}"), content=content)


async def managers_answer(store: Store, team: list[Manager], dialog_id: int) -> None:
    for reply in range(REPLIES):
        manager = team[(dialog_id + reply) % len(team)]
        await store.act(take_dialog, manager=manager, dialog_id=dialog_id)
        content = Content(text=f"r-{dialog_id}-{reply}")
        await store.act(write_in_dialog, manager=manager, dialog_id=dialog_id, content=content)


async def everything_is_sent(store: Store) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await store.read(
            lambda tx: tx.all("SELECT id FROM outbox WHERE status IN ('queued', 'sending') LIMIT 1")
        ):
            await store.bells.wait("outbox", 0.05)


def deadlocks(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        found = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(found[0]) if found else 0


async def test_a_busy_day_causes_no_deadlock_and_everything_is_shown(
    desk: tuple[Store, str, list[Manager]],
) -> None:
    store, url, team = desk
    wire, stop = FakeWire(), asyncio.Event()
    sending = asyncio.ensure_future(Sender(store, render=render, gateway=wire).run(stop))
    async with asyncio.TaskGroup() as group:
        for n in range(CUSTOMERS):
            group.create_task(customer_talks(store, n))
            group.create_task(managers_answer(store, team, n + 1))
    await everything_is_sent(store)
    stop.set()
    await sending
    assert await asyncio.to_thread(deadlocks, url) == 0
    told = {str(call.params.get("text", "")).rsplit("\n", 1)[-1] for call in wire.done}
    said = {f"w-{n}-{line}" for n in range(CUSTOMERS) for line in range(LINES)}
    answered = {f"r-{n + 1}-{reply}" for n in range(CUSTOMERS) for reply in range(REPLIES)}
    assert said | answered <= told | {text.partition("\n")[0] for text in told}
    assert await store.read(invariants.find_violations) == []
