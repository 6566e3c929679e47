"""The speed of a broadcast, and the time it still needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastFigures, BroadcastStatus
from holdline.dialogs.marketing.customer_days import QuietHours, quiet_begin, quiet_end

MEASURED_SECONDS = 5.0
"""The pace is measured over at least this time, because shorter measurements fluctuate."""
_MOST_NIGHTS = 60
"""Further ahead an estimate says nothing."""


@dataclass(frozen=True, slots=True)
class PutOff:
    """So many recipients wait until then, because of their quiet hours or their cap: `reason` as in the API."""

    reason: str
    until: datetime
    number: int


def new_pace(sent: int, seconds: float) -> float | None:
    """Messages per second, or None if the measurement was too short."""
    return sent / seconds if seconds >= MEASURED_SECONDS else None


@dataclass(frozen=True, slots=True)
class Pacing:
    """What the time left depends on. `per_second` 0: there is no limit, and nothing was measured yet.

    `put_off` is in order of time. `last_due_at`: when the last recipient who is not in the outbox is due. `quiet` and
    `zone` are the desk's, and stand for those of customers who were not asked yet.
    """

    per_second: float
    put_off: Sequence[PutOff] = ()
    last_due_at: datetime | None = None
    quiet: QuietHours | None = None
    zone: str = "UTC"


def seconds_left(
    broadcast: Broadcast, figures: BroadcastFigures, pacing: Pacing, *, at: datetime
) -> int | None:
    """The estimate. None if it is paused or not started, or if there is no limit and nothing was measured yet.

    Recipients who wait for a dialog to close are not counted. Recipients whose local time has not come yet, who are in
    their quiet hours or had enough messages today, are counted from that moment.
    """
    if broadcast.status in (BroadcastStatus.DONE, BroadcastStatus.CANCELLED):
        return 0
    if broadcast.status is not BroadcastStatus.SENDING:
        return None
    if figures.waiting and not pacing.per_second:
        return None
    later = sum(each.number for each in pacing.put_off)
    end = _end_of_work(at, max(0, figures.waiting - later), pacing)
    for each in pacing.put_off:
        end = max(end, each.until) + timedelta(seconds=each.number / pacing.per_second)
    last = pacing.last_due_at
    return ceil((max(end, last) if last is not None else end).timestamp() - at.timestamp())


def _end_of_work(at: datetime, messages: int, pacing: Pacing) -> datetime:
    """When so many messages are sent, with a break in each of the desk's quiet hours."""
    if not messages:
        return at
    left, quiet, zone = timedelta(seconds=messages / pacing.per_second), pacing.quiet, pacing.zone
    if quiet is None:
        return at + left
    for _ in range(_MOST_NIGHTS):
        at = quiet_end(quiet, at, zone) or at
        begin = quiet_begin(quiet, at, zone)
        if at + left <= begin:
            break
        left, at = left - (begin - at), begin
    return at + left
