"""Many customers write into one staff group: a burst and a steady flow, measured up to the message at Telegram."""

import asyncio
import time
from pathlib import Path

from holdline.bot.gateway import Gateway
from holdline.lab.bench.scenario import Scenario, percentile
from holdline.lab.replay.stage import Stage
from holdline.lab.replay.stage_setup import open_stage
from holdline.sandbox.bell import wait_for_ring
from holdline.store.engine import Store
from holdline.store.screens import settings
from holdline.telegram.call import Call

CUSTOMERS, MESSAGES = 30, 300
FIRST_CUSTOMER = 710_000_000
STEADY_PER_SECOND, STEADY_MESSAGES = 26, 156


async def measure(folder: Path, *, store: str | None) -> list[Scenario]:
    """Messages per second of the burst, and the p50 of the flow in ms. `store` names an empty database."""
    async with open_stage(folder, store=store, seed=1) as stage:
        floor = await _floor(stage, folder)
        await _arrive(stage, [(FIRST_CUSTOMER + number, f"hello {number}") for number in range(CUSTOMERS)])
        burst = await _burst(stage)
        steady = await _steady(stage)
    aim = "at least 300 with PostgreSQL, 500 with SQLite; the floor is a commit and a call for each"
    flow = f"{STEADY_PER_SECOND} a second, from the customer to the group; the floor is a commit and a call"
    return [
        Scenario("burst_into_one_group", MESSAGES / burst, "messages/s", 1000 / percentile(floor, 0.5), aim),
        Scenario("steady_into_one_group_p50", percentile(steady, 0.5), "ms", percentile(floor, 0.5), flow),
    ]


async def _burst(stage: Stage) -> float:
    """Seconds until the last message has arrived in the group."""
    words = [(FIRST_CUSTOMER + number % CUSTOMERS, f"burst {number}") for number in range(MESSAGES)]
    started = time.perf_counter()
    arrived_at = await _arrive(stage, words)
    return max(arrived_at.values()) - started


async def _steady(stage: Stage) -> list[float]:
    """Milliseconds for each message."""
    took: list[float] = []
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:

        async def one(number: int) -> None:
            started, text = time.perf_counter(), f"steady {number}"
            arrived_at = await _arrive(stage, [(FIRST_CUSTOMER + number % CUSTOMERS, text)])
            took.append((arrived_at[text] - started) * 1000)

        started_at = loop.time()
        for number in range(STEADY_MESSAGES):
            group.create_task(one(number))
            await asyncio.sleep(max(0.0, started_at + (number + 1) / STEADY_PER_SECOND - loop.time()))
    return took


async def _arrive(stage: Stage, words: list[tuple[int, str]]) -> dict[str, float]:
    """Sends these messages and returns when each one arrived in the group, in perf_counter time."""
    journal, wanted, arrived_at = stage.box.tg.events, {text for _, text in words}, dict[str, float]()
    last = journal.last
    for customer, text in words:
        stage.box.says(customer, text)
    while True:
        ticket = journal.bell.ticket()
        for event in journal.since(last):
            last = event["seq"]
            message = event["data"]
            if event["kind"] != "message" or message["chat"]["id"] != stage.group:
                continue
            for text in wanted - arrived_at.keys():
                if message.get("text", "").endswith(text):
                    arrived_at[text] = time.perf_counter()
        if len(arrived_at) == len(wanted):
            return arrived_at
        await wait_for_ring(ticket, 30)


async def _floor(stage: Stage, folder: Path) -> list[float]:
    """Milliseconds of a commit followed by a call, one pair after another: the minimum for storing and sending."""
    took = []
    store = Store("sqlite:///floor.db", base=folder)
    await store.start()
    async with Gateway(stage.box.options.token, stage.url) as gateway:
        for number in range(CUSTOMERS):
            started = time.perf_counter()
            await store.act(settings.put, "bench", number)
            await gateway.send(Call("sendMessage", {"chat_id": stage.group, "text": f"floor {number}"}))
            took.append((time.perf_counter() - started) * 1000)
    await store.close()
    return took
