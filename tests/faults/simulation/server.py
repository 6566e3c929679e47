"""PostgreSQL in virtual time: its transactions are carried out in the event loop, one after another.

The server is a real one and works in real time, which the desk does not see. Nobody listens for the bells of other
processes, because there are none, and files take the place of the locks of sessions, which watch a real clock.
"""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from holdline.store.engine import Store
from holdline.store.engines import postgres, postgres_statements
from holdline.store.engines.instance_lock import FileLock, lock_path
from holdline.store.engines.migrate import BeforeUpgrade
from holdline.store.errors import StoreUnavailable
from holdline.store.tx import Tx
from tests.faults.simulation.machine import LONGEST_TRANSACTION, living, reach


class ServerLock(FileLock):
    """As with a session's lock, that it is free proves nothing."""

    certain = False


def lock_in(folder: Path, store: Store, role: str) -> ServerLock:
    return ServerLock(lock_path(folder / "server", role, store.bot_id))


class SimulatedStatements(postgres_statements.Statements):
    """Each commit of a transaction that may write is a moment at which the process can die."""

    writes: ClassVar[bool] = False

    def commit(self, woken: set[str], *, waits_for_disk: bool) -> None:
        if self.writes and not reach("before a commit"):
            raise StoreUnavailable("the process is dead")
        super().commit(woken, waits_for_disk=waits_for_disk)
        if self.writes:
            reach("after a commit")


class SimulatedPostgres(postgres.PostgresEngine):
    """Does its work in the event loop, a random moment later; nothing after the death of its process."""

    dice: ClassVar[random.Random]

    async def start(self, before: BeforeUpgrade | None = None) -> list[str]:
        self._process = living()
        self._process.connections.append(self)
        return self._open(before)

    async def write(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]:
        return await self._run_in_thread(lambda: self._write_now(work))  # type: ignore[no-any-return]

    def _write_now(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]:
        SimulatedStatements.writes = True
        try:
            return self._run_transaction(work)
        finally:
            SimulatedStatements.writes = False

    async def _run_in_thread(self, work: Callable[[], Any]) -> Any:
        await asyncio.sleep(self.dice.uniform(0, LONGEST_TRANSACTION))
        if self._stopping.is_set():
            raise StoreUnavailable("the store is closed")
        try:
            return work()
        finally:
            if not self._process.alive:  # what it was told, and what went wrong, nobody hears
                await asyncio.Event().wait()

    async def close(self) -> None:
        self.end()

    def end(self) -> None:
        """An open transaction is rolled back, as after the death of a process."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._threads.shutdown(wait=False)
            self._pool.close()


def wire_up_server(patch: Any, dice: random.Random) -> None:
    """Puts these parts into the product."""
    made = type("SeededPostgres", (SimulatedPostgres,), {"dice": dice})
    patch.setattr(postgres, "PostgresEngine", made)
    patch.setattr(postgres, "Statements", SimulatedStatements)
