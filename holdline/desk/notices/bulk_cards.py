"""The card of a bulk job: shows the progress in place, and at the end what was refused and why."""

from holdline.desk.notices.bot_messages import BotMessage, send_bot_message
from holdline.desk.notices.updatable_notices import redraw_notice
from holdline.desk.notices.views import Line
from holdline.dialogs.bulk import BulkJob
from holdline.store.tx import Tx
from holdline.texts import say

EVERY = 10
"""How many dialogs are done between two edits of the card: a chat takes about one call a second."""
MOST_REASONS = 20


def send_progress(tx: Tx, job: BulkJob, *, thread_id: int | None, language: str) -> None:
    """Sends the card to the chat in which the job was started."""
    if job.chat_id is None:
        return
    (line,) = _lines(job)[:1]
    text = say(line["key"], language, **line["words"])
    send_bot_message(tx, chat_id=job.chat_id, thread_id=thread_id, said=BotMessage(text), key=_key(job))


def redraw_progress(tx: Tx, job: BulkJob) -> None:
    """Updates the card at intervals, and when the job is finished."""
    if job.chat_id is not None and (job.is_finished or (job.done + len(job.refused)) % EVERY == 0):
        redraw_notice(tx, _lines(job), chat_id=job.chat_id, said_as=_key(job), dialog_id=None)


def _lines(job: BulkJob) -> list[Line]:
    words = {"done": job.done, "refused": len(job.refused), "total": job.total}
    head: Line = {"key": "bulk.summary" if job.is_finished else "bulk.progress", "words": words}
    if not job.is_finished:
        return [head]
    reasons: list[Line] = [
        {"key": "bulk.refused_line", "words": {"id": each.dialog_id, "why": each.message}}
        for each in job.refused[:MOST_REASONS]
    ]
    return [head, *reasons]


def _key(job: BulkJob) -> str:
    return f"bulk:{job.id}"
