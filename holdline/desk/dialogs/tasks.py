"""Personal tasks of managers who were added to a dialog (L-08 to L-10)."""

from collections.abc import Iterable
from datetime import timedelta

from holdline.desk.notices import views
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Actor
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.store.dialogs import tasks
from holdline.store.tx import Row, Tx

STARTS_IN = timedelta(minutes=5)


def plan_tasks(tx: Tx, *, dialog: Dialog, creator: Actor, managers: Iterable[Person]) -> list[int]:
    """Plans a task, with the dialog's title, for each manager but the creator, and notifies them now: it starts in 5
    minutes.
    """
    planned = []
    for other in managers:
        if other.id == creator.id:
            continue
        task_id = tasks.insert(
            tx, manager_id=other.id, dialog_id=dialog.id, title=dialog.title, starts_at=tx.at + STARTS_IN
        )
        if task_id is not None:
            planned.append(task_id)
            words = {"id": dialog.id, "title": dialog.title, "who": creator.name}
            views.notify_manager(tx, other.telegram_id, "desk_notices.task_soon", words, dialog_id=dialog.id)
    if planned:
        tx.wake("tasks")
    return planned


def start_due_tasks(tx: Tx) -> int:
    """Sends the second notice when the five minutes are over; returns how many were notified. One pass takes up to 100
    tasks.
    """
    started = 0
    for task in tasks.lock_due(tx):
        tasks.mark_announced(tx, task["id"])
        if task["state"] == "open" and task["dialog_state"] != "closed" and task["active"]:
            words = {"id": task["dialog_id"], "title": task["title"]}
            views.notify_manager(
                tx, task["telegram_id"], "desk_notices.task_started", words, dialog_id=task["dialog_id"]
            )
            started += 1
    return started


def tasks_of(tx: Tx, *, manager: Manager) -> list[Row]:
    """The manager's open tasks, the next one first: id, dialog_id, title, starts_at, dialog_title, dialog_state."""
    return tasks.list_open(tx, manager.id)


def finish_task(tx: Tx, *, manager: Manager, task_id: int) -> None:
    """Finishes one of the manager's own tasks; doing it again changes nothing."""
    if not tasks.finish(tx, task_id, manager.id):
        raise NotFound("task", task_id)
