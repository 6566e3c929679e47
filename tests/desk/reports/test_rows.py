"""The dialogs report."""

import csv
from io import StringIO
from typing import Any

import pytest

from holdline.desk.customers import customers
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.reading.report_requests import ReportRequest, request_report
from holdline.desk.reading.reports import (
    COLUMNS,
    PAGE,
    csv_of,
    dialogs_csv_page,
    dialogs_report,
)
from holdline.desk.settings import lists
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.refusal import BadInput, NotAllowed
from holdline.dialogs.reports.kinds import ReportQuery
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.dialogs import lists as list_rows
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.desk.conftest import Desk


async def opened(desk: Desk, **more: Any) -> int:
    opening = Opening(**{"customer_id": desk.anna.id, "title": "Parcel", **more})
    return (await desk.store.act(open_dialog, manager=desk.maria, opening=opening)).id


async def lines(desk: Desk, **within: Any) -> list[dict[str, str]]:
    rows = await desk.store.read(dialogs_report, asked=ReportQuery(**within))
    return list(csv.DictReader(StringIO(csv_of(rows))))


@pytest.mark.row("L-68")
async def test_one_row_per_dialog_with_all_its_fields_and_both_ratings(
    desk: Desk, clock: ManualClock
) -> None:
    for kind, name in (("reasons", "Late"), ("reasons", "Broken"), ("components", "Courier")):
        await desk.store.act(lists.add_to_list, manager=None, kind=kind, name=name)
    dialog_id = await opened(
        desk,
        type="Refund",
        participants=(desk.ivan.telegram_id,),
        reasons=("Late", "Broken"),
        components=("Courier",),
        description="Two weeks",
    )
    clock.advance(90.5)
    closing = Closing(customer_score=3, reason="solved", comment='a, "b"')
    await desk.store.act(close_dialog, manager=desk.maria, dialog_id=dialog_id, closing=closing)
    await desk.store.act(dialogs.set_fields, dialog_id, service_rating=2)

    (line,) = await lines(desk)

    expected = {
        "id": str(dialog_id),
        "customer": "Anna",
        "customer_telegram_id": str(desk.anna.telegram_id),
        "title": "Parcel",
        "type": "Refund",
        "state": "closed",
        "stage": "Closed",
        "assignee": "Maria",
        "participants": "Maria; Ivan",
        "reasons": "Broken; Late",
        "components": "Courier",
        "description": "Two weeks",
        "close_reason": "solved",
        "close_comment": 'a, "b"',
        "service_rating": "2",
        "customer_score": "3",
        "created_at": "2026-01-01T00:00:00Z",
        "closed_at": "2026-01-01T00:01:30Z",
    }
    assert {name: line[name] for name in expected} == expected


@pytest.mark.row("L-69")
async def test_a_missing_rating_is_an_empty_cell(desk: Desk) -> None:
    await opened(desk)

    (line,) = await lines(desk)

    assert (line["service_rating"], line["customer_score"], line["closed_at"]) == ("", "", "")


@pytest.mark.row("L-15")
async def test_a_deleted_type_is_still_shown(desk: Desk) -> None:
    await opened(desk, type="Refund")
    refund = await desk.store.read(list_rows.find, "types", "Refund")
    assert refund is not None
    await desk.store.act(lists.remove_from_list, manager=None, kind="types", list_id=refund["id"])

    assert [line["type"] for line in await lines(desk)] == ["Refund"]


@pytest.mark.row("K-05")
async def test_a_report_row_shows_a_missing_assignee(desk: Desk) -> None:
    dialog_id = await opened(desk)
    await desk.store.act(dialogs.set_fields, dialog_id, assignee_id=None)

    (line,) = await lines(desk)

    assert (line["assignee"], line["assignee_telegram_id"]) == ("Unassigned", "")


async def test_the_period_includes_its_start_and_excludes_its_end(desk: Desk, clock: ManualClock) -> None:
    ids, moments = [], []
    for n in range(3):
        customer = await desk.store.act(
            customers.get_or_create_customer, sender=MessageSender(520000000 + n, "Customer")
        )
        moments.append(clock.now())
        ids.append(str(await opened(desk, customer_id=customer.id)))
        clock.advance(3600)

    assert [x["id"] for x in await lines(desk, from_at=moments[1])] == ids[1:]
    assert [x["id"] for x in await lines(desk, to_at=moments[1])] == ids[:1]
    assert [x["id"] for x in await lines(desk, from_at=moments[1], to_at=moments[2])] == ids[1:2]
    with pytest.raises(BadInput):
        await lines(desk, from_at=moments[2], to_at=moments[1])


async def test_participants_and_reasons_stay_in_the_row_of_their_dialog(desk: Desk) -> None:
    await desk.store.act(lists.add_to_list, manager=None, kind="reasons", name="Late")
    other = await desk.store.act(customers.get_or_create_customer, sender=MessageSender(520000001, "Other"))
    await opened(desk, reasons=("Late",), participants=(desk.ivan.telegram_id,))
    await opened(desk, customer_id=other.id)

    first, second = await lines(desk)

    assert (first["reasons"], first["participants"]) == ("Late", "Maria; Ivan")
    assert (second["reasons"], second["participants"]) == ("", "Maria")


async def test_a_report_needs_the_permission(desk: Desk) -> None:
    order = ReportRequest(chat_id=desk.ivan.telegram_id, thread_id=None, key="report")
    with pytest.raises(NotAllowed) as refused:
        await desk.store.act(request_report, manager=desk.ivan, order=order, caption="Report")
    assert "report.view" in refused.value.sentence()

    await desk.store.act(managers.update, desk.ivan.id, role="manager")
    await desk.store.act(request_report, manager=desk.ivan, order=order, caption="Report")
    (item,) = await desk.store.read(
        lambda tx: tx.all("SELECT payload_json FROM outbox WHERE kind = 'report'")
    )
    assert "content" not in item["payload_json"], "the file is made when it is sent"


async def test_the_pages_of_a_report_make_one_file(desk: Desk) -> None:
    def known(tx: Tx) -> list[int]:
        senders = [MessageSender(530000000 + number, f"C{number}") for number in range(PAGE + 3)]
        return [customers.get_or_create_customer(tx, sender=sender).id for sender in senders]

    for number, customer_id in enumerate(await desk.store.act(known)):
        opening = Opening(customer_id=customer_id, title=f"T{number}")
        await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    first = await desk.store.read(dialogs_csv_page)
    assert first.last is not None
    second = await desk.store.read(dialogs_csv_page, after=first.last)
    assert second.last is None
    rows = list(csv.DictReader(StringIO(first.text + second.text)))
    assert [row["title"] for row in rows] == [f"T{number}" for number in range(PAGE + 3)]
    assert {row["participants"] for row in rows} == {"Maria"}


async def test_an_empty_report_has_only_its_header() -> None:
    assert csv_of([]) == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize(
    ("hostile", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  =cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
        ("+7 900", "'+7 900"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1+1", "'=1+1"),
        ("\x00=1", "'=1"),
        ("a\r\nb\x07c\u202ed", "a  b c d"),
        ('say "a", b', 'say "a", b'),
        ("plain", "plain"),
    ],
)
async def test_no_cell_is_a_formula_or_has_control_characters(hostile: str, cell: str) -> None:
    written = csv_of([{"title": hostile, "participants": [hostile]}])

    (line,) = csv.DictReader(StringIO(written))
    assert line["title"] == line["participants"] == cell
    assert written.count("\n") == 2
