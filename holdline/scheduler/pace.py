"""The sender's rate window over all chats, lowered after floods."""

from holdline.desk.delivery.pace import PaceNow, pace_now
from holdline.store.engine import Store
from holdline.telegram.pacing import RateWindow

LOOK_SECONDS = 1.0
"""A flood freezes everything for longer than that, so the lowered rate is known before the next call."""


class StoredPaceWindow(RateWindow):
    """A rate window whose rate is read from the store, so that a restarted or standby process keeps a lowered rate.

    A second window is for paid calls. It is open while a broadcast may pay, and floods lower it by the same share.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store.rules.per_second)
        self._store = store
        self._look_at = float("-inf")
        self._paid = RateWindow(0)

    async def look(self, now: float) -> None:
        """Reads the rate, at most once in `LOOK_SECONDS`. Call it before starting anything."""
        if now >= self._look_at:
            pace: PaceNow = await self._store.read(pace_now)
            self.per_second, self._paid.per_second = pace.per_second, pace.paid
            self._look_at = now + LOOK_SECONDS

    def room_for_paid(self, now: float) -> int:
        """How many paid calls may start now."""
        return self._paid.room(now) if self._paid.per_second > 0 else 0

    def take_paid(self, now: float, calls: int) -> None:
        self._paid.take(now, calls)
