"""T36: what a start, the chores and `holdline doctor` ask grows with the rows, not with their square.

Counted are the instructions of SQLite's virtual machine: they are the same on every machine, idle or busy.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from shutil import copy
from typing import Any

from holdline.desk.people.managers import get_acting_manager
from holdline.desk.settings.lists import add_to_list, ensure_lists
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.sender import Sender
from holdline.scheduler.timers import chores_of
from holdline.store.clock import ManualClock
from holdline.store.clock_steps import correct_stored_times
from holdline.store.crowd import settle_piece
from holdline.store.engine import Store
from holdline.store.engines.hosted_connection import HostedConnection
from holdline.store.engines.sqlite import SqliteEngine
from holdline.store.invariants import INVARIANTS
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Skip
from tests.conftest import BOT
from tests.faults.figures import Figures, report

FEW, MANY = 1000, 4000
"""Dialogs, ten for each customer."""
LARGEST_GROWTH = 1.6 * MANY / FEW
"""A search in a tree that is a level deeper costs more, and so does sorting; the square would be 16."""
STEPS_AT_ONCE, UNCOUNTED = 10, 5_000
MANAGER = 500_000_001
QUEUED = (
    """INSERT INTO outbox (bot_id, chat_id, stream, class, kind, key, payload_json, customer_id, message_id, due_at,
                           status, attempts, created_at, audience)
       SELECT ch.bot_id, ch.chat_id, 'dialog', 'reply', 'message', 'waits-' || ch.chat_id, '{}',
              ch.customer_id, (SELECT MAX(m.id) FROM messages m WHERE m.customer_id = ch.customer_id), :at,
              'queued', 0, :at, 'customer'
       FROM chats ch WHERE ch.bot_id = :bot AND ch.customer_id IS NOT NULL""",
    "UPDATE messages SET status = 'queued' WHERE bot_id = :bot AND id IN (SELECT message_id FROM outbox)",
    """INSERT INTO waiting_chats (bot_id, chat_id, stream, due_at)
       SELECT bot_id, chat_id, stream, :at + 3600000000 FROM outbox WHERE bot_id = :bot""",
)


async def test_the_work_of_a_start_of_chores_and_of_the_doctor_grows_with_the_rows(
    tmp_path: Path, sqlite_template: Path
) -> None:
    few, many = [await steps(tmp_path / f"{size}.db", sqlite_template, size) for size in (FEW, MANY)]
    grown = {name: many[name] / max(few[name], UNCOUNTED) for name in many}
    worst = max(grown, key=lambda name: grown[name])
    broken = {name: round(ratio, 1) for name, ratio in grown.items() if ratio > LARGEST_GROWTH}
    report(Figures(tried=len(grown), broken=len(broken), note=f"{worst} grew x{grown[worst]:.1f}"))
    assert few["start"] > UNCOUNTED
    assert broken == {}


async def steps(path: Path, template: Path, size: int) -> dict[str, int]:
    """The instructions for each task in a desk with so many dialogs, and one message in the queue of each customer."""
    copy(template, path)
    async with crowded(path, size) as store:
        found = {"start": await counted(store, lambda: store.act(correct_stored_times, None))}
        for rule in INVARIANTS:
            found[rule.name] = await counted(store, partial(store.read, partial(violations, sql=rule.sql)))
        sender = Sender(store, render=lambda tx, item: Skip("not sent here"), gateway=None)  # type: ignore[arg-type] # calls nobody
        for chore in chores_of(store, sender):
            found[f"chore {chore.name}"] = await counted(store, chore.do)
    return found


@asynccontextmanager
async def crowded(path: Path, size: int) -> AsyncIterator[Store]:
    store = Store(f"sqlite:///{path}", bot_id=BOT, rules=DeskRules(admins=(MANAGER,)), clock=ManualClock())
    await store.start()
    try:
        await store.act(prepare)
        await store.act(settle_piece, first=1, last=size, start=store.clock.now())
        for statement in QUEUED:
            await store.act(lambda tx, sql: tx.run(sql, bot=tx.bot_id, at=tx.at), statement)
        await store.act(lambda tx: tx.run("ANALYZE"))
        yield store
    finally:
        await store.close()


def violations(tx: Tx, *, sql: str) -> list[Row]:
    return tx.all(sql, at=tx.at)


def prepare(tx: Tx) -> None:
    ensure_lists(tx)
    get_acting_manager(tx, MANAGER)
    for tag in ("Late", "Broken"):
        add_to_list(tx, manager=None, kind="tags", name=tag)


async def counted(store: Store, task: Callable[[], Any]) -> int:
    """How many instructions all connections of the store need for it."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += STEPS_AT_ONCE
        return 0

    engine = store.engine
    assert isinstance(engine, SqliteEngine)
    connections = [each for each in (engine._writer, engine._slow_reader, *engine._readers) if each]
    for connection in connections:
        await connection.run_in_thread(partial(watch, connection, count))
    await task()
    for connection in connections:
        await connection.run_in_thread(partial(watch, connection, None))
    return steps


def watch(connection: HostedConnection, count: Callable[[], int] | None) -> None:
    connection.raw.set_progress_handler(count, STEPS_AT_ONCE)
