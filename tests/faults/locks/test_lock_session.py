"""The database session that holds a leader's lock is cut while its process lives: no standby takes over."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg
import pytest

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.scheduler.leadership import Leadership
from holdline.scheduler.loops import supervise
from holdline.scheduler.sender import Sender
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.engines.instance_lock import instance_lock
from holdline.store.engines.leases import LEASE_SECONDS
from tests.conftest import BOT
from tests.faults.victims import FREE
from tests.scheduler.conftest import plain_render
from tests.scheduler.wire import FakeWire

LOCKS = (
    "SELECT pid, ((classid::bigint << 32) | objid::bigint) AS key FROM pg_locks WHERE locktype = 'advisory'"
    " AND mode = 'ExclusiveLock'"
)


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[Store]:
    store = Store(postgres_url, bot_id=BOT, rules=FREE)
    await store.start()
    yield store
    await store.close()


@pytest.fixture
async def first(store: Store) -> AsyncIterator[Leadership]:
    """It leads, and renews as long as the test lasts."""
    lead, over = Leadership(store, "sender"), asyncio.Event()
    await lead.take()
    async with asyncio.TaskGroup() as group:
        group.create_task(lead.keep(over))
        yield lead
        over.set()


@asynccontextmanager
async def standby(url: str) -> AsyncIterator[Leadership]:
    """Another process, as far as the database can tell, that waits for its turn."""
    store, stop = Store(url, bot_id=BOT, rules=FREE), asyncio.Event()
    await store.start()
    lead = Leadership(store, "sender", standby=True)
    async with asyncio.TaskGroup() as group:
        group.create_task(supervise("standby", lead.take, stop))
        await until(lambda: lead.waiting)
        yield lead
        stop.set()
    await lead.release()
    await store.close()


async def until(holds: Callable[[], bool], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if holds():
                return
            await asyncio.sleep(0.002)


def cut(url: str, *, everything: bool = False) -> None:
    """The server ends the sessions that hold a lock, or all of them; the processes live."""
    with psycopg.connect(url, autocommit=True) as admin:
        whose = "" if everything else f" AND pid IN (SELECT pid FROM ({LOCKS}) AS locks)"
        ended = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND pid <> pg_backend_pid(){whose}".encode()
        ).fetchall()
        assert ended


@contextmanager
def seat_kept_from_it(url: str) -> Iterator[None]:
    """Cuts the lock's session and has the lock until the block ends: the one before cannot have it back."""
    with psycopg.connect(url, autocommit=True) as rival, psycopg.connect(url, autocommit=True) as admin:
        row = admin.execute(LOCKS.encode()).fetchone()
        assert row is not None
        waiting = threading.Thread(target=rival.execute, args=(b"SELECT pg_advisory_lock(%s)", (row[1],)))
        waiting.start()
        while not admin.execute(b"SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            pass
        admin.execute("SELECT pg_terminate_backend(%s)", (row[0],))
        waiting.join()
        yield


async def said(store: Store, key: str) -> None:
    await store.act(
        outbox.add,
        [
            Outgoing(
                to=Address(1),
                item=BotText(""),
                class_=MessageClass.MANAGER,
                audience=Audience.CUSTOMER,
                key=key,
            )
        ],
    )


async def test_a_standby_does_not_take_over_from_a_process_that_lives(
    store: Store, first: Leadership, postgres_url: str
) -> None:
    async with standby(postgres_url) as second:
        for everything in (False, True, False):
            cut(postgres_url, everything=everything)
            await until(lambda: not first.held)
            await until(lambda: first.held)
            await asyncio.sleep(1.5)  # the standby has looked again
            assert second.waiting and not second.held
        assert first.held
    row = await store.read(lambda tx: tx.one("SELECT epoch FROM leases WHERE role = 'sender'"))
    assert row == {"epoch": first.epoch}


async def test_a_call_in_flight_of_a_living_process_is_not_settled_as_unknown(
    store: Store, first: Leadership, postgres_url: str
) -> None:
    wire = FakeWire()
    wire.gate = asyncio.Event()
    sender = Sender(store, render=plain_render, gateway=wire, lead=first)
    await said(store, "hello")
    async with standby(postgres_url) as second, asyncio.TaskGroup() as group:
        group.create_task(sender.tick())
        await until(lambda: bool(wire.calls))
        cut(postgres_url)
        await until(lambda: not first.held)
        await until(lambda: first.held)
        await asyncio.sleep(1.5)
        assert not second.held
        wire.gate.set()
    row = await store.read(lambda tx: tx.one("SELECT status, attempts, uncertain FROM outbox"))
    assert row == {"status": "sent", "attempts": 1, "uncertain": 0}


async def test_without_the_lock_no_call_is_started(
    store: Store, first: Leadership, postgres_url: str
) -> None:
    wire = FakeWire()
    sender = Sender(store, render=plain_render, gateway=wire, lead=first)
    await said(store, "hello")
    with seat_kept_from_it(postgres_url):
        await until(lambda: not first.held)
        await asyncio.sleep(1)
        assert await sender.tick() == 0 and wire.calls == []
    await until(lambda: first.held)
    assert await sender.tick() == 1


async def test_a_process_that_finds_the_lock_free_respects_the_claim_of_a_living_one(
    store: Store, first: Leadership, postgres_url: str
) -> None:
    other = instance_lock(store, "sender")
    for _ in range(20):  # the one that lives is quick, too
        with seat_kept_from_it(postgres_url):
            await until(lambda: not first.held)
        if await asyncio.to_thread(other.take):
            break
        await until(lambda: first.held)
    assert not await asyncio.to_thread(other.is_abandoned)
    await asyncio.to_thread(other.drop)
    await until(lambda: first.held)


async def test_a_stop_releases_the_lock_at_once(store: Store) -> None:
    first, second = Leadership(store, "sender"), Leadership(store, "sender")
    await first.take()
    await first.release()
    async with asyncio.timeout(LEASE_SECONDS / 2):
        await second.take()
    assert second.predecessor_is_dead, "its calls were over when it gave the lease back"
    await second.release()


async def test_a_released_lock_is_free_once_the_release_returns(store: Store) -> None:
    first, second = instance_lock(store, "sender"), instance_lock(store, "sender")
    for _ in range(25):
        assert await asyncio.to_thread(first.take)
        await asyncio.to_thread(first.drop)
        assert await asyncio.to_thread(second.take)
        await asyncio.to_thread(second.drop)
