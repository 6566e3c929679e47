"""The report as a file: whole however large, and never in anybody's way."""

import asyncio
import csv
from io import StringIO

from holdline.desk.reading.reports import PAGE
from holdline.web.routes.reports import MOST_WAITING
from tests.store.test_reading_much import long_reading
from tests.web.conftest import Api, error_of
from tests.web.crowd import crowd


async def test_several_callers_get_the_whole_report_at_once(api: Api) -> None:
    await api.store.act(crowd, many=2 * PAGE + 1, messages=1)
    answers = await asyncio.gather(*(api.call("GET", "/reports/dialogs.csv") for _ in range(3)))
    for answer in answers:
        rows = list(csv.DictReader(StringIO(answer.text)))
        assert len({row["id"] for row in rows}) == len(rows) == 2 * PAGE + 1
        assert {row["assignee"] for row in rows} == {"Maria"}


async def test_who_comes_when_many_wait_is_told_to_come_again(api: Api) -> None:
    async with long_reading(api.store):
        waiting = [
            asyncio.ensure_future(api.call("GET", "/reports/dialogs.csv")) for _ in range(MOST_WAITING)
        ]
        while api.store.heavy_reads_waiting < MOST_WAITING:
            await api.get("/dialogs")
        refused = await api.call("GET", "/reports/dialogs.csv")
        assert "Try again" in error_of(refused, 429, "throttled")["message"]
        assert int(refused.headers["retry-after"]) > 0
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}
    assert (await api.call("GET", "/reports/dialogs.csv")).status_code == 200


async def test_scraping_the_metrics_holds_up_nobody(api: Api) -> None:
    async with long_reading(api.store):
        scrapes = [asyncio.ensure_future(api.call("GET", "http://desk.test/metrics")) for _ in range(20)]
        while not api.store.heavy_reads_waiting:
            await api.get("/dialogs")
        await api.get("/dialogs")
        assert api.store.heavy_reads_waiting == 1
    assert {answer.status_code for answer in await asyncio.gather(*scrapes)} == {200}
