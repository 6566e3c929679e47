"""Bulk jobs: one act on many dialogs. The job is stored first, then each dialog is done in its own transaction, so that
a crash loses nothing.
"""

from collections.abc import Iterable

from holdline.desk.dialogs.bulk_steps import do_step, refuse_bad_step
from holdline.desk.notices.bulk_cards import redraw_progress, send_progress
from holdline.desk.people.managers import get_acting_manager, require_permission
from holdline.dialogs.bulk import MOST_DIALOGS, BulkJob, BulkStep
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, DeskError, NotFound
from holdline.dialogs.rights import Act
from holdline.store.dialogs import bulk_jobs, dialogs
from holdline.store.dialogs.bulk_jobs import BulkItem
from holdline.store.dialogs.dialog_filter import DialogFilter
from holdline.store.people import managers
from holdline.store.tx import Tx


def start_bulk(
    tx: Tx,
    *,
    manager: Manager,
    step: BulkStep,
    dialog_ids: Iterable[int] | None = None,
    narrowed: DialogFilter | None = None,
    shown_in: tuple[int, int | None] | None = None,
) -> BulkJob:
    """Starts a job on the dialogs named, or on those that match now. Each dialog is refused separately, by the
    manager's rights at that moment. `shown_in`: the chat and the thread in which a card shows the progress.
    """
    require_permission(tx, manager, Act.WORK_IN_BULK)
    refuse_bad_step(tx, step)
    if (dialog_ids is None) == (narrowed is None):
        raise BadInput("dialogs", "bulk.whom")
    chosen = list(dialog_ids or ())
    if narrowed is not None:
        chosen = dialogs.ids_of(tx, narrowed, limit=MOST_DIALOGS + 1)
    if len(chosen) > MOST_DIALOGS:
        raise BadInput("filter" if narrowed is not None else "dialogs", "bulk.too_many", limit=MOST_DIALOGS)
    chat_id, thread_id = shown_in or (None, None)
    job_id = bulk_jobs.insert(tx, step, chosen, manager_id=manager.id, chat_id=chat_id)
    job = bulk_by_id(tx, job_id=job_id)
    send_progress(tx, job, thread_id=thread_id, language=manager.language)
    return job


def bulk_by_id(tx: Tx, *, job_id: int) -> BulkJob:
    job = bulk_jobs.by_id(tx, job_id)
    if job is None:
        raise NotFound("bulk_job", job_id)
    return job


def do_bulk_item(tx: Tx, *, item: BulkItem) -> None:
    """Carries out the step on one dialog, once even if tried repeatedly. If it is refused, raises the refusal and
    changes nothing.
    """
    if not bulk_jobs.claim(tx, item):
        return
    job = bulk_by_id(tx, job_id=item.job_id)
    do_step(tx, job.step, manager=_manager_of(tx, job), dialog_id=item.dialog_id)
    _go_on(tx, item.job_id)


def refuse_bulk_item(tx: Tx, *, item: BulkItem, refusal: DeskError) -> None:
    """Marks the item as refused, with the reason in the manager's language; its dialog stays unchanged."""
    why = refusal.sentence(_language_of(tx, item.job_id))
    bulk_jobs.refuse(tx, item, code=refusal.code, message=why)
    _go_on(tx, item.job_id)


def refuse_rest_of_bulk(tx: Tx, *, job_id: int, refusal: DeskError) -> None:
    """Refuses all dialogs of the job that still wait, in one statement, because they may be thousands."""
    why = refusal.sentence(_language_of(tx, job_id))
    bulk_jobs.refuse_waiting(tx, job_id, code=refusal.code, message=why)
    _go_on(tx, job_id)


def _language_of(tx: Tx, job_id: int) -> str:
    manager = managers.by_id(tx, bulk_by_id(tx, job_id=job_id).manager_id)
    return manager.language if manager is not None else tx.rules.language


def _go_on(tx: Tx, job_id: int) -> None:
    bulk_jobs.finish(tx, job_id)
    redraw_progress(tx, bulk_by_id(tx, job_id=job_id))


def _manager_of(tx: Tx, job: BulkJob) -> Manager:
    manager = managers.by_id(tx, job.manager_id)
    assert manager is not None
    return get_acting_manager(tx, manager.telegram_id)
