"""The sender's window over all chats, kept at the pace that the last floods have left."""

from holdline.desk.delivery.pace import current_pace
from holdline.store.engine import Store
from holdline.telegram.pacing import RateWindow

LOOK_SECONDS = 1.0
"""A flood freezes everything for longer than that, so the lowered pace is known before the next call."""


class StoredPaceWindow(RateWindow):
    """A window whose pace is read from the store: a restart and a standby obey what their forerunner was told."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.rules.per_second)
        self._store = store
        self._look_at = float("-inf")

    async def look(self, now: float) -> None:
        """At most once in `LOOK_SECONDS`; before anything is begun."""
        if now >= self._look_at:
            self.per_second = await self._store.read(current_pace)
            self._look_at = now + LOOK_SECONDS
