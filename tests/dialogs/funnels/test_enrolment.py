"""Where a customer stands in a funnel, and how they came in."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from holdline.dialogs.funnels.course import FunnelPosition, position_now
from holdline.dialogs.funnels.definition import ClosedEntry
from holdline.dialogs.funnels.enrolment import Enrolment, Funnel
from tests.dialogs.funnels.test_course import NOW, read, say

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("entry", "reason", "type_", "fits"),
    [
        (ClosedEntry(), None, "Support", True),
        (ClosedEntry(reasons=("Solved",)), " solved ", "Support", True),
        (ClosedEntry(reasons=("Solved",)), None, "Support", False),
        (ClosedEntry(reasons=("Solved",)), "Spam", "Support", False),
        (ClosedEntry(types=("Refund", "support")), None, "Support", True),
        (ClosedEntry(types=("Refund",)), None, "Support", False),
        (ClosedEntry(("Solved",), ("Refund",)), "Solved", "Support", False),
        (ClosedEntry(("Solved",), ("Refund",)), "Spam", "Refund", False),
        (ClosedEntry(("Solved",), ("Refund",)), "Solved", "Refund", True),
    ],
)
def test_a_customer_with_a_closed_dialog_may_enter(
    entry: ClosedEntry, reason: str | None, type_: str, fits: bool
) -> None:
    assert entry.fits(reason=reason, type_=type_) is fits


FUNNEL = read({"until": "18:00"}, {"wait": "1h"}, say("a"))
EVENING = NOW.replace(hour=17)
"""18:00 in Warsaw."""


@pytest.mark.parametrize(
    ("position", "due_at", "zone", "starts_again"),
    [
        (FunnelPosition("0", "waiting"), EVENING, "Europe/Warsaw", False),
        (FunnelPosition("0", "waiting"), EVENING, "UTC", True),
        (FunnelPosition("0", "waiting"), EVENING + HOUR, "Europe/Warsaw", True),
        (FunnelPosition("0", "waiting"), None, "UTC", False),
        (FunnelPosition("0"), EVENING, "UTC", False),
        (FunnelPosition("1", "waiting"), EVENING, "UTC", False),
        (FunnelPosition("gone", "waiting"), EVENING, "UTC", False),
    ],
)
def test_a_time_of_day_is_in_the_customers_current_time_zone(
    position: FunnelPosition, due_at: datetime | None, zone: str, starts_again: bool
) -> None:
    expected = FunnelPosition(position.address) if starts_again else position
    assert position_now(FUNNEL, position, due_at, zone) == expected


def test_an_enrolment_runs_at_its_position() -> None:
    running = Enrolment(
        1, 2, 3, 1, 9, "running", "4", "asking", None, 1, None, None, "api", created_at=NOW, ended_at=None
    )
    assert running.is_running and not replace(running, state="done").is_running
    assert running.stands_at == FunnelPosition("4", "asking")
    assert Funnel(2, "Welcome", 1, 3, True, {}).as_object == {"type": "funnel", "id": 2, "title": "Welcome"}
