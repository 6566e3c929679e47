"""The time that a broadcast still needs, including quiet hours."""

from datetime import UTC, datetime, time, timedelta

import pytest

from holdline.dialogs.broadcasts.audience_filter import EVERYBODY
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastFigures, BroadcastStatus
from holdline.dialogs.broadcasts.content import BroadcastContent
from holdline.dialogs.broadcasts.pace import Pacing, PutOff, seconds_left
from holdline.dialogs.marketing.customer_days import QuietHours

HOUR = 3600
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
NIGHT = QuietHours(time(22), time(8))


def left(waiting: int, at: datetime = NOON, *, status: str = "sending", **pacing: object) -> int | None:
    broadcast = Broadcast(1, BroadcastContent(()), EVERYBODY, BroadcastStatus(status), at, at)
    terms = Pacing(**{"per_second": 1.0, **pacing})  # type: ignore[arg-type]
    return seconds_left(broadcast, BroadcastFigures(waiting, sent=0), terms, at=at)


def put_off(hours: float, number: int, at: datetime = NOON) -> PutOff:
    return PutOff("quiet_hours", at + timedelta(hours=hours), number)


@pytest.mark.row("M-06")
@pytest.mark.parametrize(
    ("waiting", "pacing", "hours"),
    [
        (0, {}, 0),
        (2 * HOUR, {}, 2),
        (2 * HOUR, {"per_second": 2.0}, 1),
        (10 * HOUR, {"quiet": NIGHT}, 10),
        (11 * HOUR, {"quiet": NIGHT}, 11 + 10),
        (30 * HOUR, {"quiet": NIGHT}, 30 + 20),
        (HOUR, {"put_off": [put_off(20, HOUR)]}, 21),
        (3 * HOUR, {"put_off": [put_off(20, HOUR), put_off(20.5, HOUR)]}, 22),
        (5 * HOUR, {"put_off": [put_off(1, HOUR)]}, 5),
        (HOUR, {"last_due_at": NOON + timedelta(hours=14)}, 14),
    ],
)
def test_the_time_left_includes_recipients_put_off(
    waiting: int, pacing: dict[str, object], hours: float
) -> None:
    assert left(waiting, **pacing) == hours * HOUR


def test_the_time_left_at_night_includes_the_wait_until_morning() -> None:
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    assert left(HOUR, midnight, quiet=NIGHT) == 9 * HOUR
    assert left(HOUR, midnight, quiet=NIGHT, zone="Asia/Tokyo") == HOUR, "it is nine there"


def test_the_time_left_is_unknown_without_a_pace() -> None:
    assert left(1, per_second=0) is None
    assert left(0, per_second=0) == 0
    assert left(1, status="paused") is None
    assert left(1, status="done") == 0


def test_quiet_hours_that_leave_one_minute_a_day_still_give_an_estimate() -> None:
    minute = QuietHours(time(0, 1), time(0, 0))
    assert left(1_000_000, quiet=minute) is not None
