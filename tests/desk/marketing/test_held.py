"""Held messages: listed in order, sent at once or dropped by a manager, reported when forgotten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.automation.habits import change_habits
from holdline.desk.customers import customers as customer_desk
from holdline.desk.delivery.start import SendOptions, StartedCall, start_calls
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.desk.marketing.held import drop_held, list_held, send_held
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound, outbound_status
from holdline.desk.people.keys import create_key
from holdline.desk.reading import reading
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.manager import Manager
from holdline.dialogs.marketing.source import MarketingSource
from holdline.dialogs.refusal import DeskError, NotAllowed, NotFound, NotHeld
from holdline.scheduler.holds import report_long_holds
from holdline.screens.render import render
from holdline.store.marketing import held
from holdline.store.marketing.held import CustomerHeld
from holdline.store.marketing.sources import source_of
from holdline.store.people import customers, managers
from holdline.store.tx import Row, Tx
from tests.desk.conftest import ANNA, Desk

DAY = 24 * 3600.0


@pytest.fixture
async def dialog(desk: Desk) -> Dialog:
    return await desk.store.act(open_dialog, manager=desk.maria, opening=Opening(desk.anna.id, "Lost parcel"))


async def offer(desk: Desk, text: str = "Only today", class_: str = "broadcast", **more: Any) -> int:
    order = OutboundRequest(ANNA.telegram_id, MessageClass(class_), text, **more)
    return int((await desk.store.act(accept_outbound, order=order))["id"])


async def waiting(desk: Desk) -> list[Row]:
    words: dict[str, Any] = {"customer_id": desk.anna.id, "after": None, "limit": 50}
    return await desk.store.read(list_held, **words)


async def status(desk: Desk, outbox_id: int) -> str:
    return str((await desk.store.read(outbound_status, outbox_id=outbox_id))["status"])


async def started(desk: Desk) -> list[StartedCall]:
    """What the sender would put on the wire to the customer now."""
    options = SendOptions(epoch=0, holder="test", render=render)
    calls = await desk.store.act(start_calls, limit=50, options=options)
    return [call for call in calls if call.chat_id == ANNA.telegram_id]


async def history(desk: Desk, dialog: Dialog, kind: str) -> list[Any]:
    lines = await desk.store.read(reading.history_of, dialog_id=dialog.id, order="oldest", limit=50)
    return [line for line in lines if line["kind"] == kind]


@pytest.mark.row("M-11")
async def test_held_messages_are_listed_in_order_with_their_sources(desk: Desk, dialog: Dialog) -> None:
    await desk.store.act(create_key, name="CRM", scopes=("send",))
    key = await desk.store.read(lambda tx: tx.one("SELECT id FROM api_keys"))
    assert key is not None
    ids = [
        await offer(desk, "Step one", "funnel", source=MarketingSource(api_key_id=key["id"])),
        await offer(desk, "Sale!", source=MarketingSource(broadcast_id=7)),
        await offer(desk, "word " * 1200),
    ]
    await offer(desk, "Open at nine", "smart_reply")
    await offer(desk, "Over by now", expires_at=desk.store.clock.now() + timedelta(seconds=1))
    desk.store.clock.advance(2)
    rows = await waiting(desk)
    assert [row["id"] for row in rows] == ids, (
        "in parts or not, each message once; neither dropped nor expired"
    )
    assert [source_of(row) for row in rows] == [{"key": "CRM"}, {"broadcast": 7}, {}]
    later: dict[str, Any] = {"customer_id": desk.anna.id, "after": ids[0], "limit": 1}
    assert [row["id"] for row in await desk.store.read(list_held, **later)] == ids[1:2]
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    assert await waiting(desk) == []


@pytest.mark.row("M-11")
async def test_one_held_message_is_sent_past_the_gate_and_the_rest_stays(desk: Desk, dialog: Dialog) -> None:
    first, long, last = (
        await offer(desk, "First"),
        await offer(desk, "word " * 1200),
        await offer(desk, "Last"),
    )
    assert await started(desk) == []
    await desk.store.act(send_held, manager=desk.maria, outbox_id=long)
    assert [row["id"] for row in await waiting(desk)] == [first, last]
    assert await status(desk, long) == "queued"
    (call,) = await started(desk)
    assert call.outbox_id == long and await status(desk, long) == "sending"
    (line,) = await history(desk, dialog, "outbound_sent_now")
    assert line["actor"]["name"] == "Maria" and line["data"]["outbox_id"] == long
    with pytest.raises(NotHeld):
        await desk.store.act(send_held, manager=desk.maria, outbox_id=long)


@pytest.mark.row("M-11")
async def test_a_dropped_message_is_never_sent(desk: Desk, dialog: Dialog) -> None:
    dropped, kept = await offer(desk, "word " * 1200), await offer(desk, "Kept")
    found = await desk.store.act(drop_held, manager=desk.maria, outbox_id=dropped)
    assert (found["status"], found["error"]) == ("cancelled", "dropped_by_hand")
    assert [row["id"] for row in await waiting(desk)] == [kept]
    (line,) = await history(desk, dialog, "outbound_dropped")
    assert line["data"]["outbox_id"] == dropped
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    (call,) = await started(desk)
    assert call.outbox_id == kept


@pytest.mark.row("M-11")
async def test_only_a_held_message_can_be_sent_or_dropped_by_hand(desk: Desk, dialog: Dialog) -> None:
    async def refused(outbox_id: int, by: Manager = desk.maria) -> set[str]:
        codes = set()
        for act in (send_held, drop_held):
            with pytest.raises(DeskError) as raised:
                await desk.store.act(act, manager=by, outbox_id=outbox_id)
            codes.add(raised.value.code)
        return codes

    robot = await offer(desk, "Open at nine", "smart_reply")
    over = await offer(desk, "Over", expires_at=desk.store.clock.now() + timedelta(seconds=1))
    good = await offer(desk, "Good")
    desk.store.clock.advance(2)
    assert await refused(robot) == await refused(over) == {"wrong_state"}
    assert await refused(10**6) == {NotFound("message").code}
    assert await refused(good, by=desk.ivan) == {NotAllowed("x").code}
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    assert await refused(good) == {"wrong_state"}, "it leaves by itself"


@pytest.mark.parametrize("code", ["opted_out", "unreachable"])
async def test_an_unsubscribed_customer_gets_no_held_message_by_hand(
    desk: Desk, dialog: Dialog, code: str
) -> None:
    """Also where they said so between the tap and the send."""
    sent, asked = await offer(desk, "Tapped before"), await offer(desk, "Tapped after")
    await desk.store.act(send_held, manager=desk.maria, outbox_id=sent)

    def leave(tx: Tx) -> None:
        at = {"id": desk.anna.id, "at": tx.at}
        if code == "opted_out":
            tx.run("UPDATE customers SET opted_out_at = :at WHERE id = :id", **at)
        else:
            customers.set_reach(tx, desk.anna.id, "blocked")

    await desk.store.act(leave)
    with pytest.raises(DeskError) as raised:
        await desk.store.act(send_held, manager=desk.maria, outbox_id=asked)
    assert raised.value.code == code
    assert await started(desk) == []
    assert await status(desk, sent) == "cancelled"


async def everybody(desk: Desk) -> list[CustomerHeld]:
    return await desk.store.read(held.list_customers)


@pytest.mark.row("M-11")
async def test_customers_with_held_messages_are_listed_longest_wait_first(desk: Desk) -> None:
    """By what has waited longest behind the dialog, not by what was written first."""
    boris = await desk.store.act(
        customer_desk.get_or_create_customer, sender=replace(ANNA, telegram_id=510000002, name="Boris")
    )

    async def offered_to(telegram_id: int) -> None:
        order = OutboundRequest(telegram_id, MessageClass.FUNNEL, "Step")
        await desk.store.act(accept_outbound, order=order)

    await offered_to(ANNA.telegram_id)  # waits for nobody until the dialog begins
    desk.store.clock.advance(60)
    for customer in (boris, desk.anna):
        await desk.store.act(
            open_dialog, manager=desk.maria, opening=Opening(customer.id, f"Of {customer.name}")
        )
        desk.store.clock.advance(60)
    assert [one.name for one in await everybody(desk)] == ["Anna"]
    for _ in range(2):
        await offered_to(510000002)
    found = await everybody(desk)
    assert [(one.name, one.held, one.title) for one in found] == [
        ("Anna", 1, "Of Anna"),
        ("Boris", 2, "Of Boris"),
    ]
    assert found[0].since == desk.store.clock.now() - timedelta(seconds=60)
    assert [one.name for one in await desk.store.read(held.list_customers, skip=1)] == ["Boris"]


def told(tx: Tx) -> list[tuple[int, dict[str, Any]]]:
    rows = tx.all("SELECT chat_id, payload_json FROM outbox WHERE kind = 'desk_notice' ORDER BY id")
    return [
        (row["chat_id"], row["payload_json"]["words"])
        for row in rows
        if row["payload_json"]["key"] == "held.forgotten"
    ]


@pytest.mark.row("M-11")
async def test_a_forgotten_dialog_is_reported_once_for_each_hold(desk: Desk, dialog: Dialog) -> None:
    admin = await desk.store.act(managers.insert, telegram_id=400000080, name="Olga", role="admin")
    await offer(desk)
    desk.store.clock.advance(6.9 * DAY)
    assert await report_long_holds(desk.store) == 0
    desk.store.clock.advance(0.2 * DAY)
    assert await report_long_holds(desk.store) == 1
    assert await report_long_holds(desk.store) == 0
    people = [chat for chat, _ in await desk.store.read(told)]
    assert people == [desk.maria.telegram_id, admin.telegram_id], (
        "whoever has it, and who looks after the desk"
    )
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    desk.store.clock.advance(60)
    await desk.store.act(resume_dialog, manager=desk.maria, dialog_id=dialog.id)
    desk.store.clock.advance(6 * DAY)
    assert await report_long_holds(desk.store) == 0, "it began to wait anew"
    await desk.store.act(change_habits, manager=None, changes={"alarm_held_after": None})
    desk.store.clock.advance(2 * DAY)
    assert await report_long_holds(desk.store) == 0
    await desk.store.act(change_habits, manager=None, changes={"alarm_held_after": "12h"})
    assert await report_long_holds(desk.store) == 1
    assert len(await desk.store.read(told)) == 4
