"""Backups made under load, put back into an empty folder or another database: whole, on hold, nothing sent again."""

import asyncio
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from holdline.app.restores.file_swap import put_in_place, stage
from holdline.app.restores.watch import hold_if_copy
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.customers import customers
from holdline.desk.delivery.settle import settle_all
from holdline.desk.delivery.start import SendOptions, StartedCall, start_calls
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.restores.decision import decide_on_restored
from holdline.desk.restores.hold import current_hold
from holdline.desk.settings import lists
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.restores.hold import Verdict
from holdline.scheduler.restores import carry_out
from holdline.screens.render import render
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.engines.backup import write_backup
from holdline.store.invariants import find_violations
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Outcome, Sent
from tests.conftest import BOT
from tests.databases import Databases
from tests.kept_sessions import KeptSession

RUNS = int(os.environ.get("HOLDLINE_RESTORES", "3"))
PEOPLE = 12


class Telegram:
    """Which texts reached customers, and how often."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.numbers = iter(range(1000, 10**9))

    async def deliver(self, store: Store, limit: int = 10, *, loses: bool = False) -> int:
        """One round of the sender; `loses`: the process dies before it hears the answers."""
        options = SendOptions(1, "drill", render)
        begun = await store.act(start_calls, limit=limit, options=options)
        for one in begun:
            if one.chat_id < 400_000_000 and "text" in one.call.params:
                self.said[one.call.params["text"]] += 1
        if not loses:
            results: list[tuple[StartedCall, Outcome]] = [
                (one, Sent({"message_id": next(self.numbers)})) for one in begun
            ]
            await store.act(settle_all, results)
        return len(begun)


async def furnished(store: Store) -> tuple[Manager, list[int]]:
    """A manager and customers with active dialogs."""

    def unit(tx: Tx) -> tuple[Manager, list[int]]:
        lists.ensure_lists(tx)
        maria = managers.insert(tx, telegram_id=400000077, name="Maria", role="admin")
        people = [
            customers.get_or_create_customer(tx, sender=MessageSender(300_000_000 + n, f"Guest {n}")).id
            for n in range(PEOPLE)
        ]
        return maria, people

    maria, people = await store.act(unit)
    opened = []
    for customer_id in people:
        opening = Opening(customer_id=customer_id, title="Parcel")
        opened.append((await store.act(open_dialog, manager=maria, opening=opening)).id)
    return maria, opened


@asynccontextmanager
async def at_work(store: Store, clock: ManualClock, telegram: Telegram) -> AsyncIterator[list[str]]:
    """A desk whose manager writes all the time while the sender sends; the words that were written."""
    maria, dialogs = await furnished(store)
    written: list[str] = []
    over = asyncio.Event()

    async def write() -> None:
        while not over.is_set():
            words = f"words {len(written)}"
            content = Content(text=words, chat_id=maria.telegram_id, tg_message_id=len(written) + 1)
            dialog_id = dialogs[len(written) % PEOPLE]
            origin = Origin(chat_id=maria.telegram_id, tg_message_id=len(written) + 1)
            written.append(words)
            await store.act(
                write_in_dialog, manager=maria, dialog_id=dialog_id, content=content, origin=origin
            )

    async def send() -> None:
        while not over.is_set():
            clock.advance(0.2)
            await telegram.deliver(store, 5)

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        group.create_task(send())
        try:
            yield written
        finally:
            over.set()


async def proves(store: Store, clock: ManualClock, telegram: Telegram) -> None:
    """The restored desk sends nothing of before until it is released, then everything that never left, in order."""
    before = Counter(telegram.said)
    await hold_if_copy(store)
    hold = await store.read(current_hold)
    assert hold is not None and hold.total > 0
    assert await store.read(find_violations) == []
    for _ in range(20):
        clock.advance(1)
        await telegram.deliver(store)
    assert telegram.said == before, "sent again before a release"
    waiting = await store.read(_texts_waiting)
    assert waiting
    await store.act(decide_on_restored, verdict=Verdict.RELEASE)
    await carry_out(store)
    while await store.read(_texts_waiting):
        clock.advance(1)
        await telegram.deliver(store)
    again = telegram.said - before
    assert again == Counter(waiting), "a release sends each of them once"
    assert await store.read(find_violations) == []


def _texts_waiting(tx: Tx) -> list[str]:
    rows = tx.all(
        """SELECT m.text FROM outbox o JOIN messages m ON m.id = o.message_id
           WHERE o.audience = 'customer' AND o.kind = 'message' AND o.status IN ('queued', 'sending') ORDER BY o.id"""
    )
    return [row["text"] for row in rows]


async def test_a_file_backed_up_under_load_is_restored_into_an_empty_folder(
    tmp_path: Path, clock: ManualClock, sqlite_template: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "live.db")
    store, telegram = Store(f"sqlite:///{tmp_path}/live.db", bot_id=BOT, clock=clock), Telegram()
    dice = random.Random(17)
    backups = []
    await store.start()
    async with at_work(store, clock, telegram) as written:
        for number in range(RUNS):
            await asyncio.sleep(dice.uniform(0.05, 0.3))
            backup = tmp_path / f"backup-{number}.db"
            await asyncio.to_thread(write_backup, tmp_path / "live.db", backup)
            backups.append(backup)
    await store.close()
    assert len(written) > RUNS
    for number, backup in enumerate(backups):
        target = tmp_path / f"machine-{number}" / "holdline.db"
        put_in_place(stage(backup, target, BOT), target, datetime.now(UTC))
        restored = Store(f"sqlite:///{target}", bot_id=BOT, clock=clock)
        await restored.start()
        await proves(restored, clock, telegram)
        await restored.close()


async def test_the_desk_of_every_bot_in_a_file_is_put_on_hold_once(
    tmp_path: Path, clock: ManualClock, sqlite_template: Path
) -> None:
    live, target = tmp_path / "live.db", tmp_path / "holdline.db"
    shutil.copy(sqlite_template, live)
    with closing(sqlite3.connect(live, isolation_level=None)) as raw:
        for bot in (BOT, BOT + 1):
            raw.execute("INSERT OR IGNORE INTO bots VALUES (?, 'desk_bot', 0, 1)", (bot,))
    write_backup(live, tmp_path / "good.db")
    put_in_place(stage(tmp_path / "good.db", target, BOT), target, datetime.now(UTC))
    for is_first_start in (True, False):
        for bot in (BOT, BOT + 1):
            store = Store(f"sqlite:///{target}", bot_id=bot, clock=clock)
            await store.start()
            assert await hold_if_copy(store) is is_first_start
            assert await store.read(current_hold) is not None
            await store.close()


async def test_a_copy_of_a_postgresql_database_is_noticed(
    postgres_url: str, databases: Databases, clock: ManualClock
) -> None:
    """Copied by the server itself: the server of the tests brings no pg_dump of its own version."""
    store, telegram = Store(postgres_url, bot_id=BOT, clock=clock), Telegram()
    await store.start()
    await hold_if_copy(store)
    assert await store.read(current_hold) is None, "it remembers who it is"
    async with at_work(store, clock, telegram):
        await asyncio.sleep(0.3)
    await hold_if_copy(store)
    assert await store.read(current_hold) is None, "the original is no copy"
    await store.close()
    KeptSession.end_sessions(postgres_url)
    name = databases.create(postgres_url.partition("?")[0].rpartition("/")[2])
    try:
        restored = Store(databases.url_of(name), bot_id=BOT, clock=clock)
        await restored.start()
        await proves(restored, clock, telegram)
        await restored.close()
    finally:
        databases.drop(name)


async def test_tables_recreated_in_their_own_database_are_noticed(
    postgres_url: str, clock: ManualClock
) -> None:
    """As `pg_restore --clean` does: the rows say who the database is, but the table is another one."""
    store = Store(postgres_url, bot_id=BOT, clock=clock)
    await store.start()
    await hold_if_copy(store)
    await store.close()
    with psycopg.connect(postgres_url, autocommit=True) as raw:
        raw.execute("CREATE TABLE copied (LIKE restores INCLUDING ALL)")
        raw.execute("DROP TABLE restores")
        raw.execute("ALTER TABLE copied RENAME TO restores")
    store = Store(postgres_url, bot_id=BOT, clock=clock)
    await store.start()
    await hold_if_copy(store)
    assert await store.read(current_hold) is not None
    await store.close()
