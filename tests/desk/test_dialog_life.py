"""Open, pause, resume, close: state, gate, history and messages change in one transaction."""

import asyncio

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.replies import write_in_dialog, write_in_general
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound, gate_state, outbound_status
from holdline.desk.reading.reading import history_of
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.refusal import BadInput, DeskError, NotAllowed, WrongState
from holdline.store.engine import Store
from holdline.store.errors import StoreConflict
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.desk.conftest import ANNA, Desk, text


async def opened(desk: Desk, title: str = "Lost parcel") -> Dialog:
    opening = Opening(customer_id=desk.anna.id, title=title)
    return await desk.store.act(open_dialog, manager=desk.maria, opening=opening)


async def kinds(store: Store, chat_id: int, *statuses: str) -> list[str]:
    wanted = statuses or ("queued",)
    rows = await store.read(
        lambda tx: tx.all("SELECT kind, status FROM outbox WHERE chat_id = :c ORDER BY id", c=chat_id)
    )
    return [row["kind"] for row in rows if row["status"] in wanted]


async def funnel(
    desk: Desk, words: str = "Buy!", class_: MessageClass = MessageClass.FUNNEL
) -> dict[str, object]:
    order = OutboundRequest(telegram_id=ANNA.telegram_id, class_=class_, text=words)
    return await desk.store.act(accept_outbound, order=order)


async def test_opening_a_dialog_holds_the_gate_at_once(desk: Desk) -> None:
    dialog = await opened(desk)
    assert dialog.state == "active" and dialog.stage == "New" and dialog.type == "Support"
    assert dialog.assignee is not None and dialog.assignee.id == desk.maria.id
    gate = await desk.store.read(gate_state, customer_id=desk.anna.id)
    assert gate == {"state": "held", "dialog": {"id": dialog.id, "title": "Lost parcel"}, "held": 0}


async def test_a_second_active_dialog_is_refused_with_the_remedy(desk: Desk) -> None:
    first = await opened(desk)
    with pytest.raises(WrongState) as refused:
        await opened(desk, "Another")
    assert refused.value.code == "active_dialog_exists"
    assert refused.value.allowed == ("pause", "close")
    assert refused.value.obj is not None and refused.value.obj["id"] == first.id


async def test_the_database_itself_allows_one_active_dialog(desk: Desk) -> None:
    dialog = await opened(desk)

    def sneak(tx: Tx) -> None:
        tx.run(
            """INSERT INTO dialogs (bot_id, customer_id, title, state, type_id, stage_id, created_at, changed_at)
               SELECT bot_id, customer_id, 'x', 'active', type_id, stage_id, created_at, changed_at
               FROM dialogs WHERE id = :id""",
            id=dialog.id,
        )

    with pytest.raises(StoreConflict):
        await desk.store.act(sneak)


async def test_many_openings_at_once_make_one_dialog(desk: Desk) -> None:
    outcomes = await asyncio.gather(*(opened(desk, f"n{i}") for i in range(12)), return_exceptions=True)
    made = [o for o in outcomes if isinstance(o, Dialog)]
    refused = [o.code for o in outcomes if isinstance(o, DeskError)]
    assert len(made) == 1 and refused == ["active_dialog_exists"] * 11


async def test_marketing_is_held_and_smart_replies_are_dropped_while_active(desk: Desk) -> None:
    waiting = await funnel(desk, "smart", MessageClass.SMART_REPLY)
    dialog = await opened(desk)
    assert (await desk.store.read(outbound_status, outbox_id=waiting["id"]))["status"] == "dropped"
    held = await funnel(desk)
    dropped = await funnel(desk, "hi", MessageClass.SMART_REPLY)
    assert held["status"] == "held" and dropped["status"] == "dropped"
    assert held["held_by"] == {"dialog_id": dialog.id, "title": "Lost parcel"}
    assert (await desk.store.read(outbound_status, outbox_id=held["id"]))["status"] == "held"
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    assert (await desk.store.read(outbound_status, outbox_id=held["id"]))["status"] == "queued"
    assert (await desk.store.read(outbound_status, outbox_id=dropped["id"]))["status"] == "dropped"


async def test_the_state_of_the_dialog_decides_where_a_reply_is_accepted(desk: Desk) -> None:
    dialog = await opened(desk)
    store, maria = desk.store, desk.maria

    async def code_of(coroutine: object) -> str:
        try:
            await coroutine  # type: ignore[misc] # either of two coroutines
        except DeskError as refused:
            return refused.code
        return "sent"

    async def both() -> tuple[str, str]:
        inside = store.act(write_in_dialog, manager=maria, dialog_id=dialog.id, content=text("a"))
        outside = store.act(write_in_general, manager=maria, customer_id=desk.anna.id, content=text("b"))
        return await code_of(inside), await code_of(outside)

    assert await both() == ("sent", "active_dialog_exists")
    await store.act(pause_dialog, manager=maria, dialog_id=dialog.id)
    assert await both() == ("dialog_paused", "sent")
    await store.act(close_dialog, manager=maria, dialog_id=dialog.id, closing=Closing())
    assert await both() == ("dialog_closed", "sent")


async def test_resuming_while_another_is_active_is_refused(desk: Desk) -> None:
    first = await opened(desk)
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=first.id)
    await opened(desk, "Second")
    with pytest.raises(WrongState) as refused:
        await desk.store.act(resume_dialog, manager=desk.maria, dialog_id=first.id)
    assert refused.value.code == "active_dialog_exists"


@pytest.mark.row("C-11")
async def test_a_closed_dialog_cannot_be_reopened(desk: Desk) -> None:
    dialog = await opened(desk)
    await desk.store.act(close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=Closing())
    for move in (pause_dialog, resume_dialog):
        with pytest.raises(WrongState) as refused:
            await desk.store.act(move, manager=desk.maria, dialog_id=dialog.id)
        assert refused.value.code == "dialog_closed"


async def test_the_rating_form_goes_after_replies_and_before_what_was_held(desk: Desk) -> None:
    dialog = await opened(desk)
    await funnel(desk)
    await desk.store.act(write_in_dialog, manager=desk.maria, dialog_id=dialog.id, content=text("bye"))
    closing = Closing(customer_score=3, send_rating_form=True)
    closed = await desk.store.act(close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=closing)
    assert closed.customer_score == 3 and closed.stage == "Closed" and closed.closed_at is not None
    rows = await desk.store.read(
        lambda tx: tx.all(
            """SELECT kind, class FROM outbox WHERE chat_id = :c AND status = 'queued'
               ORDER BY stream, rank, due_at, id""",
            c=ANNA.telegram_id,
        )
    )
    assert [(r["kind"], r["class"]) for r in rows] == [
        ("message", "manager"), ("rating_form", "system"), ("message", "funnel"),
    ]  # fmt: skip


async def test_only_a_handler_of_the_dialog_may_score_the_customer(desk: Desk) -> None:
    dialog = await opened(desk)
    stranger = await desk.store.act(lambda tx: managers.update(tx, desk.ivan.id, role="manager"))
    with pytest.raises(NotAllowed):
        await desk.store.act(
            close_dialog, manager=stranger, dialog_id=dialog.id, closing=Closing(customer_score=2)
        )


async def test_a_close_without_the_permission_becomes_a_request(desk: Desk) -> None:
    dialog = await opened(desk)
    after = await desk.store.act(close_dialog, manager=desk.ivan, dialog_id=dialog.id, closing=Closing())
    assert after.state == "active"
    assert "desk_notice" in await kinds(desk.store, desk.maria.telegram_id)
    lines = await desk.store.read(history_of, dialog_id=dialog.id)
    assert [line["kind"] for line in lines][-1] == "close_requested"


async def test_every_transition_is_one_line_of_history_with_its_actor(desk: Desk) -> None:
    dialog = await opened(desk)
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    await desk.store.act(resume_dialog, manager=desk.maria, dialog_id=dialog.id)
    await desk.store.act(close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=Closing())
    lines = await desk.store.read(history_of, dialog_id=dialog.id)
    assert [line["kind"] for line in lines] == [
        "dialog_opened", "dialog_paused", "dialog_resumed", "dialog_closed",
    ]  # fmt: skip
    assert {line["actor"]["telegram_id"] for line in lines} == {desk.maria.telegram_id}


async def test_a_customers_message_goes_to_the_active_dialog_else_to_the_inbox(desk: Desk) -> None:
    await desk.store.act(receive_customer_message, sender=ANNA, content=text("hello", 1, ANNA.telegram_id))
    dialog = await opened(desk)
    await desk.store.act(receive_customer_message, sender=ANNA, content=text("inside", 2, ANNA.telegram_id))
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    await desk.store.act(receive_customer_message, sender=ANNA, content=text("outside", 3, ANNA.telegram_id))
    rows = await desk.store.read(
        lambda tx: tx.all("SELECT text, dialog_id, inbox_item_id FROM messages ORDER BY id")
    )
    assert [(r["text"], r["dialog_id"]) for r in rows] == [
        ("hello", None), ("inside", dialog.id), ("outside", None),
    ]  # fmt: skip
    items = await desk.store.read(lambda tx: tx.all("SELECT state FROM inbox_items ORDER BY id"))
    assert [item["state"] for item in items] == ["moved", "new"]


async def test_all_changes_of_one_save_are_one_line_of_history(desk: Desk) -> None:
    dialog = await opened(desk)
    changes = {"title": "Refund", "type": "Refund", "participants": [desk.ivan.telegram_id]}
    after = await desk.store.act(change_dialog, manager=desk.maria, dialog_id=dialog.id, changes=changes)
    assert after.title == "Refund" and after.type == "Refund"
    assert {p.name for p in after.participants} == {"Maria", "Ivan"}
    lines = await desk.store.read(history_of, dialog_id=dialog.id)
    assert [line["kind"] for line in lines] == ["dialog_opened", "dialog_changed"]
    with pytest.raises(BadInput):
        await desk.store.act(
            change_dialog, manager=desk.maria, dialog_id=dialog.id, changes={"reasons": ["no such"]}
        )
