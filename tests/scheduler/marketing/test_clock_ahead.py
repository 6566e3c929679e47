"""A clock that was ahead put marketing off to a morning in the far future."""

from datetime import time

import pytest

from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.customer_days import QuietHours
from holdline.dialogs.rules import DeskRules
from tests.scheduler.conftest import Bench


@pytest.fixture
def rules() -> DeskRules:
    """The clock begins at midnight, UTC."""
    return DeskRules(quiet_hours=QuietHours(time(22), time(8)))


async def test_marketing_put_off_by_a_clock_a_year_ahead_is_sent_this_year(bench: Bench) -> None:
    await bench.add("sale", MessageClass.FUNNEL)
    bench.clock.jump(365 * 86_400)
    assert await bench.begin() == []
    bench.clock.jump(-365 * 86_400)
    assert await bench.begin() == [], "it is night"
    bench.clock.advance(8 * 3600 - 1)
    assert await bench.begin() == [], "it is still night"
    bench.clock.advance(1)
    (begun,) = await bench.begin()
    assert begun.call.params["text"] == "sale"
