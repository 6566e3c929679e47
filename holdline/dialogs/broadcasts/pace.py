"""How fast a broadcast goes, and how long it will take."""

from datetime import datetime
from math import ceil

from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastFigures, BroadcastStatus

MEASURED_SECONDS = 5.0
"""The pace is that of so many seconds at least: a shorter look jumps."""


def new_pace(sent: int, seconds: float) -> float | None:
    """Messages a second; None where the look was too short to say."""
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
    """None where nobody can say: it is paused, has not begun, or there is no limit and nothing was measured yet.

    Who waits for a dialog to close is not counted; whose clock has not come so far is waited for.
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
