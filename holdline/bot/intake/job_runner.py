"""Runs one claimed update through its handler and always stores its outcome."""

import asyncio
import json
import random
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from holdline.bot.intake.interruptible import BackOff, sleep_unless_stopped
from holdline.bot.work import Work
from holdline.dialogs.refusal import DeskError
from holdline.store.engine import Store
from holdline.store.errors import MessageIdUnknownYet, StoreUnavailable, is_temporary
from holdline.store.intake import inbox
from holdline.store.intake.inbox import InboxJob, StaleInboxJob
from holdline.store.intake.inbox_jobs import EXHAUSTED, JobBatch
from holdline.store.tx import Tx

Feed = Callable[[dict[str, Any], Work], Awaitable[None]]
ReportQuarantined = Callable[[Tx, InboxJob, str], None]

NUMBERING_RETRY_SECONDS = 0.2
"""The pause before an update is retried that refers to a message which is still being sent."""
LONGEST_PAUSE_SECONDS = 16.0
"""The longest pause between two attempts to reach the store."""

log = structlog.get_logger("intake")


class Undecodable(Exception):
    """A retry cannot help, because the update has an unknown shape. The sentence does not quote the update."""


class JobRunner:
    """Handles claimed rows one by one. `report_quarantined` notifies administrators in the transaction that quarantines
    a row.
    """

    def __init__(
        self, store: Store, feed: Feed, *, limit_seconds: float, report_quarantined: ReportQuarantined | None
    ) -> None:
        self._store = store
        self._feed = feed
        self._limit = limit_seconds
        self._report_quarantined = report_quarantined
        self._put_off_before: dict[int, int] = {}
        self.must_stop_now = asyncio.Event()

    async def run_job(self, job: InboxJob) -> bool:
        """Returns whether this row is finished, so that the next row of its sender may be handled."""
        over = await self._try_job(job)
        if over:
            self._put_off_before.pop(job.row_id, None)
        return over

    async def _try_job(self, job: InboxJob) -> bool:
        work = Work(job, self._store)
        try:
            async with asyncio.timeout(self._limit):
                await self._feed(_decode(job.raw), work)
                await self._end_unhandled(work)
        except asyncio.CancelledError:
            await self.release([job])
            raise
        except Exception as trouble:
            return await self._end_troubled(job, work, trouble)
        return True

    async def release(self, claims: list[InboxJob], *, seconds: float = 0) -> None:
        """Returns the row unhandled. The attempt does not count."""
        if claims:
            await self._write(lambda tx: inbox.release(tx, claims, seconds=seconds))

    async def claim_jobs(self, claim: Callable[[Tx], JobBatch]) -> JobBatch:
        """Claims the rows that may be handled now. Rows that used up their attempts are reported in the same
        transaction.
        """

        def claim_and_report(tx: Tx) -> JobBatch:
            batch = claim(tx)
            tx.allow_lazy_commit()
            for job in batch.exhausted:
                self._report(tx, job, EXHAUSTED)
            return batch

        try:
            batch = await self._store.act(claim_and_report)
        except Exception as failure:
            if is_temporary(failure):
                raise
            log.error("quarantine_untold", reason=_where(failure))  # noqa: TRY400 - a trace may quote people
            batch = await self._store.act(claim)
        for job in batch.exhausted:
            log.error("update_quarantined", update_id=job.update_id, reason=EXHAUSTED)
        return batch

    async def _end_unhandled(self, work: Work) -> None:
        """Ends a row whose handler returned. An exception that the handler suppressed is raised again."""
        if work.ended:
            return
        if work.refusal:
            await work.ignore(f"refused ({work.refusal.code}) and nobody answered")
        elif work.trouble:
            raise work.trouble
        else:
            await work.ignore("no handler wanted it")

    async def _end_troubled(self, job: InboxJob, work: Work, trouble: Exception) -> bool:
        """Ends a row whose handler raised. An error of the store takes precedence over errors that it caused."""
        if work.ended:
            log.warning("handler_failed_after_its_act", update_id=job.update_id, reason=_where(trouble))
            return True
        refused = work.trouble
        passing = refused is not None and (isinstance(refused, StaleInboxJob) or is_temporary(refused))
        cause = refused if refused is not None and passing else trouble
        if is_temporary(cause):
            await self._put_off(job, cause)
            return False
        match cause:
            case StaleInboxJob():
                await self.release([job])
                return False
            case DeskError():
                await self._write(lambda tx: inbox.ignore(tx, job, f"refused ({cause.code})"))
                return True
            case Undecodable():
                return await self._quarantine(job, f"cannot be decoded: {cause}")
        return await self._record_failure(job, self._reason_of(cause))

    async def _put_off(self, job: InboxJob, cause: Exception) -> None:
        """Retries later without counting the attempt, because the failure is not the update's fault. Pauses grow and
        are randomised.
        """
        times = self._put_off_before.get(job.row_id, 0)
        seconds = NUMBERING_RETRY_SECONDS
        if not isinstance(cause, MessageIdUnknownYet):
            self._put_off_before[job.row_id] = times + 1
            seconds = min(LONGEST_PAUSE_SECONDS, 2.0**times) * random.uniform(0.5, 1)
        await self.release([job], seconds=seconds)
        asyncio.get_running_loop().call_later(seconds, self._store.bells.ring, "inbox")

    async def _record_failure(self, job: InboxJob, reason: str) -> bool:
        log.warning("update_failed", update_id=job.update_id, attempt=job.attempt, reason=reason)
        if job.attempt >= inbox.MAX_ATTEMPTS:
            return await self._quarantine(job, reason)
        await self._write(lambda tx: inbox.record_failure(tx, job, reason))
        return False

    async def _quarantine(self, job: InboxJob, reason: str) -> bool:
        def quarantine_and_report(tx: Tx) -> bool:
            aside = inbox.quarantine(tx, job, reason)
            if aside:
                self._report(tx, job, reason)
            return aside

        try:
            aside = await self._write(quarantine_and_report)
        except Exception as failure:
            log.error("quarantine_untold", update_id=job.update_id, reason=_where(failure))  # noqa: TRY400 - a trace may quote people
            aside = await self._write(lambda tx: inbox.quarantine(tx, job, reason))
        if aside:
            log.error("update_quarantined", update_id=job.update_id, reason=reason)
        return True

    async def _write(self, change: Callable[[Tx], Any]) -> Any:
        """Retries until the store accepts the outcome, because the sender's next row must wait for it.

        After `must_stop_now` is set it tries once. A row without an outcome counts as started and is recovered later.
        """
        waits = BackOff(0.2, 5)
        while True:
            try:
                return await self._store.act(change)
            except StoreUnavailable as broken:
                if not is_temporary(broken):
                    raise
                if self.must_stop_now.is_set():
                    return None
                await sleep_unless_stopped(self.must_stop_now, waits.next())

    def _report(self, tx: Tx, job: InboxJob, reason: str) -> None:
        if self._report_quarantined is not None:
            self._report_quarantined(tx, job, reason)

    def _reason_of(self, trouble: Exception) -> str:
        if isinstance(trouble, TimeoutError):
            return f"its handler took longer than {self._limit:g} s"
        return _where(trouble)


def _decode(raw: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as broken:
        raise Undecodable(type(broken).__name__) from broken
    if not isinstance(value, dict):
        raise Undecodable("it is no JSON object")
    return value


def _where(trouble: Exception) -> str:
    """The class and location of the error, never its message, which may quote a customer."""
    frames = traceback.extract_tb(trouble.__traceback__)
    ours = [
        frame for frame in frames if "holdline" in frame.filename and "/site-packages/" not in frame.filename
    ]
    if not ours:
        return type(trouble).__name__
    last = ours[-1]
    return (
        f"{type(trouble).__name__} at {last.filename.rpartition('holdline/')[2]}:{last.lineno} in {last.name}"
    )
