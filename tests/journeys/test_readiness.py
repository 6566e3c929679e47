"""The readiness probe states what is wrong, and when it is over."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.journeys.world import World


async def asked(world: World, path: str) -> httpx.Response:
    """Past the API: probes need no key."""
    return await world.api.get(str(world.api.base_url.copy_with(path=f"/{path}")))


async def becomes(world: World, ready: bool, words: str = "") -> None:
    """What the probe says, sooner or later."""
    told: dict[str, Any] = {}
    try:
        async with asyncio.timeout(30):
            while told.get("ready") is not ready or words not in " ".join(told["reasons"]):
                told = (await asked(world, "readyz")).json()
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"never {ready} with {words!r}: {told}") from None


@pytest.mark.row("O-07")
async def test_the_readiness_probe_fails_during_an_outage_and_recovers(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    await becomes(desk, True)
    thread = await desk.opened(anna)
    desk.box.faults.add("getMe", count=0, drop="before")
    desk.box.faults.add("sendMessage", match=f'"chat_id": {anna.id}', drop="before")
    maria.says("On its way", thread)
    await becomes(desk, False, "Telegram is out of reach since")
    text = (await asked(desk, "metrics")).text
    assert 'holdline_telegram_out_of_reach{why="outage"} 1.0' in text
    assert "On its way" not in anna.got()
    desk.box.faults.clear()
    await becomes(desk, True)
    await anna.gets("On its way")
    assert anna.got().count("On its way") == 1
