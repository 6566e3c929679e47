"""A manager who joins a dialog later sees the automatic messages to its customer."""

from dataclasses import replace
from typing import Any

import pytest

from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.dialogs.assignment import assign_dialog, enter_dialog
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from tests.bot.staging import all_sent
from tests.desk.conftest import ANNA, Desk, text


def adds(desk: Desk, dialog: Dialog) -> Any:
    changes = {"participants": [desk.maria.telegram_id, desk.ivan.telegram_id]}
    return desk.store.act(change_dialog, manager=desk.maria, dialog_id=dialog.id, changes=changes)


def gives(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(
        assign_dialog, manager=desk.maria, dialog_id=dialog.id, assignee_telegram_id=desk.ivan.telegram_id
    )


def enters(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(enter_dialog, manager=desk.ivan, dialog_id=dialog.id)


def replies(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(write_in_dialog, manager=desk.ivan, dialog_id=dialog.id, content=text("Hello"))


async def test_of_more_than_five_recent_messages_the_earlier_ones_are_counted(desk: Desk) -> None:
    """The newest five, the oldest of them first."""
    for number in range(8):
        order = OutboundRequest(ANNA.telegram_id, MessageClass.BROADCAST, f"Offer {number}")
        await desk.store.act(accept_outbound, order=order)
    await all_sent(desk.store)
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel")
    await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    rows = await desk.store.read(
        lambda tx: tx.all("SELECT payload_json FROM outbox WHERE kind = 'desk_notice'")
    )
    found = [row["payload_json"] for row in rows if row["payload_json"]["key"] == "held.recent_head"]
    assert found
    for told in found:
        first, *others = told["more"]
        assert (first["key"], first["words"]) == ("held.recent_earlier", {"count": 3})
        assert [line["words"]["quoted"] for line in others] == [f"Offer {number}" for number in range(3, 8)]


@pytest.mark.row("M-12")
@pytest.mark.parametrize("joins", [adds, gives, enters, replies])
async def test_a_manager_who_joins_later_reads_the_automatic_messages(desk: Desk, joins: Any) -> None:
    desk.store.rules = replace(desk.store.rules, staff_group=0)
    order = OutboundRequest(ANNA.telegram_id, MessageClass.BROADCAST, "Ten percent off")
    await desk.store.act(accept_outbound, order=order)
    await all_sent(desk.store)
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel")
    dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    await desk.store.act(write_in_dialog, manager=desk.maria, dialog_id=dialog.id, content=text("Hi"))
    await all_sent(desk.store)
    for _ in range(2):
        await joins(desk, dialog)
    rows = await desk.store.read(
        lambda tx: tx.all(
            "SELECT payload_json FROM outbox WHERE kind = 'desk_notice' AND chat_id = :ivan",
            ivan=desk.ivan.telegram_id,
        )
    )
    found = [row["payload_json"] for row in rows if row["payload_json"]["key"] == "held.recent_head"]
    assert [one["more"][0]["words"]["quoted"] for one in found] == ["Ten percent off"], "once"
