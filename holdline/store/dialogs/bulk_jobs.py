"""Bulk jobs and their dialogs: waiting, done or refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from holdline.dialogs.bulk import BulkJob, BulkStep, RefusedDialog
from holdline.store.restores.held_work import not_held
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One dialog of a job."""

    job_id: int
    dialog_id: int


def insert(
    tx: Tx, step: BulkStep, dialog_ids: Iterable[int], *, manager_id: int, chat_id: int | None = None
) -> int:
    """Adds the job and returns its id; each dialog is in it once, in the given order. Without dialogs it is finished at
    once.
    """
    each = list(dict.fromkeys(dialog_ids))
    row = tx.one(
        """INSERT INTO bulk_jobs (bot_id, manager_id, step_json, total, chat_id, created_at, finished_at)
           VALUES (:bot, :manager, :step, :total, :chat, :at, :finished) RETURNING id""",
        bot=tx.bot_id,
        manager=manager_id,
        step={"name": step.name, "value": step.value},
        total=len(each),
        chat=chat_id,
        at=tx.at,
        finished=None if each else tx.at,
    )
    assert row is not None
    for position, dialog_id in enumerate(each):
        tx.post(
            "INSERT INTO bulk_items (job_id, dialog_id, position) VALUES (:job, :dialog, :position)",
            job=row["id"],
            dialog=dialog_id,
            position=position,
        )
    return int(row["id"])


def by_id(tx: Tx, job_id: int) -> BulkJob | None:
    row = tx.one("SELECT * FROM bulk_jobs WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=job_id)
    if row is None:
        return None
    refused = tx.all(
        """SELECT dialog_id, code, message FROM bulk_items WHERE job_id = :job AND state = 'refused'
           ORDER BY position""",
        job=job_id,
    )
    return BulkJob(
        id=row["id"],
        manager_id=row["manager_id"],
        step=BulkStep(**row["step_json"]),
        total=row["total"],
        done=_count(tx, job_id, "done"),
        refused=tuple(RefusedDialog(**each) for each in refused),
        is_finished=row["finished_at"] is not None,
        chat_id=row["chat_id"],
    )


def next_item(tx: Tx) -> BulkItem | None:
    """The next waiting dialog. Jobs take turns, so that a short one does not wait for a long one."""
    row = tx.one(
        f"""SELECT i.job_id, i.dialog_id FROM bulk_items i JOIN bulk_jobs j ON j.id = i.job_id
           WHERE i.state = 'waiting' AND j.bot_id = :bot AND {not_held("bulk_jobs", "j.id")}
            ORDER BY i.position, i.job_id LIMIT 1""",
        bot=tx.bot_id,
    )
    return BulkItem(**row) if row else None


def claim(tx: Tx, item: BulkItem) -> bool:
    """Marks the item done; returns whether it still waited. The transaction that does the step starts with this."""
    touched = tx.run(
        """UPDATE bulk_items SET state = 'done'
           WHERE job_id = :job AND dialog_id = :dialog AND state = 'waiting'""",
        job=item.job_id,
        dialog=item.dialog_id,
    )
    return bool(touched)


def refuse(tx: Tx, item: BulkItem, *, code: str, message: str) -> None:
    tx.run(
        """UPDATE bulk_items SET state = 'refused', code = :code, message = :message
           WHERE job_id = :job AND dialog_id = :dialog AND state = 'waiting'""",
        code=code,
        message=message,
        job=item.job_id,
        dialog=item.dialog_id,
    )


def refuse_waiting(tx: Tx, job_id: int, *, code: str, message: str) -> None:
    """Refuses every dialog of the job that still waits."""
    tx.run(
        """UPDATE bulk_items SET state = 'refused', code = :code, message = :message
           WHERE job_id = :job AND state = 'waiting'""",
        code=code,
        message=message,
        job=job_id,
    )


def finish(tx: Tx, job_id: int) -> None:
    """Marks the job finished if none of its dialogs waits any longer."""
    if _count(tx, job_id, "waiting"):
        return
    tx.run(
        "UPDATE bulk_jobs SET finished_at = :at WHERE id = :id AND finished_at IS NULL", at=tx.at, id=job_id
    )


def _count(tx: Tx, job_id: int, state: str) -> int:
    row = tx.one(
        "SELECT COUNT(*) AS n FROM bulk_items WHERE job_id = :job AND state = :state", job=job_id, state=state
    )
    return int(row["n"]) if row else 0
