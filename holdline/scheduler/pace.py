"""The sender's rate window over all chats, lowered after floods."""

from holdline.desk.delivery.pace import current_pace
from holdline.store.engine import Store
from holdline.telegram.pacing import RateWindow

LOOK_SECONDS = 1.0
"""A flood freezes everything for longer than that, so the lowered rate is known before the next call."""


class StoredPaceWindow(RateWindow):
    """A rate window whose rate is read from the store, so that a restarted or standby process keeps a lowered rate."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.rules.per_second)
        self._store = store
        self._look_at = float("-inf")

    async def look(self, now: float) -> None:
        """Reads the rate, at most once in `LOOK_SECONDS`. Call it before starting anything."""
        if now >= self._look_at:
            self.per_second = await self._store.read(current_pace)
            self._look_at = now + LOOK_SECONDS
