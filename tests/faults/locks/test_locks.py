"""A transaction takes several chats in one order; a deadlock counts even if it is retried."""

import asyncio
import threading

import pytest

from holdline.desk.customers import customers
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.gate import Gate, MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import MessagePart
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import messages
from holdline.store.delivery import chats, delivery_results, outbox, waiting_chats
from holdline.store.engine import Store
from holdline.store.engines.lock_order import LockOrderBroken
from holdline.store.people import managers
from holdline.store.people.customers import load_locked, set_gate
from holdline.store.tx import Tx
from tests.conftest import BOT

ANNA, GROUP = 510000001, -1001234567890


async def test_the_sender_takes_a_customer_before_the_staff_group(postgres_copy: str) -> None:
    """As a use case does: the customer's chat first, then what it says to the desk."""
    store = Store(postgres_copy, bot_id=BOT)
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


async def test_after_waiting_for_a_customers_lock_the_current_gate_is_seen(postgres_copy: str) -> None:
    """PostgreSQL shows a statement what was there when it began to wait, but for the rows that it locks itself."""
    store = Store(postgres_copy, bot_id=BOT)
    await store.start()
    anna = await store.act(customers.get_or_create_customer, sender=MessageSender(ANNA, "Anna"))
    has_anna = threading.Event()

    def opening(tx: Tx) -> None:
        chats.lock_for_customer(tx, anna.id)
        set_gate(tx, anna.id, Gate.HELD)
        has_anna.set()
        tx.run("SELECT pg_sleep(0.3)")  # the other one meets the lock meanwhile

    def accepting(tx: Tx) -> Gate | None:
        has_anna.wait(5)
        found = load_locked(tx, ANNA)
        return found.gate if found else None

    _, seen = await asyncio.gather(store.act(opening), store.act(accepting))
    await store.close()
    assert seen is Gate.HELD


async def test_marketing_is_not_chosen_for_a_customer_being_changed(postgres_copy: str) -> None:
    """The gate is not in the row of the chat: a lock on the chat alone would not tell."""
    store = Store(postgres_copy, bot_id=BOT)
    await store.start()
    anna = await store.act(customers.get_or_create_customer, sender=MessageSender(ANNA, "Anna"))
    funnel = Outgoing(
        Address(ANNA), MessagePart(), "funnel", Audience.CUSTOMER, MessageClass.FUNNEL, customer_id=anna.id
    )
    await store.act(outbox.add, [funnel])
    await store.act(waiting_chats.apply_announcements)
    holds, chosen = threading.Event(), threading.Event()

    def holding(tx: Tx) -> None:
        set_gate(tx, anna.id, Gate.HELD)
        holds.set()
        chosen.wait(5)

    def choosing(tx: Tx) -> list[int]:
        holds.wait(5)
        found = [chat["chat_id"] for chat in chats.lock_due_for_marketing(tx, 8)]
        chosen.set()
        return found

    assert await store.act(lambda tx: len(chats.lock_due_for_marketing(tx, 8))) == 1
    _, found = await asyncio.gather(store.act(holding), store.act(choosing))
    await store.close()
    assert found == []


async def test_dialogs_whose_managers_name_each_other_do_not_deadlock(postgres_copy: str) -> None:
    """Each opens a dialog in which the other takes part: whoever is named must stay at the desk, and no more."""
    store = Store(postgres_copy, bot_id=BOT)
    await store.start()
    for person in (101, 102):
        await store.act(managers.insert, telegram_id=person, name="Colleague", role="manager")
    has_first, tries = [threading.Event(), threading.Event()], []

    def opening(tx: Tx, me: int) -> None:
        tries.append(me)
        assert managers.keep_active(tx, 101 + me) is not None
        has_first[me].set()
        has_first[1 - me].wait(5)
        assert managers.keep_active(tx, 102 - me) is not None

    await asyncio.gather(store.act(opening, 0), store.act(opening, 1))
    await store.close()
    assert sorted(tries) == [0, 1]


async def test_managers_are_locked_in_the_order_of_their_ids(store: Store) -> None:
    people = [
        await store.act(managers.insert, telegram_id=person, name="Colleague", role="manager")
        for person in (101, 102)
    ]

    def locks(tx: Tx, *order: int) -> None:
        for number in order:
            managers.load_locked(tx, people[number].id)

    await store.act(locks, 0, 1)
    with pytest.raises(LockOrderBroken):
        await store.act(locks, 1, 0)


async def test_an_edit_during_the_arrival_of_its_copies_is_seen_when_they_are_stored(
    postgres_copy: str,
) -> None:
    """The edit cannot see copies that are not committed yet; so what stores them waits for the edit."""
    store = Store(postgres_copy, bot_id=BOT)
    await store.start()
    anna = await store.act(customers.get_or_create_customer, sender=MessageSender(ANNA, "Anna"))
    fields = {"customer_id": anna.id, "direction": "in", "class_": "customer", "author_kind": "customer"}
    message = await store.act(messages.insert, {**fields, "status": "received"}, Content(text="Hello"))
    has_edited = threading.Event()

    def editing(tx: Tx) -> None:
        messages.set_fields(tx, message.id, edited_at=tx.at)
        has_edited.set()
        tx.run("SELECT pg_sleep(0.3)")  # the other one comes meanwhile

    def storing(tx: Tx) -> set[int]:
        has_edited.wait(5)
        return set(delivery_results.later_changes(tx, [message.id]))

    _, changed = await asyncio.gather(store.act(editing), store.act(storing))
    await store.close()
    assert changed == {message.id}
