"""A use case announces a chat to the sender without locking that chat."""

import asyncio
import threading

import pytest

from holdline.desk.delivery.delivery import seconds_until_due
from holdline.desk.delivery.group_migration import migrate_group
from holdline.desk.delivery.settle import reap
from holdline.dialogs.address import Address
from holdline.dialogs.outbox.messages import Mirror
from holdline.dialogs.outgoing import Outgoing
from holdline.store import invariants
from holdline.store.delivery import chats, outbox, waiting_chats
from holdline.store.engine import Store
from holdline.store.engines.lock_order import LockOrderBroken, lock_of
from holdline.store.tx import Tx

GROUP, NEW_GROUP, DESK = -1001234567890, -1001234567999, -1001234567111


def a_line(chat_id: int, key: str = "line") -> Outgoing:
    return Outgoing(Address(chat_id), Mirror(), f"{key}:{chat_id}")


async def due_chats(store: Store) -> set[int]:
    rows = await store.read(
        lambda tx: tx.all("SELECT chat_id FROM chats WHERE dialog_due_at IS NOT NULL ORDER BY chat_id")
    )
    return {row["chat_id"] for row in rows}


async def test_an_announced_chat_is_due_once_the_sender_has_taken_it(store: Store) -> None:
    await store.act(outbox.add, [a_line(DESK), a_line(GROUP)])
    assert await due_chats(store) == set()
    assert await store.read(seconds_until_due) == 0
    assert await store.read(invariants.find_violations) == []
    await store.act(waiting_chats.apply_announcements)
    assert await due_chats(store) == {DESK, GROUP}
    assert await store.read(lambda tx: tx.all("SELECT * FROM waiting_chats")) == []


async def test_many_announcements_of_one_chat_are_taken_together(store: Store) -> None:
    """Otherwise each 256 of them would cost a round, and each round counts the chat's messages again."""

    def announce_often(tx: Tx) -> None:
        for _ in range(waiting_chats.TAKEN_AT_ONCE + 1):
            waiting_chats.announce(tx, GROUP, "dialog", tx.at)
            waiting_chats.flush(tx)

    await store.act(outbox.add, [a_line(GROUP)])
    await store.act(announce_often)
    await store.act(waiting_chats.apply_announcements)
    assert await due_chats(store) == {GROUP}
    assert await store.read(lambda tx: tx.all("SELECT * FROM waiting_chats")) == []


async def test_nothing_is_announced_by_a_unit_that_fails(store: Store) -> None:
    def fails(tx: Tx) -> None:
        outbox.add(tx, [a_line(DESK)])
        raise ValueError

    with pytest.raises(ValueError):
        await store.act(fails)
    assert await store.read(seconds_until_due) is None


async def test_a_locked_chat_is_taken_later_and_delays_no_other(postgres_copy: str) -> None:
    store = Store(postgres_copy)
    await store.start()
    await store.act(outbox.add, [a_line(DESK), a_line(GROUP)])
    held, over = threading.Event(), threading.Event()

    def holds(tx: Tx) -> None:
        chats.lock_all(tx, [DESK])
        held.set()
        over.wait(10)

    async with asyncio.TaskGroup() as group:
        group.create_task(store.act(holds))
        await asyncio.to_thread(held.wait)
        await store.act(outbox.add, [a_line(DESK, "another")])
        await store.act(waiting_chats.apply_announcements)
        assert await due_chats(store) == {GROUP}
        over.set()
    await store.act(waiting_chats.apply_announcements)
    assert await due_chats(store) == {DESK, GROUP}
    await store.close()


async def test_messages_written_for_a_group_while_it_moved_follow_it(store: Store) -> None:
    """The use case looked where the group is before the move was committed, and committed after it."""
    await store.act(outbox.add, [a_line(GROUP, "before")])
    await store.act(migrate_group, old_chat_id=GROUP, new_chat_id=NEW_GROUP)

    def late(tx: Tx) -> None:
        tx.waiting.current_ids[GROUP] = GROUP
        outbox.add(tx, [a_line(GROUP, "late")])

    await store.act(late)
    await store.act(reap)
    await store.act(waiting_chats.apply_announcements)
    assert await due_chats(store) == {NEW_GROUP}
    assert {row["chat_id"] for row in await store.read(lambda tx: tx.all("SELECT * FROM outbox"))} == {
        NEW_GROUP
    }
    assert await store.read(invariants.find_violations) == []


async def test_a_unit_that_breaks_the_order_of_locks_fails_in_the_tests(store: Store) -> None:
    def crosswise(tx: Tx) -> None:
        chats.lock_all(tx, [DESK])
        chats.lock_all(tx, [GROUP])

    def too_late(tx: Tx) -> None:
        tx.run("UPDATE outbox SET rank = 1")
        chats.lock_all(tx, [DESK])

    await store.act(outbox.add, [a_line(DESK), a_line(GROUP)])
    for wrong in (crosswise, too_late):
        with pytest.raises(LockOrderBroken):
            await store.act(wrong)


async def test_the_chat_0_of_a_spoilt_update_counts_as_locked_too(store: Store) -> None:
    def frees_what_it_locked(tx: Tx) -> None:
        chats.lock_all(tx, [0])
        tx.run("UPDATE outbox SET rank = 1")
        chats.free(tx, [0], not_before=tx.at)

    await store.act(outbox.add, [a_line(0)])
    await store.act(frees_what_it_locked)


def test_the_locks_of_a_statement_are_derived_from_its_text() -> None:
    taken = lock_of("SELECT ch.* FROM chats ch JOIN outbox o ON o.id = 1 FOR UPDATE OF ch, o SKIP LOCKED")
    assert (taken.tables, taken.waits) == ({"chats", "outbox"}, False)
    assert lock_of("SELECT * FROM chats WHERE a = 1 FOR UPDATE").waits
    assert lock_of("SELECT * FROM chats").tables == set()
    assert lock_of("INSERT INTO chats (a) VALUES (1) ON CONFLICT DO NOTHING").tables == set()
    assert lock_of("INSERT INTO chats (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2").tables == {"chats"}
