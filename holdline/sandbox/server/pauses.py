"""Pauses that end early when the server stops."""

from holdline.sandbox.bell import wait_for_ring
from holdline.sandbox.telegram import Telegram


async def pause(tg: Telegram, seconds: float) -> None:
    """Waits that long, or until the sandbox stops, so that a pause does not delay the stop."""
    ticket = tg.leaving.ticket()
    if not tg.closing:
        await wait_for_ring(ticket, seconds)
