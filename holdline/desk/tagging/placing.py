"""Tagging closed dialogs one by one with the answers of the model or the service."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from holdline.desk.record import record
from holdline.desk.tagging.at_close import dialog_text
from holdline.desk.tagging.choices import is_service_on, model_choice, model_in_use
from holdline.dialogs.decisions import changes
from holdline.dialogs.event import Actor
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.tagging.model_state import MOST_TAGS, TagModel
from holdline.store.dialogs import dialogs, lists
from holdline.store.tagging import examples, tag_jobs
from holdline.store.tx import Tx

_MOST_TRIES = 4
_FIRST_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class TagJob:
    """One dialog to tag. `model` and `threshold`: what to ask with; `allowed`: the desk's tags."""

    dialog_id: int
    text: str
    allowed: dict[int, str]
    model: TagModel | None
    threshold: float
    asks_service: bool


def next_job(tx: Tx) -> TagJob | None:
    """The job that has waited longest."""
    row = tag_jobs.next_due(tx)
    if row is None:
        return None
    model = model_in_use(tx)
    text = ""
    try:
        dialog = dialogs.by_id(tx, row["dialog_id"])
        if dialog.merged_into is None:
            text = dialog_text(tx, dialog.id, dialog.title, dialog.description)
    except NotFound:
        pass
    return TagJob(
        dialog_id=row["dialog_id"],
        text=text,
        allowed={tag["id"]: tag["name"] for tag in lists.of_kind(tx, "tags")},
        model=model,
        threshold=model_choice(tx).threshold_for(model) if model else 1.0,
        asks_service=is_service_on(tx),
    )


def place_tags(tx: Tx, *, job: TagJob, tag_ids: Iterable[int], source: str) -> None:
    """Adds the tags, once; never a tag that a person removed from this dialog or that was deleted."""
    if not job.text or not (wanted := list(tag_ids)):
        tag_jobs.delete(tx, job.dialog_id)
        return
    before = dialogs.load_locked(tx, job.dialog_id)
    if not tag_jobs.delete(tx, job.dialog_id):
        return
    living = {tag["id"] for tag in lists.of_kind(tx, "tags")} - examples.was_corrected(tx, job.dialog_id)
    for tag_id in [each for each in wanted if each in living][:MOST_TAGS]:
        dialogs.add_label(tx, job.dialog_id, tag_id, source=source)
    by = Actor(kind="rule", name=f"tag {source}")
    decision = changes.change(before, dialogs.by_id(tx, job.dialog_id), by=by, cause=changes.FOLLOWS_CLOSE)
    if decision.events:
        dialogs.set_fields(tx, job.dialog_id)
    record(tx, decision.events)


def postpone_job(tx: Tx, *, dialog_id: int) -> None:
    """Postpones the job with a growing pause; finally gives up and leaves the dialog's tags as they are."""
    tries = tag_jobs.count_tries(tx, dialog_id)
    if tries + 1 >= _MOST_TRIES:
        tag_jobs.delete(tx, dialog_id)
    else:
        tag_jobs.postpone(tx, dialog_id, until=tx.at + _FIRST_PAUSE * 4**tries)
