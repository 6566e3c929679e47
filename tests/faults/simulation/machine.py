"""The machine of the desk: it starts the desk, cuts its power, and opens the same database again."""

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import Any, ClassVar, Protocol

import structlog

from holdline.app import run_desk, wiring
from holdline.app.configuration import Configuration
from holdline.app.process_status import ProcessStatus
from holdline.app.settings import Settings
from holdline.app.wiring import ALL, web_of
from holdline.bot.intake import worker
from holdline.scheduler import broadcast_loop, leadership, timers
from holdline.scheduler.tagging import tagging_loop
from holdline.scheduler.timers import Chore
from holdline.scheduler.webhooks import webhook_loop
from holdline.store.engine import Store
from holdline.store.engines.hosted_connection import HostedConnection, connect
from holdline.store.engines.instance_lock import InstanceLock, instance_lock
from holdline.store.engines.sqlite import SqliteEngine
from holdline.store.errors import StoreUnavailable
from tests.faults.simulation.replaced import DeskClock
from tests.faults.simulation.wire import InProcessGateway, Wire

_process: ContextVar["Process | None"] = ContextVar("process", default=None)
LONGEST_TRANSACTION = 0.004


class Fuse:
    """The plug is pulled when so many moments of a kind have come; `burnt` is set then."""

    KINDS = ("before a commit", "after a commit", "asked", "written", "answered", "fetched")

    def __init__(self, process: "Process", kind: str, moments: int) -> None:
        self._process, self._kind, self._left = process, kind, moments
        self.burnt = asyncio.Event()

    def reach(self, kind: str) -> None:
        if kind == self._kind:
            self._left -= 1
        if self._left <= 0:
            self._process.end()
            self.burnt.set()


def reach(kind: str) -> bool:
    """A moment of the present process; returns whether it lives on."""
    process = living()
    if process.alive and process.fuse is not None:
        process.fuse.reach(kind)
    return process.alive


class Ends(Protocol):
    """What reaches a database until its process dies."""

    def end(self) -> None: ...


class Connection(HostedConnection):
    """Does its work in the event loop, a random moment later; nothing after the death of its process."""

    dice: ClassVar[random.Random]

    @classmethod
    async def open(cls, path: Path, pragmas: tuple[str, ...]) -> "Connection":
        made = cls(lambda: connect(path, pragmas), iter_chunk_size=64)
        made._connection = connect(path, pragmas)
        made._process = living()
        made._process.connections.append(made)
        return made

    async def run_in_thread(self, work: Any) -> Any:
        await asyncio.sleep(self.dice.uniform(0, LONGEST_TRANSACTION))
        if self._connection is None or not self._process.alive:
            raise StoreUnavailable("the store is closed")
        return work()

    def post(self, work: Any) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(self.dice.uniform(0, LONGEST_TRANSACTION), self._do, work)

    async def close(self) -> None:
        self.end()

    def end(self) -> None:
        """An open transaction is rolled back, as after the death of a process."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _do(self, work: Any) -> None:
        if self._process.alive and reach("before a commit"):
            work()
            reach("after a commit")


def living() -> "Process":
    """The process in which the present task runs."""
    found = _process.get()
    assert found is not None, "only the desk's own tasks open a database"
    return found


class Process:
    """One run of the desk, with everything that its end must end."""

    def __init__(self) -> None:
        self.alive = True
        self.tasks: list[asyncio.Task[Any]] = []
        self.connections: list[Ends] = []
        self.locks: list[InstanceLock] = []
        self.store: Store | None = None
        self.app: Any = None
        self.stop = asyncio.Event()
        self.main: asyncio.Task[None] | None = None
        self.fuse: Fuse | None = None

    def begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """A task of this process: it ends with it."""
        context = copy_context()
        context.run(_process.set, self)
        return context.run(asyncio.ensure_future, work)

    def end(self) -> None:
        """From here on nothing of it reaches the database or Telegram, whatever its tasks do at their ends."""
        self.alive, self.app = False, None
        for connection in self.connections:
            connection.end()
        for lock in self.locks:
            lock.drop()

    async def die(self) -> None:
        self.end()
        while left := [task for task in self.tasks if not task.done()]:
            for task in left:
                task.cancel()
            await asyncio.sleep(0)

    def holds_down(self, task: asyncio.Task[Any]) -> None:
        self.tasks.append(task)
        if len(self.tasks) > 2000:
            self.tasks = [one for one in self.tasks if not one.done()]


def task_factory(loop: asyncio.AbstractEventLoop, work: Any, context: Any = None) -> asyncio.Task[Any]:
    """Notes for each task of which process it is."""
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, context=context)
    process = context.get(_process) if context is not None else _process.get()
    if process is not None:
        process.holds_down(task)
    return task


class Complaints(logging.Handler):
    """What a living desk logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if (process := _process.get()) is None or process.alive:
            self.said.append(self.format(record))

    def take_event(self, _logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
        """A processor of structlog."""
        if method in ("error", "exception", "critical") and ((p := _process.get()) is None or p.alive):
            self.said.append(str(event))
        raise structlog.DropEvent


def _rare(name: str, seconds: float, do: Any) -> Chore:
    """Chores that look every second or two look ten times less often: they are what idle time costs."""
    return Chore(name, max(seconds, 10 * min(seconds, 2)), do)


class Machine:
    """`process` is the desk that runs now, or ran last. `clock` may be set."""

    def __init__(self, settings: Settings, folder: Path, wire: Wire, clock: DeskClock) -> None:
        self.settings, self.folder, self.wire, self.clock = settings, folder, wire, clock
        self.process: Process | None = None
        self.complaints = Complaints()
        self.starts = 0

    @property
    def running(self) -> Process | None:
        """The desk, if it is alive and its database is open."""
        process = self.process
        return process if process is not None and process.alive and process.app is not None else None

    def start(self) -> Process:
        assert self.process is None or not self.process.alive
        self.starts += 1
        self.process = Process()
        self.process.main = self.process.begin(self._run(self.process))
        return self.process

    async def kill(self) -> None:
        assert self.process is not None
        await self.process.die()

    async def stop(self) -> None:
        """In good order; what its loops raised is raised here."""
        assert self.process is not None and self.process.main is not None
        self.process.stop.set()
        await self.process.main
        self.process.alive = False

    def store_of(self) -> Store:
        return Store(
            self.settings.store.url,
            bot_id=self.settings.bot_id,
            rules=self.settings.rules,
            clock=self.clock,
            base=self.folder,
        )

    async def _run(self, process: Process) -> None:
        """`holdline run` without its command line and its sockets."""
        store = process.store = self.store_of()
        await store.start()
        try:
            process.app = web_of(ALL, store, self.settings, ProcessStatus(process.stop))
            configuration = Configuration(self.settings, path=None, base=self.folder)
            await run_desk.run_desk_loops(configuration, store, role=ALL, listener=None, stop=process.stop)
        finally:
            process.app = None
            if process.alive:
                await store.close()

    def wire_up(
        self, patch: Any, dice: random.Random, lock_of: Callable[[Store, str], InstanceLock] = instance_lock
    ) -> None:
        """Puts the machine's own parts into the product: connections, locks, the gateway, and how it logs."""

        def lock(store: Store, role: str) -> InstanceLock:
            made = lock_of(store, role)
            living().locks.append(made)
            return made

        made = type("SimulatedConnection", (Connection,), {"dice": dice})
        patch.setattr(SqliteEngine, "connection_class", made)
        patch.setattr(leadership, "instance_lock", lock)
        patch.setattr(timers, "Chore", _rare)
        patch.setattr(wiring, "Chore", _rare)
        for module in (worker, broadcast_loop, webhook_loop, tagging_loop):
            for name in ("LOOK_SECONDS", "TURN_SECONDS"):
                patch.setattr(module, name, 10.0, raising=False)
        patch.setattr(
            run_desk, "Gateway", lambda token, base: InProcessGateway(token, base, self.wire, reach)
        )
        structlog.configure(processors=[self.complaints.take_event], cache_logger_on_first_use=False)
        logger = logging.getLogger("holdline")
        patch.setattr(logger, "handlers", [*logger.handlers, self.complaints])
