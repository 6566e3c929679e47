"""The store as its callers see it: `act` runs a write transaction, `read` one that only reads, each in one thread
hop.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from holdline.dialogs.rules import DeskRules
from holdline.store.clock import Clock, ClockWatch
from holdline.store.clock_steps import correct_stored_times
from holdline.store.delivery import waiting_chats
from holdline.store.engines.disk_reserve import DiskReserve
from holdline.store.engines.migrate import BeforeUpgrade
from holdline.store.engines.query_cache import QueryCache
from holdline.store.engines.sqlite import SqliteEngine
from holdline.store.errors import MessageIdUnknownYet, StoreConflict, StoreUnavailable
from holdline.store.intake.backlog_watch import BacklogWatch
from holdline.store.people import leaving
from holdline.store.tx import Cursor, Row, Tx

log = logging.getLogger("holdline.store")

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 6
FIRST_PAUSE_SECONDS, PAUSE_GROWTH = 0.02, 2.5
"""The pause between two tries after a conflict: 20 ms to 0.8 s, plus up to half of it at random, so that the two
transactions do not meet again.
"""


class Engine(Protocol):
    """What both SQLite and PostgreSQL offer."""

    name: str

    @property
    def reserve(self) -> DiskReserve | None:
        """None on PostgreSQL, whose disk is another machine's."""

    async def start(self, before: BeforeUpgrade | None = None) -> list[str]: ...
    async def close(self) -> None: ...
    async def write(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]: ...
    async def read(self, work: Callable[[Tx], Any], *, much: bool = False) -> Any: ...
    async def scrub(self) -> None: ...
    async def refresh_statistics(self) -> int: ...


class Store:
    """One database for one bot's desk; `url` is as in the configuration, with paths relative to `base`."""

    def __init__(
        self,
        url: str,
        *,
        bot_id: int = 0,
        rules: DeskRules | None = None,
        clock: Clock | None = None,
        base: Path | None = None,
        reserve_bytes: int = 0,
    ) -> None:
        self.bot_id = bot_id
        self.base = base or Path()
        self.rules = rules or DeskRules()
        self.clock = clock or Clock()
        self.clock_watch = ClockWatch(self.clock)
        self._follows_clock = asyncio.Lock()
        self._reads_much = asyncio.Lock()
        self.heavy_reads_waiting = 0
        self._refused, self._refused_at = 0, 0.0
        self.bells = Bells()
        self.backlog = BacklogWatch()
        self.engine = self._engine(url, self.base, reserve_bytes)
        self.reserve = self.engine.reserve

    async def start(self, *, before: BeforeUpgrade | None = None) -> list[str]:
        """Opens and migrates, unless `before` refuses; returns the names of the migrations that ran."""
        ran = await self.engine.start(before)
        await self._follow_clock()
        return ran

    async def close(self) -> None:
        await self.engine.close()

    async def act(self, use_case: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs one transaction, retries it with growing pauses after a conflict, and then rings the bells that it
        woke.
        """

        await self._follow_clock()

        def work(tx: Tx) -> R:
            result = use_case(tx, *args, **kwargs)
            leaving.cancel_for_former_readers(tx)
            waiting_chats.flush(tx)
            return result

        return await self._write_and_ring(work)  # type: ignore[no-any-return] # the engine carries it through untyped

    async def read(
        self, question: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Runs the question in one transaction. The question must not write."""
        return await self.engine.read(lambda tx: question(tx, *args, **kwargs))  # type: ignore[no-any-return] # as above

    async def read_heavy(
        self, question: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Runs a question that reads many rows. Only one such read runs at a time, and no other read waits for it."""
        self.heavy_reads_waiting += 1
        try:
            await self._reads_much.acquire()
        finally:
            self.heavy_reads_waiting -= 1
        try:
            return await self.engine.read(lambda tx: question(tx, *args, **kwargs), much=True)  # type: ignore[no-any-return] # as above
        finally:
            self._reads_much.release()

    async def scrub(self) -> None:
        """Overwrites what changed and deleted rows have left in the database's files, as far as the engine can. Raises
        StoreUnavailable if it must be tried again.
        """
        await self.engine.scrub()

    async def refresh_statistics(self) -> int:
        """Analyses tables that have grown suddenly; returns how many."""
        return await self.engine.refresh_statistics()

    async def _write_and_ring(self, work: Callable[[Tx], Any]) -> Any:
        result, woken = await self._write_with_retries(work)
        for channel in woken:
            self.bells.ring(channel)
        return result

    async def _write_with_retries(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]:
        """Raises StoreConflict if the last try meets a conflict as well."""
        for pause in _pauses():
            try:
                return await self._write_once(work)
            except StoreConflict as met:
                log.info("two units met, the later one is tried again: %s", type(met.__cause__).__name__)
                await asyncio.sleep(pause)
        return await self._write_once(work)

    async def _write_once(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]:
        """Logs when writing works again."""
        try:
            done = await self.engine.write(work)
        except (StoreConflict, MessageIdUnknownYet):
            raise
        except StoreUnavailable:
            self._refused += 1
            self._refused_at = self._refused_at or time.monotonic()
            raise
        if self._refused:
            seconds = time.monotonic() - self._refused_at
            log.info("the database takes writes again, after %.0f s and %d refusals", seconds, self._refused)
            self._refused, self._refused_at = 0, 0.0
        return done

    async def _follow_clock(self) -> None:
        """Corrects the stored times at the start, and after the clock was set.

        Runs in a transaction of its own, before the next write transaction.
        """
        watch = self.clock_watch
        if not watch.look():
            return
        async with self._follows_clock:
            if watch.needs_correction:
                step = watch.step_seconds
                await self._write_and_ring(lambda tx: correct_stored_times(tx, step))
                watch.needs_correction = watch.step_seconds != step

    def _engine(self, url: str, base: Path, reserve_bytes: int) -> Engine:
        if url.startswith("sqlite:///"):
            path = base / url.removeprefix("sqlite:///")
            return SqliteEngine(path, self._tx, self.bells.ring, reserve_bytes=reserve_bytes)
        if url.startswith(("postgresql://", "postgres://")):
            from holdline.store.engines.postgres import PostgresEngine  # noqa: PLC0415 - an extra, not always installed

            return PostgresEngine(url, self._tx, self.bells.ring)
        raise ValueError(f"store.url {url!r} is neither sqlite:///path nor postgresql://…")

    def _tx(
        self,
        execute: Callable[[str, Row], Cursor],
        memory: QueryCache | None = None,
        *,
        post: Callable[[str, Row], None] | None = None,
    ) -> Tx:
        return Tx(
            execute,
            at=self.clock.now(),
            bot_id=self.bot_id,
            rules=self.rules,
            memory=memory,
            post=post,
        )


def _pauses() -> Iterator[float]:
    """One pause between each two tries."""
    for number in range(TRIES - 1):
        yield FIRST_PAUSE_SECONDS * PAUSE_GROWTH**number * random.uniform(1, 1.5)


class Bells:
    """One bell per channel. A ring that nobody waits for is kept until somebody does."""

    def __init__(self) -> None:
        self._bells: dict[str, asyncio.Event] = {}
        self._rings: dict[str, int] = {}

    def ring(self, channel: str) -> None:
        self._rings[channel] = self.rings(channel) + 1
        self._bell(channel).set()

    def rings(self, channel: str) -> int:
        """How often the bell was rung, for callers that cache something until it changes."""
        return self._rings.get(channel, 0)

    async def wait(self, channel: str, seconds: float) -> bool:
        """True if the bell rang, False if `seconds` passed first. The ring is used up."""
        bell = self._bell(channel)
        try:
            async with asyncio.timeout(seconds):
                await bell.wait()
        except TimeoutError:
            return False
        bell.clear()
        return True

    def _bell(self, channel: str) -> asyncio.Event:
        return self._bells.setdefault(channel, asyncio.Event())
