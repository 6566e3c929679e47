"""kill -9 of the webhook loop while a receiver handles its requests: no event is lost.

`HOLDLINE_KILLS=100` runs a long campaign.
"""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from holdline.desk.customers.customers import get_or_create_customer
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.webhooks.webhooks import add_webhook
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.gate import MessageClass
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.store.tx import Row, Tx
from tests.conftest import BOT
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.forks import Forked
from tests.faults.ledger import engine_of
from tests.faults.victims import FREE, tell_webhooks_until_killed
from tests.local_server import serve_locally

KILLS = get_size("HOLDLINE_KILLS", 3)
EVENTS_A_KILL = 15
PATIENCE_SECONDS = 60.0
ANNA = MessageSender(telegram_id=510000001, name="Anna")


class Listener:
    """A slow receiver. `came` counts the requests for each event, by its id."""

    def __init__(self) -> None:
        self.url, self.came, self.dice = "", Counter[str](), random.Random(3)
        self.asked, self.answered = asyncio.Event(), asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        await request.read()
        self.came[request.headers["webhook-id"]] += 1
        self.asked.set()
        await asyncio.sleep(self.dice.uniform(0, 0.01))
        asyncio.get_running_loop().call_soon(self.answered.set)
        return web.Response()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    there = Listener()
    async with serve_locally(there.take, "/hook") as url:
        there.url = f"{url}/hook"
        yield there


def _happens(tx: Tx, times: int) -> None:
    """Each message supersedes the one before it, which makes one event for the webhook."""
    for _ in range(times):
        accept_outbound(
            tx,
            order=OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Only today", collapse_key="sale"),
        )


def _left(tx: Tx) -> int:
    row = tx.one("SELECT COUNT(*) AS n FROM webhook_deliveries WHERE status = 'queued'")
    return int(row["n"]) if row else 0


def _tries(tx: Tx) -> dict[str, Row]:
    """`status` and `attempts` of each event, by its id."""
    rows = tx.all("SELECT message_key, status, attempts FROM webhook_deliveries")
    return {row["message_key"]: row for row in rows}


@pytest.mark.row("M-16")
async def test_every_event_is_delivered_at_least_once_however_often_the_process_dies(
    store_url: str, listener: Listener, tmp_path: Path
) -> None:
    store = Store(store_url, bot_id=BOT, rules=FREE)
    await store.start()
    await store.act(get_or_create_customer, sender=ANNA)
    await store.act(add_webhook, url=listener.url, events=["outbound.ended"], active=True)
    await store.act(_happens, 1)
    dice, struck = random.Random(get_seed(5)), Counter[str]()
    for kill in range(KILLS):
        await store.act(_happens, EVENTS_A_KILL)
        moment = ("asked", "answered", "any moment")[kill % 3]
        listener.asked.clear()
        listener.answered.clear()
        process = Forked(tell_webhooks_until_killed, store_url, log=tmp_path / "teller.log")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await (listener.answered if moment == "answered" else listener.asked).wait()
        await asyncio.sleep(dice.uniform(0, 0.05) if moment == "any moment" else 0)
        process.kill()
        assert await process.ended(10) == -signal.SIGKILL, process.said()
        struck[moment] += 1
    process = Forked(tell_webhooks_until_killed, store_url, log=tmp_path / "teller.log")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left := await store.read(_left):
        assert time.monotonic() < deadline, (left, process.said())
        await asyncio.sleep(0.05)
    process.kill()
    await process.ended(10)
    tries, violations = await store.read(_tries), await store.read(find_violations)
    await store.close()
    again = listener.came.total() - len(listener.came)
    print(f"kills {dict(struck)}, {len(tries)} events, {again} told again")
    report(
        Figures(
            tried=KILLS,
            lost=len(set(tries) - set(listener.came)),
            doubled=sum(max(0, listener.came[key] - row["attempts"]) for key, row in tries.items()),
            broken=len(violations),
            seed=get_seed(5),
            note=f"webhooks on {engine_of(store_url)}: {again} of {len(tries)} events told again",
        )
    )
    assert len(tries) == KILLS * EVENTS_A_KILL
    assert set(tries) == set(listener.came), "an event was lost"
    assert {row["status"] for row in tries.values()} == {"sent"}
    assert all(listener.came[key] <= row["attempts"] for key, row in tries.items())
    assert again > 0, "no kill hit a request in hand"
    assert violations == []
