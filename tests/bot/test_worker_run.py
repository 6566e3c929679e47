"""The worker at work: wakes, stops, survives its own death, keeps each sender in order."""

import asyncio
import time

import pytest

from holdline.bot.intake.worker import Worker, WorkerLimits
from holdline.bot.work import Work
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.intake import inbox_jobs
from holdline.store.intake.backlog_watch import MANY, BacklogWatch
from tests.bot.inbox_kit import (
    Json,
    effects,
    eventually,
    good,
    has_effects,
    keep,
    rows,
    settle,
    text,
)


async def test_many_hanging_handlers_delay_no_other_sender(store: Store) -> None:
    began: dict[int, float] = {}

    async def feed(raw: Json, work: Work) -> None:
        if work.update_id < 40:
            await asyncio.Event().wait()
        await good(raw, work)
        began[work.update_id] = time.monotonic()

    await keep(store, *(text(n, chat=100 + n) for n in range(80)))
    worker = Worker(store, feed, limits=WorkerLimits(concurrency=8, brisk_seconds=0.05, grace_seconds=0))
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        await eventually(lambda: has_effects(store, 40))
        stop.set()
    assert await effects(store) == list(range(40, 80))


async def test_while_a_backlog_arrives_one_sender_is_handled_at_a_time(store: Store) -> None:
    at_once: list[int] = []
    begun: set[int] = set()

    async def feed(raw: Json, work: Work) -> None:
        begun.add(work.update_id)
        at_once.append(len(begun))
        await good(raw, work)
        begun.discard(work.update_id)

    await keep(store, *(text(n, chat=100 + n) for n in range(12)))
    store.backlog = BacklogWatch(lambda: 0.0)
    store.backlog.record(MANY)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(Worker(store, feed).run(stop))
        await eventually(lambda: has_effects(store, 12))
        stop.set()
    assert set(at_once) == {1}


async def test_a_bell_wakes_the_worker_and_a_stop_returns_unfinished_updates(store: Store) -> None:
    async def feed(raw: Json, work: Work) -> None:
        if work.update_id == 2:
            await asyncio.Event().wait()
        await good(raw, work)

    worker, stop = Worker(store, feed, limits=WorkerLimits(grace_seconds=0.05)), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        await keep(store, text(1), text(2), text(3))
        await eventually(lambda: has_effects(store, 1))
        stop.set()
    found = await rows(store)
    assert [(row["state"], row["attempts"]) for row in found.values()] == [
        ("done", 1),
        ("new", 0),
        ("new", 0),
    ]
    assert await store.read(inbox_jobs.find_interrupted) == []


async def test_updates_unfinished_at_a_crash_are_tried_alone_first(store: Store, clock: ManualClock) -> None:
    """Update 3 ends the process each time; 1, 2, 4 and 5 were being handled beside it."""
    at_work: set[int] = set()
    beside: list[set[int]] = []

    class Crash(BaseException):
        """Nothing after it runs, as in a killed process."""

    async def feed(raw: Json, work: Work) -> None:
        at_work.add(work.update_id)
        if work.update_id == 3:
            await asyncio.sleep(0)
            beside.append(set(at_work))
            raise Crash
        await asyncio.sleep(0.02)
        await good(raw, work)
        at_work.discard(work.update_id)

    await keep(store, *(text(n, chat=10 + n) for n in range(1, 6)))
    await store.act(inbox_jobs.claim_next, limit=16)  # the first process died right here
    for _ in range(2):
        at_work.clear()
        with pytest.raises(BaseExceptionGroup):
            await Worker(store, feed).tick()
    await settle(Worker(store, feed), clock)
    found = await rows(store)
    assert found[3]["state"] == "quarantined"
    assert beside == [{3}, {3}]
    assert await effects(store) == [1, 2, 4, 5]
    assert max(row["attempts"] for number, row in found.items() if number != 3) == 2


async def test_a_hanging_update_left_by_a_crash_does_not_stop_the_desk(store: Store) -> None:
    async def feed(raw: Json, work: Work) -> None:
        if work.update_id == 1:
            await asyncio.Event().wait()
        await good(raw, work)

    await keep(store, text(1))
    await store.act(inbox_jobs.claim_next, limit=16)
    await keep(store, text(2, chat=22))
    worker, stop = (
        Worker(store, feed, limits=WorkerLimits(alone_seconds=0.05, grace_seconds=0)),
        asyncio.Event(),
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        await eventually(lambda: has_effects(store, 1))
        stop.set()
    assert (await rows(store))[1]["state"] == "new"


async def test_each_of_many_updates_has_its_effect_once_and_in_order(store: Store) -> None:
    order: dict[int, list[int]] = {}

    async def feed(raw: Json, work: Work) -> None:
        await good(raw, work)
        order.setdefault(raw["message"]["chat"]["id"], []).append(work.update_id)

    numbers = range(400)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(Worker(store, feed).run(stop))
        for start in range(0, 400, 50):
            await keep(store, *(text(n, chat=1 + n % 23) for n in numbers[start : start + 50]))
        await eventually(lambda: has_effects(store, 400))
        stop.set()
    assert all(done == sorted(done) for done in order.values())
    assert sum(map(len, order.values())) == 400
