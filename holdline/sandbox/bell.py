"""Waking whoever waits for news, without a lost ring."""

import asyncio


class Bell:
    """`wait` returns at the next ring; take the ticket before looking, then wait on it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ticket(self) -> asyncio.Event:
        return self._event

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()


async def wait_for_ring(ticket: asyncio.Event, seconds: float | None) -> bool:
    """Whether the bell rang before the time was over."""
    try:
        async with asyncio.timeout(seconds):
            await ticket.wait()
    except TimeoutError:
        return False
    return True
