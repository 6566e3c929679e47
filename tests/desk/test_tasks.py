"""Personal tasks of those who were added to a dialog."""

import asyncio

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.tasks import finish_task, plan_tasks, start_due_tasks, tasks_of
from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.refusal import NotFound
from holdline.store.clock import ManualClock
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from tests.desk.conftest import Desk


@pytest.fixture
async def dialog(desk: Desk) -> Dialog:
    """Opened by Maria with Ivan in it."""
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel", participants=(desk.ivan.telegram_id,))
    return await desk.store.act(open_dialog, manager=desk.maria, opening=opening)


async def told(desk: Desk, telegram_id: int) -> list[Row]:
    """Notices about tasks in that person's own chat."""

    def read(tx: Tx) -> list[Row]:
        rows = tx.all(
            "SELECT * FROM outbox WHERE chat_id = :chat AND kind = 'desk_notice' ORDER BY id",
            chat=telegram_id,
        )
        return [row for row in rows if ".task_" in row["payload_json"]["key"]]

    return await desk.store.read(read)


@pytest.mark.row("L-08")
async def test_every_other_manager_gets_a_task_named_after_the_title(desk: Desk, dialog: Dialog) -> None:
    (task,) = await desk.store.read(tasks_of, manager=desk.ivan)

    assert (task["title"], task["dialog_id"]) == ("Lost parcel", dialog.id)


@pytest.mark.row("L-09")
async def test_managers_are_notified_at_once_that_their_task_starts_in_five_minutes(
    desk: Desk, dialog: Dialog, clock: ManualClock
) -> None:
    (notice,) = await told(desk, desk.ivan.telegram_id)
    (task,) = await desk.store.read(tasks_of, manager=desk.ivan)

    assert notice["payload_json"]["key"] == "desk_notices.task_soon"
    assert notice["due_at"] == dialog.created_at == clock.now()
    assert (task["starts_at"] - dialog.created_at).total_seconds() == 300


@pytest.mark.row("L-10")
async def test_the_creator_gets_no_task(desk: Desk, dialog: Dialog) -> None:
    def plan(tx: Tx) -> list[int]:
        maria = [person for person in dialog.participants if person.id == desk.maria.id]
        return plan_tasks(tx, dialog=dialog, creator=desk.maria.as_actor(), managers=maria)

    assert await desk.store.act(plan) == []
    assert await desk.store.read(tasks_of, manager=desk.maria) == []
    assert await told(desk, desk.maria.telegram_id) == []


@pytest.mark.row("L-09")
async def test_the_second_notice_comes_once_at_the_start(
    desk: Desk, dialog: Dialog, clock: ManualClock
) -> None:
    clock.advance(299)
    assert await desk.store.act(start_due_tasks) == 0
    clock.advance(1)
    assert await desk.store.act(start_due_tasks) == 1
    clock.advance(600)
    assert await desk.store.act(start_due_tasks) == 0

    keys = [notice["payload_json"]["key"] for notice in await told(desk, desk.ivan.telegram_id)]
    assert keys == ["desk_notices.task_soon", "desk_notices.task_started"]


async def test_two_simultaneous_timers_send_one_notice(
    desk: Desk, dialog: Dialog, clock: ManualClock
) -> None:
    clock.advance(300)

    told_by = await asyncio.gather(*(desk.store.act(start_due_tasks) for _ in range(3)))

    assert sum(told_by) == 1
    assert len(await told(desk, desk.ivan.telegram_id)) == 2


async def test_the_same_dialog_planned_twice_is_one_task(desk: Desk, dialog: Dialog) -> None:
    def plan(tx: Tx) -> list[int]:
        twice = [*dialog.participants, *dialog.participants]
        return plan_tasks(tx, dialog=dialog, creator=desk.maria.as_actor(), managers=twice)

    assert await desk.store.act(plan) == []
    assert len(await desk.store.read(tasks_of, manager=desk.ivan)) == 1
    assert len(await told(desk, desk.ivan.telegram_id)) == 1


async def test_a_finished_task_is_removed_and_sends_no_notice(
    desk: Desk, dialog: Dialog, clock: ManualClock
) -> None:
    (task,) = await desk.store.read(tasks_of, manager=desk.ivan)
    for _ in range(2):
        await desk.store.act(finish_task, manager=desk.ivan, task_id=task["id"])
    clock.advance(300)

    assert await desk.store.act(start_due_tasks) == 0
    assert await desk.store.read(tasks_of, manager=desk.ivan) == []


async def test_a_manager_cannot_finish_anothers_task(desk: Desk, dialog: Dialog) -> None:
    (task,) = await desk.store.read(tasks_of, manager=desk.ivan)

    with pytest.raises(NotFound):
        await desk.store.act(finish_task, manager=desk.maria, task_id=task["id"])
    assert len(await desk.store.read(tasks_of, manager=desk.ivan)) == 1


async def test_a_closed_dialog_has_no_tasks(desk: Desk, dialog: Dialog, clock: ManualClock) -> None:
    await desk.store.act(close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=Closing())
    clock.advance(300)

    assert await desk.store.act(start_due_tasks) == 0
    assert await desk.store.read(tasks_of, manager=desk.ivan) == []


async def test_a_former_manager_is_not_notified(desk: Desk, dialog: Dialog, clock: ManualClock) -> None:
    await desk.store.act(managers.update, desk.ivan.id, active=False)
    clock.advance(300)

    assert await desk.store.act(start_due_tasks) == 0
