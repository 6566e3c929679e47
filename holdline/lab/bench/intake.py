"""How fast updates are taken from Telegram: by polling and by webhook, compared with a bare aiogram bot."""

import asyncio
import time
from pathlib import Path

from holdline.lab.bench.processes import name_with_processes, run_desk, run_floor, until_awake, with_webhook
from holdline.lab.bench.scenario import Scenario
from holdline.lab.replay.stage_setup import TOKEN, DeskSetup, free_port
from holdline.sandbox import Sandbox, SandboxOptions
from holdline.sandbox.bell import wait_for_ring

UPDATES, CUSTOMERS, FIRST_CUSTOMER = 1_500, 50, 730_000_000
WAYS = ("polling", "webhook")
LOOK_SECONDS, PATIENCE_SECONDS = 0.002, 120.0
AIM = "at least 0.7 of the floor: an aiogram handler that answers from memory; here each is committed before"


async def measure(
    folder: Path,
    *,
    store: str | None,
    processes: int = 1,
    updates: int = UPDATES,
    ways: tuple[str, ...] = WAYS,
) -> list[Scenario]:
    """Updates a second, up to the moment at which the last waiting update is confirmed to Telegram. Both bots handle
    updates during that time. `store` names an empty database. Two processes serve no webhook.
    """
    found = []
    for way in ways if processes != 2 else ways[:1]:
        floor = await _floor(way, updates)
        (folder / way).mkdir()
        figure = await _desk(folder / way, way, store=store, processes=processes, updates=updates)
        found.append(
            Scenario(name_with_processes(f"intake_{way}", processes), figure, "updates/s", floor, AIM)
        )
    return found


async def _floor(way: str, updates: int) -> float:
    box = _box()
    async with box.serve() as url:
        polling = f"answer_polling({url!r}, {TOKEN!r})"
        webhook = f"answer_webhook({url!r}, {TOKEN!r}, {free_port()})"
        async with run_floor(webhook if way == "webhook" else polling):
            return await _rate(box, updates)


async def _desk(folder: Path, way: str, *, store: str | None, processes: int, updates: int) -> float:
    box = _box()
    async with box.serve() as url:
        setup = DeskSetup(url, free_port(), store)
        setup = with_webhook(setup) if way == "webhook" else setup
        async with run_desk(folder, setup, processes=processes):
            return await _rate(box, updates)


async def _rate(box: Sandbox, updates: int) -> float:
    """Updates a second of a bot that has just been started."""
    await until_awake(box, FIRST_CUSTOMER)
    await _until_confirmed(box)
    for number in range(updates):
        box.says(FIRST_CUSTOMER + number % CUSTOMERS, f"message {number}")
    began = time.perf_counter()
    await _until_confirmed(box)
    return updates / (time.perf_counter() - began)


def _box() -> Sandbox:
    return Sandbox(SandboxOptions(token=TOKEN, limits=False, check=False, calls_kept=2_000))


async def _until_confirmed(box: Sandbox) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while box.tg.updates.waiting:
            await wait_for_ring(box.tg.calls.bell.ticket(), LOOK_SECONDS)
