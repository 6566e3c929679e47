"""Bells wake loops: rung when a unit has done its work, by this process or (on PostgreSQL) by another."""

import asyncio


class Bells:
    """One bell a channel; a ring nobody waits for is kept until somebody does."""

    def __init__(self) -> None:
        self._bells: dict[str, asyncio.Event] = {}
        self._rings: dict[str, int] = {}

    def ring(self, channel: str) -> None:
        self._rings[channel] = self.rings(channel) + 1
        self._bell(channel).set()

    def rings(self, channel: str) -> int:
        """How often it was rung: for who remembers something until it changes."""
        return self._rings.get(channel, 0)

    async def wait(self, channel: str, seconds: float) -> bool:
        """True when rung, False when `seconds` went by; the ring is used up."""
        bell = self._bell(channel)
        try:
            await asyncio.wait_for(bell.wait(), seconds)
        except TimeoutError:
            return False
        bell.clear()
        return True

    def _bell(self, channel: str) -> asyncio.Event:
        return self._bells.setdefault(channel, asyncio.Event())
