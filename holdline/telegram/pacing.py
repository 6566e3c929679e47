"""How soon a chat may be called again, by the limits in the Bots FAQ.

One message a second in a chat, twenty operations a minute in a group (edits, topics and each part of an album count
there too). After a pause a group may get a few operations at once. 0 means no limit.
"""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from holdline.dialogs.rules import DeskRules

MARGIN = 1.05
MINUTE = timedelta(seconds=60.5)
EDIT_SHARE = 3  # in a private chat an edit weighs a third of a message
GROUP_BURST = 4  # operations at once in a group that was quiet; then one a second
NO_RECORD = 1000  # a higher limit a minute is not counted call by call
CARD_PAUSE = timedelta(seconds=2)  # between two updates of the counts on a card
NAME_PAUSE = timedelta(seconds=30)  # between two renames of a topic
CUSTOMERS_SHARE = 0.3  # of a group's minute; a customer who has used it waits between messages
EVEN_SHARES = 2.5  # factor of that pause: then one customer gets less than half of the minute
SCARCE = 20  # operations a minute, as Telegram allows in a group: at this limit the pauses are not shortened
SLOWER = 0.7  # the share of the pace left after a flood of the whole bot
CLEAN = timedelta(minutes=1)  # without a 429, after which the pace rises by one call a second

NO_LIMIT = 1_000_000
CATCH_UP = 0.1  # seconds of delay that marketing may make up for
ROUNDING = 1e-6
KEPT_ONE_OF = 30  # calls a second: one of them is not used by marketing, so that a reply can start at once
BROADCASTS_SHARE = 4  # one of so many marketing calls goes to a broadcast, even if more urgent ones wait

Micros = int
_MICROSECOND = timedelta(microseconds=1)


def call_pause(rules: DeskRules, *, edit: bool = False) -> timedelta:
    """The pause after one operation in one chat."""
    if rules.per_chat_per_second <= 0:
        return timedelta(0)
    pause = timedelta(seconds=MARGIN / rules.per_chat_per_second)
    return pause / EDIT_SHARE if edit else pause


def group_pause(
    recent: Sequence[Micros],
    at: datetime,
    now: Micros,
    rules: DeskRules,
    *,
    parts: int = 1,
    burst: int = GROUP_BURST,
) -> tuple[datetime, list[Micros]]:
    """When a group may be called again after an operation at `now`, and the operations to remember.

    An album counts as its `parts`; `burst`: how many calls may follow each other without a pause.
    """
    if not _is_counted(rules):
        return at + call_pause(rules), []
    most = int(rules.group_per_minute)
    stamp = max(now, recent[-1] + 1) if recent else now  # equal stamps are the parts of one album
    window = [*recent, *[stamp] * parts][-most:]
    soonest = max(at, at + (_burst_free_at(window, call_pause(rules), burst) - now) * _MICROSECOND)
    if len(window) < most:
        return soonest, window
    free_again = at + (window[0] - now) * _MICROSECOND + MINUTE
    return max(soonest, free_again), window


def customers_share(rules: DeskRules) -> int | None:
    """How many messages of one customer a group gets in a minute without a pause; None without a limit."""
    return max(1, int(rules.group_per_minute * CUSTOMERS_SHARE)) if _is_counted(rules) else None


def pause_of_customer(rules: DeskRules) -> timedelta:
    """The pause between further messages of that customer; messages of other customers do not wait for it."""
    return MINUTE / rules.group_per_minute * EVEN_SHARES


def album_pause(
    recent: Sequence[Micros], at: datetime, now: Micros, rules: DeskRules, *, parts: int
) -> datetime:
    """When the group's minute has room for all parts of an album; a larger album waits for an empty minute."""
    if not _is_counted(rules):
        return at
    most = int(rules.group_per_minute)
    over = len(recent) + min(parts, most) - most
    return max(at, at + (recent[over - 1] - now) * _MICROSECOND + MINUTE) if over > 0 else at


def aside_pause(recent: Sequence[Micros], at: datetime, now: Micros, rules: DeskRules) -> datetime:
    """When the group's minute has half of its operations free besides this one."""
    return album_pause(recent, at, now, rules, parts=1 + int(rules.group_per_minute) // 2)


def is_limited(rules: DeskRules) -> bool:
    """Whether a chat ever has to wait between calls."""
    return rules.per_chat_per_second > 0 or _is_counted(rules)


def _is_counted(rules: DeskRules) -> bool:
    return 0 < int(rules.group_per_minute) <= NO_RECORD


def _burst_free_at(calls: Sequence[Micros], pause: timedelta, burst: int) -> Micros:
    """When a bucket of `burst` calls, refilled by one each `pause`, has a call free. An album's parts count as one
    call.
    """
    step, empty_at = pause // _MICROSECOND, 0
    for moment in sorted(set(calls)):
        empty_at = max(empty_at, moment) + step
    return empty_at - (burst - 1) * step


def collapse_delay(pause: timedelta, rules: DeskRules) -> timedelta:
    """How long changes of one view are collected before it is edited: shorter if a group allows more operations a
    minute.
    """
    if rules.group_per_minute <= 0:
        return timedelta(0)
    return pause * min(1.0, SCARCE / rules.group_per_minute)


def broadcasts_share(started: int, room: int) -> int:
    """How many of the next `room` marketing calls are reserved for broadcasts, after `started` earlier ones."""
    return (started + room) // BROADCASTS_SHARE - started // BROADCASTS_SHARE


def current_pace(most: float, *, pace_left: float | None, flood_at: datetime | None, at: datetime) -> float:
    """Calls a second over all chats: what floods have left, plus one for each clean minute, at most `most`."""
    if most <= 0 or pace_left is None or flood_at is None:
        return most
    return min(most, pace_left + max(0, (at - flood_at) // CLEAN))


def lower_pace(before: float) -> float:
    """The pace that a flood of the whole bot leaves: at least one call a second, unless it was slower before."""
    return max(min(before, 1.0), before * SLOWER)


class RateWindow:
    """Calls in the last second over all chats; in memory only, because a restart takes longer than a second.

    `now` is any monotonic clock in seconds. `per_second` may be changed at any time. Marketing may use all but one of
    thirty calls, spread evenly. Other messages go first and find that call free.
    """

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._calls: deque[tuple[float, int]] = deque()
        self._count = 0
        self._marketing_at = float("-inf")
        """When the next marketing call would be due if none was ever late."""

    def room(self, now: float) -> int:
        """How many calls may start now."""
        if self.per_second <= 0:
            return NO_LIMIT
        while self._calls and self._calls[0][0] <= now - MARGIN:
            self._count -= self._calls.popleft()[1]
        return max(0, max(1, int(self.per_second)) - self._count)

    def room_for_marketing(self, now: float) -> int:
        """How many of these may be marketing calls."""
        if self.per_second <= 0:
            return NO_LIMIT
        due = (now - self._next_marketing(now)) / self._marketing_pause + ROUNDING
        kept = int(self.per_second // KEPT_ONE_OF)
        return max(0, min(self.room(now) - kept, int(due + 1)))

    def seconds_until_marketing(self, now: float, started: int) -> float:
        """How many seconds marketing waits after `started` more calls; 0 without a limit."""
        if self.per_second <= 0:
            return 0.0
        return max(0.0, self._next_marketing(now) + started * self._marketing_pause - now)

    def take(self, now: float, calls: int, *, marketing: int = 0) -> None:
        """Records calls at `now`; `marketing` of the `calls` are marketing calls."""
        if calls:
            self._calls.append((now, calls))
            self._count += calls
        if marketing and self.per_second > 0:
            self._marketing_at = self._next_marketing(now) + marketing * self._marketing_pause

    def seconds_until_room(self, now: float) -> float:
        """0 when a call may start at once."""
        if self.room(now) or not self._calls:
            return 0.0
        return max(0.0, self._calls[0][0] + MARGIN - now)

    @property
    def _marketing_pause(self) -> float:
        return MARGIN / max(1.0, self.per_second)

    def _next_marketing(self, now: float) -> float:
        """When the next marketing call is due. Slightly late calls are made up for, so that a slow loop does not lower
        the pace.
        """
        return max(self._marketing_at, now - max(CATCH_UP, self._marketing_pause))
