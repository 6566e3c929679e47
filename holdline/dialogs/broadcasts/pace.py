"""The speed of a broadcast, and the time it still needs."""

from datetime import datetime
from math import ceil

from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastFigures, BroadcastStatus

MEASURED_SECONDS = 5.0
"""The pace is measured over at least this time, because shorter measurements fluctuate."""


def new_pace(sent: int, seconds: float) -> float | None:
    """Messages per second, or None if the measurement was too short."""
    return sent / seconds if seconds >= MEASURED_SECONDS else None


def seconds_left(
    broadcast: Broadcast,
    figures: BroadcastFigures,
    *,
    measured: float | None,
    most: float,
    last_due_at: datetime | None,
    at: datetime,
) -> int | None:
    """The estimate. None if it is paused or not started, or if there is no limit and nothing was measured yet.

    Recipients who wait for a dialog to close are not counted. Recipients whose local time has not come yet are.
    """
    if broadcast.status in (BroadcastStatus.DONE, BroadcastStatus.CANCELLED):
        return 0
    if broadcast.status is not BroadcastStatus.SENDING:
        return None
    pace = measured or most
    if figures.waiting and not pace:
        return None
    own = figures.waiting / pace if figures.waiting else 0
    due = (last_due_at - at).total_seconds() if last_due_at is not None else 0
    return ceil(max(own, due))
