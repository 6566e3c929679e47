"""A right that is withdrawn while a file waits for its reader: it decides, not what they were allowed before."""

from collections.abc import Callable

import pytest

from holdline.desk.delivery.start import SendOptions, start_calls
from holdline.desk.people.staff import change_manager
from holdline.desk.privacy.exports import send_export
from holdline.desk.reading.report_requests import ReportRequest, request_picture, request_report
from holdline.dialogs.outbox.item import RIGHT_WITHDRAWN
from holdline.screens.render import render
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.desk.conftest import Desk

File = Callable[[Tx, Desk], None]
FILES: dict[str, File] = {
    "customer_export": lambda tx, desk: send_export(
        tx, manager=desk.maria, customer_id=desk.anna.id, key="1", with_notes=True
    ),
    "report_file": lambda tx, desk: request_report(
        tx, manager=desk.maria, order=order(desk), caption="Dialogs"
    ),
    "report_picture": lambda tx, desk: request_picture(tx, manager=desk.maria, order=order(desk)),
    "another picture": lambda tx, desk: request_picture(
        tx, manager=desk.maria, order=order(desk), instead_of=7
    ),
}


def order(desk: Desk, chat_id: int | None = None) -> ReportRequest:
    return ReportRequest(chat_id or desk.maria.telegram_id, None, "report:1")


async def arrive(desk: Desk, file: File, role: str) -> list[int]:
    """The chats in which the sender begins a call after Maria's role has changed."""
    for person in (desk.maria, desk.ivan):
        await desk.store.act(managers.update, person.id, role="admin")
    await desk.store.act(file, desk)
    await desk.store.act(change_manager, acting=desk.ivan, manager_id=desk.maria.id, changes={"role": role})
    options = SendOptions(epoch=0, holder="test", render=render)
    calls = await desk.store.act(start_calls, limit=50, options=options)
    return [call.chat_id for call in calls if call.call.order is not None]


@pytest.mark.parametrize("file", FILES)
async def test_a_file_does_not_reach_a_person_who_has_lost_the_right(desk: Desk, file: str) -> None:
    assert await arrive(desk, FILES[file], "restricted") == []
    ended = await desk.store.read(
        lambda tx: tx.all("SELECT status, error FROM outbox WHERE status = 'cancelled'")
    )
    assert ended == [{"status": "cancelled", "error": RIGHT_WITHDRAWN}]


@pytest.mark.parametrize("file", FILES)
async def test_a_file_reaches_a_person_who_has_the_right(desk: Desk, file: str) -> None:
    assert await arrive(desk, FILES[file], "admin") == [desk.maria.telegram_id]
