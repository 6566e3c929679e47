"""The worker: handles inbox rows of many senders concurrently, and those of each sender in order."""

import asyncio
from collections import deque
from dataclasses import dataclass
from functools import partial

import structlog

from holdline.bot.intake.interruptible import BackOff, run_unless_stopped, sleep_unless_stopped
from holdline.bot.intake.job_runner import Feed, JobRunner, ReportQuarantined
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.intake import inbox_jobs
from holdline.store.intake.inbox import InboxJob

LOOK_SECONDS = 1.0
"""The interval of checks, because retries become due without a bell."""

log = structlog.get_logger("intake")


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """`concurrency`: senders at once, not counting slow ones (longer than `brisk_seconds`); `max_concurrency` includes
    them. `concurrency_in_backlog`: the same while Telegram's webhook calls arrive faster than they can be handled.

    A handler is cancelled after `limit_seconds`. A row recovered after a crash runs alone for at most
    `alone_seconds`. A stop waits `grace_seconds` for handlers.
    """

    concurrency: int = 16
    concurrency_in_backlog: int = 1
    max_concurrency: int = 256
    brisk_seconds: float = 0.5
    limit_seconds: float = 20
    alone_seconds: float = 2
    grace_seconds: float = 5


class Worker:
    """One per bot at a time, which the intake lease ensures. `feed` handles one decoded update.

    A slow sender gives up its place, so that a handler that hangs delays only its own sender.
    """

    def __init__(
        self,
        store: Store,
        feed: Feed,
        *,
        limits: WorkerLimits | None = None,
        report_quarantined: ReportQuarantined | None = None,
    ) -> None:
        self._store = store
        self._pace = limits or WorkerLimits()
        self._handling = JobRunner(
            store, feed, limit_seconds=self._pace.limit_seconds, report_quarantined=report_quarantined
        )
        self._busy: set[int] = set()
        self._brisk: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._after = -(2**63)
        self._interrupted: list[int] | None = None
        self._recovery: asyncio.Task[None] | None = None
        self._stopping = False

    async def tick(self) -> int:
        """Handles all rows that can be claimed now. Returns the number of senders."""
        async with asyncio.TaskGroup() as group:
            return await self._start_runs(group)

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`. Then handlers get a grace period, and unfinished rows are returned without counting the
        attempt.
        """
        waits = BackOff(0.2, 1)
        self._stopping = False
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                try:
                    started = await self._start_runs(group)
                except StoreUnavailable as broken:
                    log.warning("inbox_unreadable", reason=str(broken))
                    await sleep_unless_stopped(stop, waits.next())
                    continue
                waits.reset()
                if not started:
                    await run_unless_stopped(stop, self._store.bells.wait("inbox", LOOK_SECONDS))
            await self._finish_handlers()

    async def _finish_handlers(self) -> None:
        self._stopping = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._pace.grace_seconds)
            self._handling.must_stop_now.set()
            for task in late:
                task.cancel()

    async def _start_runs(self, group: asyncio.TaskGroup) -> int:
        await self._recover(group)
        room = min(self._concurrency() - len(self._brisk), self._pace.max_concurrency - len(self._busy))
        if room <= 0:
            return 0
        busy = self._busy.union(self._interrupted or ())
        claimed = await self._handling.claim_jobs(
            lambda tx: inbox_jobs.claim_next(tx, limit=room, busy=busy, after=self._after)
        )
        self._after = claimed.after
        for run in claimed.runs:
            self._start(group, run)
        return len(claimed.runs) + len(claimed.exhausted)

    def _concurrency(self) -> int:
        """Updates are stored before they are handled: while a backlog arrives, handlers leave it the processor."""
        return (
            self._pace.concurrency_in_backlog if self._store.backlog.is_arriving else self._pace.concurrency
        )

    def _start(self, group: asyncio.TaskGroup, run: list[InboxJob]) -> asyncio.Task[None]:
        key = run[0].ordering_key
        self._busy.add(key)
        self._brisk.add(key)
        task = group.create_task(self._handle_and_free(key, run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _handle_and_free(self, key: int, run: list[InboxJob]) -> None:
        timer = asyncio.get_running_loop().call_later(self._pace.brisk_seconds, self._mark_slow, key)
        try:
            await self._handle_run(run)
        except Exception:
            log.exception(
                "run_broke", update_id=run[0].update_id
            )  # its rows are found again: started, but not ended
        finally:
            timer.cancel()
            self._busy.discard(key)
            self._mark_slow(key)

    def _mark_slow(self, key: int) -> None:
        self._brisk.discard(key)
        self._store.bells.ring("inbox")

    async def _handle_run(self, run: list[InboxJob]) -> None:
        """Handles a sender's rows in order. If one is not finished, those after it are returned without counting the
        attempt.
        """
        rest = deque(run)
        try:
            while rest and not self._stopping:
                if not await self._handling.run_job(rest.popleft()):
                    break
        finally:
            await self._handling.release(list(rest))

    async def _recover(self, group: asyncio.TaskGroup) -> None:
        """Handles rows that a dead process left unfinished, one at a time, before all others.

        One of them may have caused the crash; handled together, the others would use up their attempts with it.
        """
        if self._interrupted is None:
            self._interrupted = [
                row["ordering_key"] for row in await self._store.read(inbox_jobs.find_interrupted)
            ]
        while self._interrupted and not self._is_recovery_running():
            key = self._interrupted[0]
            claimed = await self._handling.claim_jobs(partial(inbox_jobs.claim_first, ordering_key=key))
            self._interrupted.pop(0)
            for run in claimed.runs:
                self._recovery = self._start(group, run)
                await asyncio.wait({self._recovery}, timeout=self._pace.alone_seconds)

    def _is_recovery_running(self) -> bool:
        """A recovered row took longer than its time alone. Other recovered rows wait for it; new rows do not."""
        return self._recovery is not None and not self._recovery.done()
