"""The report as a file: complete at any size, and without delaying other calls."""

import asyncio
import csv
from io import BytesIO, StringIO
from itertools import product
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.reading.reports import PAGE
from holdline.desk.settings import lists
from holdline.dialogs.message import Content
from holdline.dialogs.reports.kinds import THEMES, ReportKind
from holdline.screens.reports import files
from holdline.web.calls import MOST_WAITING
from tests.store.test_reading_much import long_reading
from tests.web.conftest import ANNA, Api, error_of
from tests.web.crowd import crowd


async def test_several_callers_get_the_whole_report_at_once(api: Api) -> None:
    await api.store.act(crowd, many=2 * PAGE + 1, messages=1)
    answers = await asyncio.gather(*(api.call("GET", "/reports/dialogs.csv") for _ in range(3)))
    for answer in answers:
        rows = list(csv.DictReader(StringIO(answer.text)))
        assert len({row["id"] for row in rows}) == len(rows) == 2 * PAGE + 1
        assert {row["assignee"] for row in rows} == {"Maria"}


async def test_a_call_is_refused_with_retry_after_if_many_wait(api: Api) -> None:
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


async def test_reading_the_metrics_delays_no_other_call(api: Api) -> None:
    async with long_reading(api.store):
        scrapes = [asyncio.ensure_future(api.call("GET", "http://desk.test/metrics")) for _ in range(20)]
        while not api.store.heavy_reads_waiting:
            await api.get("/dialogs")
        await api.get("/dialogs")
        assert api.store.heavy_reads_waiting == 1
    assert {answer.status_code for answer in await asyncio.gather(*scrapes)} == {200}


def sheet_of(content: bytes) -> list[list[Any]]:
    """The cells of a workbook, texts apart from numbers; a formula would be neither."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with ZipFile(BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{space}f"))
    return [
        [
            "".join(cell.itertext()) if cell.get("t") == "inlineStr" else float("".join(cell.itertext()))
            for cell in row
        ]
        for row in sheet.iter(f"{space}row")
    ]


async def a_day_at_work(api: Api) -> Any:
    """Anna asks, Maria answers in a dialog, tags it and closes it."""
    await api.store.act(lists.add_to_list, manager=None, kind="tags", name="=late")
    await api.store.act(receive_customer_message, sender=ANNA, content=Content(text="Where is it?"))
    dialog = await api.open("=1+1", type="Refund")
    by = {"manager_telegram_id": api.maria.telegram_id}
    await api.post(f"/dialogs/{dialog['id']}/messages", {**by, "text": "On its way"}, status=201)
    await api.call("PATCH", f"/dialogs/{dialog['id']}", {**by, "tags": ["=late"]})
    return await api.move(dialog, "close", customer_score=2, send_rating_form=True)


@pytest.mark.row("R-37")
async def test_every_report_as_json_in_the_shape_of_the_contract(api: Api) -> None:
    await a_day_at_work(api)
    assert await api.get("/reports/dialogs") == {
        "opened": 1,
        "closed": 1,
        "active": 0,
        "paused": 0,
        "overdue": 0,
        "customers": 1,
    }
    times = await api.get("/reports/times")
    counted = {clock: of["count"] for clock, of in times.items()}
    assert counted == {"first_response": 1, "next_response": 0, "resolution": 1}
    assert set(times["resolution"]) == {"count", "mean", "median", "p90"}
    rated = await api.get("/reports/satisfaction")
    assert (rated["answers"], rated["customer_score"]) == (0, {"count": 1, "mean": 2.0})
    assert set(rated["shares"]) == {"1", "2", "3"}
    gate = await api.get("/reports/gate")
    assert set(gate) == {"held", "released", "expired", "dropped", "median_hold", "smart_replies"}
    assert gate["smart_replies"] == {"given": 0, "dropped": 0, "helped": 0, "person": 0}
    assert (await api.get("/reports/sla"))["resolution"] == {"met": 0, "breached": 0, "kept": None}
    maria = {"telegram_id": api.maria.telegram_id, "name": "Maria", "replies": 1, "closed": 1}
    assert await api.get("/reports/managers") == {"items": [maria]}
    assert await api.get("/reports/tags") == {"items": [{"tag": "=late", "dialogs": 1}]}
    rows = list(csv.DictReader(StringIO((await api.call("GET", "/reports/dialogs.csv")).text)))
    assert [row["assignee"] for row in rows] == ["Maria"]


@pytest.mark.row("C-30")
@pytest.mark.row("R-37")
async def test_a_report_is_narrowed_by_period_type_and_team(api: Api) -> None:
    await a_day_at_work(api)
    assert (await api.get("/reports/tags", type="refund"))["items"] != []
    assert (await api.get("/reports/tags", type="Support"))["items"] == []
    assert (await api.get("/reports/dialogs", to="2026-01-01"))["opened"] == 0
    for wrong, field in (({"type": "No such"}, "type"), ({"team": "Nobody"}, "team")):
        refused = await api.call("GET", "/reports/times", params=wrong)
        assert error_of(refused, 400, "bad_input")["object"]["name"] == field
    refused = await api.call("GET", "/reports/times.csv", params={"from": "2026-02-01", "to": "2026-01-01"})
    assert error_of(refused, 400, "bad_input")["object"]["name"] == "to"
    assert (await api.as_("send").call("GET", "/reports/times")).status_code == 403
    assert (await api.call("GET", "/reports/nonsense")).status_code == 404


@pytest.mark.row("R-37")
async def test_times_are_counted_in_working_time_where_there_is_a_calendar(api: Api) -> None:
    await a_day_at_work(api)
    refused = await api.call("GET", "/reports/times", params={"time": "working"})
    assert error_of(refused, 400, "bad_input")["object"]["name"] == "time"
    never_now = {"name": "Office", "timezone": "UTC", "hours": {"mon": [["09:00", "09:01"]]}}
    await api.post("/calendars", never_now, status=201)
    dialog = await api.open()
    api.store.clock.advance(3600)
    await api.move(dialog, "close", send_rating_form=False)
    calendar, working = await api.get("/reports/times"), await api.get("/reports/times", time="working")
    assert {clock: of["count"] for clock, of in calendar.items()} == {
        clock: of["count"] for clock, of in working.items()
    }
    assert working["resolution"]["mean"] == 0 < calendar["resolution"]["mean"]
    assert set(working["resolution"]) == {"count", "mean", "median", "p90"}
    header, *rows = csv.reader(StringIO((await api.call("GET", "/reports/times.csv")).text))
    assert header == [
        "clock",
        "count",
        "mean",
        "median",
        "p90",
        "working_mean",
        "working_median",
        "working_p90",
    ]
    assert [row[0] for row in rows] == ["first_response", "next_response", "resolution"]


@pytest.mark.row("R-37")
async def test_a_table_has_texts_where_a_spreadsheet_would_run_a_formula(api: Api) -> None:
    await a_day_at_work(api)
    as_csv = (await api.call("GET", "/reports/tags.csv")).text
    assert list(csv.reader(StringIO(as_csv))) == [["tag", "dialogs"], ["'=late", "1"]]
    as_xlsx = await api.call("GET", "/reports/tags.xlsx")
    assert as_xlsx.headers["content-disposition"] == 'attachment; filename="tags.xlsx"'
    assert sheet_of(as_xlsx.content) == [["tag", "dialogs"], ["=late", 1]]
    rows = sheet_of((await api.call("GET", "/reports/dialogs.xlsx")).content)
    assert dict(zip(*rows, strict=True))["title"] == "=1+1"


async def test_every_report_is_a_table_and_a_picture(api: Api) -> None:
    await a_day_at_work(api)
    for kind in ReportKind:
        table = (await api.call("GET", f"/reports/{kind}.csv")).text
        assert len(list(csv.reader(StringIO(table)))) > 1
    for kind, theme in product(ReportKind, THEMES):
        drawn = await api.call("GET", f"/reports/{kind}.png", params={"theme": theme})
        assert (drawn.status_code, drawn.content[:4]) == (200, b"\x89PNG"), drawn.text


async def test_without_the_extra_the_refusal_names_it(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(files.LIBRARIES, "png", "no_such_library_here")
    refused = error_of(await api.call("GET", "/reports/times.png"), 503, "unavailable")
    assert "pip install 'holdline[reports]'" in refused["message"]
