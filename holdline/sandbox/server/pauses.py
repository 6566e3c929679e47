"""Pauses that end when the server stops."""

from holdline.sandbox.bell import wait_for_ring
from holdline.sandbox.telegram import Telegram


async def pause(tg: Telegram, seconds: float) -> None:
    """That long, or until the sandbox leaves; a stop waits for nobody who only waits himself."""
    ticket = tg.leaving.ticket()
    if not tg.closing:
        await wait_for_ring(ticket, seconds)
