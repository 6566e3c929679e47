"""How many messages a key may send, and in which minute and day."""

from datetime import UTC, datetime, timedelta

import pytest

from holdline.dialogs.text.api_key import MOST_PER_WINDOW, NO_LIMITS, KeyLimits, valid_limits
from tests.dialogs.examples import refusal_of

AT = datetime(2026, 3, 1, 12, 34, 56, 789, tzinfo=UTC)
MINUTE, DAY = datetime(2026, 3, 1, 12, 34, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
ONE_MINUTE = ("minute", 5, MINUTE, MINUTE + timedelta(minutes=1))
ONE_DAY = ("day", 100, DAY, DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("limits", "windows"),
    [
        (NO_LIMITS, []),
        (KeyLimits(per_minute=5), [ONE_MINUTE]),
        (KeyLimits(per_day=100), [ONE_DAY]),
        (KeyLimits(5, 100), [ONE_MINUTE, ONE_DAY]),
    ],
)
def test_limits_count_by_clock_minute_and_day(
    limits: KeyLimits, windows: list[tuple[str, int, datetime, datetime]]
) -> None:
    assert limits.windows(AT) == windows


@pytest.mark.parametrize("most", [None, 1, MOST_PER_WINDOW])
def test_a_limit_in_the_range_is_accepted(most: int | None) -> None:
    assert valid_limits(most, None) == KeyLimits(most, None)
    assert valid_limits(None, most) == KeyLimits(None, most)


@pytest.mark.parametrize("most", [0, -1, MOST_PER_WINDOW + 1])
def test_a_limit_outside_the_range_is_refused(most: int) -> None:
    assert refusal_of(lambda: valid_limits(most, None))[0] == "per-minute"
    field, mend, _ = refusal_of(lambda: valid_limits(1, most))
    assert field == "per-day" and "from 1 to 10000000" in mend
