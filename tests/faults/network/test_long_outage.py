"""Telegram is down with a long queue: nothing is parked, probes are rare, memory stays flat, and the queue drains in
order at nearly the allowed pace.

`HOLDLINE_QUEUED=100000 HOLDLINE_DOWN_SECONDS=120` is the long form; on PostgreSQL a tenth as many are queued. The pace
is judged if `HOLDLINE_DRAIN_SECONDS` says for how long; otherwise some messages have to arrive.
"""

import asyncio
from collections import defaultdict
from pathlib import Path

import psutil
import pytest

from holdline.app.configuration import load_configuration
from holdline.app.open_store import open_store
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.gate import MessageClass
from holdline.sandbox import SEED_MANAGERS
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.faults.figures import Figures, get_size, report
from tests.faults.ledger import asked, engine_of
from tests.faults.scene import Scene, scene
from tests.faults.weather import everything

LEAST_QUEUED = 300
QUEUED, DOWN_SECONDS = get_size("HOLDLINE_QUEUED", LEAST_QUEUED), get_size("HOLDLINE_DOWN_SECONDS", 4)
DRAIN_SECONDS, LEAST_DRAINED = get_size("HOLDLINE_DRAIN_SECONDS", 0), 60
CUSTOMERS = get_size("HOLDLINE_CUSTOMERS", 100)
FIRST_CHAT = 520_000_001
PER_SECOND = 30.0
"""The pace that Telegram allows, and that a desk keeps unless it is told otherwise."""
MOST_GROWTH = 50 * 2**20
LEFT = "SELECT COUNT(*) FROM outbox WHERE stream = 'marketing' AND status = 'queued'"
MET = "SELECT COUNT(*) FROM customers"
SENT = "SELECT COUNT(*) FROM outbox WHERE stream = 'marketing' AND status = 'sent'"


@pytest.mark.row("O-03")
async def test_a_long_queue_waits_for_telegram_and_is_then_sent(tmp_path: Path, store_url: str) -> None:
    queued = QUEUED if engine_of(store_url) == "SQLite" else max(LEAST_QUEUED, QUEUED // 10)
    async with scene(tmp_path, store_url, 14, limits=True) as here:
        for number in range(CUSTOMERS):
            here.box.customer(FIRST_CHAT + number, first_name=f"Guest {number}", language_code="en")
            here.box.says(FIRST_CHAT + number, "/start")
        for admin in SEED_MANAGERS:  # who never wrote to the bot could not be told of the outage
            here.box.says(admin, "/start")
        here.start()
        await here.at_work()
        await here.until(
            lambda: asked(store_url, MET)[0][0] == CUSTOMERS, "everybody's first words", pause=0.2
        )
        await here.until_idle()
        process = psutil.Process(here.desk.pid) if here.desk else psutil.Process()
        before = process.memory_info().rss
        rule = everything(html="<html><h1>502 Bad Gateway</h1></html>")
        here.weather.rules.append(rule)
        await fill(here, queued)
        await here.until(here.weather.met.total, "a call that found nobody")
        await asyncio.sleep(DOWN_SECONDS)
        grown = process.memory_info().rss - before
        here.weather.rules.remove(rule)
        rate = await drain(here)
        grown = max(grown, process.memory_info().rss - before)
        await here.stopped()
        await here.examined()
        judge(here, queued, grown=grown, rate=rate)


async def fill(here: Scene, queued: int) -> None:
    """Messages of marketing for each customer in turn, as a program would queue them."""
    async with open_store(load_configuration(here.config), may_create=False) as store:
        await fill_store(store, queued)


async def fill_store(store: Store, queued: int) -> None:
    def accept(tx: Tx, numbers: range) -> None:
        for number in numbers:
            words = OutboundRequest(FIRST_CHAT + number % CUSTOMERS, MessageClass.FUNNEL, f"{number}")
            accept_outbound(tx, order=words)

    for first in range(0, queued, 200):
        await store.act(accept, range(first, min(first + 200, queued)))


async def drain(here: Scene) -> float:
    """Messages a second, from the first one after the outage on."""
    await here.until(lambda: arrived(here), "the first message after the outage")
    first = len(arrived(here))
    began = asyncio.get_running_loop().time()
    if DRAIN_SECONDS:
        await asyncio.sleep(DRAIN_SECONDS)
    else:
        await here.until(lambda: len(arrived(here)) >= first + LEAST_DRAINED, "the messages after it")
    return (len(arrived(here)) - first) / (asyncio.get_running_loop().time() - began)


def arrived(here: Scene) -> list[tuple[int, int]]:
    """Chat and number of each message, in their order."""
    return [
        (event["data"]["chat"]["id"], int(event["data"]["text"]))
        for event in here.box.tg.events.since(0)
        if event["kind"] == "message" and str(event["data"].get("text", "")).isdigit()
    ]


def judge(here: Scene, queued: int, *, grown: int, rate: float) -> None:
    seen, probes = arrived(here), here.weather.met["getMe"]
    by_chat = defaultdict(list)
    for chat, number in seen:
        by_chat[chat].append(number)
    disorder = [chat for chat, numbers in by_chat.items() if numbers != sorted(numbers)]
    kept = sum(int(asked(here.store_url, question)[0][0]) for question in (LEFT, SENT))
    report(
        Figures(
            tried=queued,
            lost=queued - kept,
            doubled=len(seen) - len(set(seen)),
            broken=len(disorder),
            seed=here.seed,
            note=f"{engine_of(here.store_url)}: {probes} probes and {here.weather.met['getUpdates']} polls"
            f" in {DOWN_SECONDS} s of outage,"
            f" memory +{grown / 2**20:.0f} MB, then {rate:.1f} messages a second of {PER_SECOND:g} allowed",
        )
    )
    assert (queued - kept, len(seen) - len(set(seen)), disorder) == (0, 0, [])
    assert asked(here.store_url, "SELECT id FROM outbox WHERE status = 'parked'") == []
    assert probes <= 6 + 2 * DOWN_SECONDS / 60
    assert grown < MOST_GROWTH
    assert rate > 0.5 * PER_SECOND or not DRAIN_SECONDS
