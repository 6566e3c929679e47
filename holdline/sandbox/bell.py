"""Wakes waiting tasks; no signal is lost."""

import asyncio


class Bell:
    """Take a ticket, read the state, then wait with the ticket: it is set by the first ring after it was taken."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ticket(self) -> asyncio.Event:
        return self._event

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()


async def wait_for_ring(ticket: asyncio.Event, seconds: float | None) -> bool:
    """Whether the bell rang within `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await ticket.wait()
    except TimeoutError:
        return False
    return True
