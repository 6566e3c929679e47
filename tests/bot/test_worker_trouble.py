"""The worker in trouble: poison, refusals of the store, late arrivals, hanging handlers."""

import asyncio
import threading

from holdline.bot.intake.worker import Worker, WorkerLimits
from holdline.bot.work import Work
from holdline.store.clock import ManualClock
from holdline.store.engine import TRIES, Store
from holdline.store.engines.postgres import CONNECTIONS
from holdline.store.errors import StoreConflict, StoreUnavailable
from holdline.store.intake import inbox
from holdline.store.tx import Tx
from tests.bot.inbox_kit import (
    Json,
    effects,
    good,
    keep,
    noted,
    rows,
    settle,
    states,
    text,
)


async def test_a_poison_update_is_quarantined_and_others_are_handled(
    store: Store, clock: ManualClock
) -> None:
    async def feed(raw: Json, work: Work) -> None:
        if work.update_id == 3:
            raise ValueError("Anna's secret")
        await good(raw, work)

    await keep(store, *(text(n, chat=11 + n % 2) for n in range(1, 9)))
    await settle(Worker(store, feed), clock)
    found = await rows(store)
    assert found[3]["state"] == "quarantined"
    assert found[3]["attempts"] == 3
    assert "ValueError" in found[3]["reason"]
    assert "Anna" not in found[3]["reason"]
    assert await effects(store) == [1, 2, 4, 5, 6, 7, 8]


async def test_a_failing_update_delays_its_own_sender_only_and_keeps_its_order(
    store: Store, clock: ManualClock
) -> None:
    tries: list[int] = []

    async def feed(raw: Json, work: Work) -> None:
        tries.append(work.update_id)
        if work.update_id == 1 and tries.count(1) < 3:
            raise RuntimeError
        await good(raw, work)

    await keep(store, text(1), text(2), text(3, chat=22))
    worker = Worker(store, feed)
    await worker.tick()
    assert await states(store) == {1: "new", 2: "new", 3: "done"}
    await settle(worker, clock)
    assert tries == [1, 3, 1, 1, 2]
    assert await effects(store) == [1, 2, 3]


async def test_an_unreadable_update_is_set_aside_at_once(store: Store) -> None:
    await keep(store, text(1), text(2))
    await store.act(lambda tx: tx.run("UPDATE inbox SET raw = :raw WHERE update_id = 1", raw="[" * 5000))
    await Worker(store, good).tick()
    found = await rows(store)
    assert (found[1]["state"], found[1]["attempts"]) == ("quarantined", 1)
    assert "cannot be decoded" in found[1]["reason"]
    assert await effects(store) == [2]


async def test_a_quarantine_is_reported_in_its_own_transaction(store: Store) -> None:
    def tell(tx: Tx, claim: inbox.InboxJob, reason: str) -> None:
        noted(tx, update_id=claim.update_id)

    def broken(tx: Tx, claim: inbox.InboxJob, reason: str) -> None:
        noted(tx, update_id=claim.update_id)
        raise RuntimeError

    for number, teller in ((1, tell), (2, broken)):
        await keep(store, text(number))
        await store.act(lambda tx: tx.run("UPDATE inbox SET raw = '{' WHERE state = 'new'"))
        await Worker(store, good, report_quarantined=teller).tick()
    assert await states(store) == {1: "quarantined", 2: "quarantined"}
    assert await effects(store) == [1]


async def test_an_unavailable_store_costs_no_attempt(store: Store, clock: ManualClock) -> None:
    away = [True]

    def use_case(tx: Tx, update_id: int) -> None:
        if away[0]:
            raise StoreUnavailable("disk full")
        noted(tx, update_id=update_id)

    async def hushing(raw: Json, work: Work) -> None:
        try:
            await work.act(use_case, work.update_id)
        except StoreUnavailable:
            return

    async def honest(raw: Json, work: Work) -> None:
        await work.act(use_case, work.update_id)

    await keep(store, text(1), text(2, chat=22))
    for feed in (hushing, honest) * 3:
        await Worker(store, feed).tick()
        clock.advance(1)
        found = await rows(store)
        assert {(row["state"], row["attempts"]) for row in found.values()} == {("new", 0)}
    away[0] = False
    await Worker(store, honest).tick()
    assert await effects(store) == [1, 2]


async def test_lock_conflicts_never_quarantine_an_update(store: Store, clock: ManualClock) -> None:
    """Its chat keeps its order meanwhile, and it looks again further and further apart."""
    meetings = [4 * TRIES]

    def use_case(tx: Tx, update_id: int) -> None:
        if update_id == 1 and meetings[0]:
            meetings[0] -= 1
            raise StoreConflict("deadlock detected")
        noted(tx, update_id=update_id)

    async def feed(raw: Json, work: Work) -> None:
        await work.act(use_case, work.update_id)

    await keep(store, text(1), text(2), text(3, chat=22))
    worker = Worker(store, feed)
    looks = 0
    while meetings[0]:
        await worker.tick()
        assert await states(store) == {1: "new", 2: "new", 3: "done"}
        clock.advance(1)
        looks += 1
    assert looks > 4  # after a second, two, four
    await settle(worker, clock)
    assert await effects(store) == [1, 2, 3]
    assert {row["attempts"] for row in (await rows(store)).values()} == {1}


async def test_waiting_for_the_store_does_not_count_as_slowness_of_the_update(store: Store) -> None:
    """Its time is over while other units have every connection: it never had its turn."""
    busy, go_on = threading.Semaphore(0), threading.Event()
    connections = CONNECTIONS if store.engine.name == "postgres" else 1

    def occupies(tx: Tx) -> None:
        busy.release()
        go_on.wait(10)

    async def feed(raw: Json, work: Work) -> None:
        for _ in range(connections):
            others.create_task(store.act(occupies))
        for _ in range(connections):
            await asyncio.to_thread(busy.acquire)
        try:
            await work.act(noted, update_id=work.update_id)
        finally:
            go_on.set()

    await keep(store, text(1))
    async with asyncio.TaskGroup() as others:
        await Worker(store, feed, limits=WorkerLimits(limit_seconds=0.5)).tick()
    row = (await rows(store))[1]
    assert row["reason"] is None
    assert (row["state"], row["attempts"]) in {("new", 0), ("done", 1)}  # SQLite runs what waits all the same


async def test_an_earlier_update_that_comes_late_goes_first(store: Store, clock: ManualClock) -> None:
    order: list[int] = []

    async def feed(raw: Json, work: Work) -> None:
        if work.update_id == 105 and not order:
            await keep(store, text(104))
        order.append(work.update_id)
        await good(raw, work)

    await keep(store, text(105))
    await settle(Worker(store, feed), clock)
    assert order == [105, 104, 105]
    assert await effects(store) == [104, 105]
    assert (await rows(store))[105]["attempts"] == 1


async def test_an_error_after_the_act_changes_nothing(store: Store) -> None:
    async def feed(raw: Json, work: Work) -> None:
        await good(raw, work)
        raise ValueError

    await keep(store, text(1), text(2))
    await Worker(store, feed).tick()
    assert await states(store) == {1: "done", 2: "done"}


async def test_a_hanging_handler_is_stopped_and_counted(store: Store, clock: ManualClock) -> None:
    async def feed(raw: Json, work: Work) -> None:
        if work.update_id == 1:
            await asyncio.Event().wait()
        await good(raw, work)

    await keep(store, text(1), text(2), text(3, chat=22))
    await settle(Worker(store, feed, limits=WorkerLimits(limit_seconds=0.05)), clock)
    found = await rows(store)
    assert (found[1]["state"], found[1]["reason"]) == ("quarantined", "its handler took longer than 0.05 s")
    assert await effects(store) == [2, 3]


async def test_an_sql_error_is_counted_and_does_not_affect_the_shared_commit(
    store: Store, clock: ManualClock
) -> None:
    """It is the query that is wrong, not the database that is away: waiting would not mend it."""

    async def feed(raw: Json, work: Work) -> None:
        if work.update_id == 1:
            await work.act(lambda tx: tx.all("SELECT nothing FROM nowhere"))
        await good(raw, work)

    await keep(store, text(1), *(text(n, chat=20 + n) for n in range(2, 12)))
    await settle(Worker(store, feed), clock)
    assert (await rows(store))[1]["state"] == "quarantined"
    assert await effects(store) == list(range(2, 12))
