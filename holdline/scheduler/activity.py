"""The log line that shows that the desk is working. It contains counts only."""

import logging

from holdline.desk.health.activity import Activity, activity
from holdline.store.engine import Store

log = logging.getLogger("holdline.desk")

TURN_SECONDS = 60.0
QUIET_TURNS = 60
"""After so many quiet turns a line is written all the same: once an hour."""


class ActivityLog:
    """Writes a line for each minute with messages, and one an hour without any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._before: Activity | None = None
        self._quiet = 0

    async def write_line(self) -> int:
        """Returns 1 if a line was written. Counts from before the start are not reported."""
        before, now = self._before, await self._store.read(activity, since=self._before)
        self._before = now
        if before is None:
            return 0
        self._quiet = 0 if now.received or now.sent else self._quiet + 1
        if self._quiet % QUIET_TURNS:
            return 0
        log.info(
            "at work: %d messages came from customers, %d went to them; %d updates and %d messages wait, "
            "%d customers wait for an answer",
            now.received,
            now.sent,
            now.updates_waiting,
            now.messages_waiting,
            now.inbox_items_new,
        )
        return 1
