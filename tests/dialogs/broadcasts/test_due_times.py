"""When a broadcast by local time is due, and how fast it is sent."""

from datetime import UTC, datetime

import pytest

from holdline.dialogs.broadcasts.due_times import due_in_zone, first_moment, last_moment
from holdline.dialogs.broadcasts.pace import MEASURED_SECONDS, new_pace

TEN = datetime(2026, 3, 1, 10)
EARLY = datetime(2026, 2, 1, tzinfo=UTC)


def test_the_first_zone_is_a_day_ahead_of_the_last() -> None:
    assert first_moment(TEN) == datetime(2026, 2, 28, 20, tzinfo=UTC)
    assert last_moment(TEN) == datetime(2026, 3, 1, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "zone", "at", "due"),
    [
        (TEN, "Europe/Warsaw", EARLY, datetime(2026, 3, 1, 9, tzinfo=UTC)),
        (TEN, "Asia/Tokyo", EARLY, datetime(2026, 3, 1, 1, tzinfo=UTC)),
        (TEN, "UTC", datetime(2026, 3, 1, 11, tzinfo=UTC), datetime(2026, 3, 1, 11, tzinfo=UTC)),
        (
            TEN.replace(day=29, hour=2, minute=30),
            "Europe/Warsaw",
            EARLY,
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_broadcast_is_due_when_the_zone_reaches_its_time(
    local: datetime, zone: str, at: datetime, due: datetime
) -> None:
    assert due_in_zone(local, zone, at=at) == due


def test_a_pace_is_measured_long_enough() -> None:
    assert new_pace(100, MEASURED_SECONDS) == 20
    assert new_pace(100, MEASURED_SECONDS - 0.1) is None
