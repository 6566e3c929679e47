"""Leadership: one sender and one intake per bot, identified by an epoch that only increases."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from time import monotonic

from holdline.scheduler.loops import Fatal, is_stopped_within
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.store.engines.instance_lock import instance_lock
from holdline.store.engines.leases import LEASE_SECONDS
from holdline.store.errors import StoreUnavailable
from holdline.store.tx import Tx

RENEW_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 1.0
_HOLDER = "{}, process {}"

log = logging.getLogger("holdline.lead")


def process_here(holder: str) -> int | None:
    """The process that this holder of a lease names, if it names one of this machine."""
    machine, _, process = holder.rpartition(_HOLDER.format("", ""))
    return int(process) if machine == socket.gethostname() and process.isdecimal() else None


class SecondInstance(Fatal):
    """Another Holdline process works for the same bot. The sentence says what to do."""


class Leadership:
    """`held` is true while the lease is certainly ours, `waiting` while another process has it.

    `role`: sender or intake. A `standby` waits for its turn.
    """

    def __init__(
        self, store: Store, role: str, *, standby: bool = False, clock: Callable[[], float] = monotonic
    ) -> None:
        self._store, self.role, self._standby, self._clock = store, role, standby, clock
        self._lock = instance_lock(store, role)
        self._good_until = float("-inf")
        self.holder = _HOLDER.format(socket.gethostname(), os.getpid())
        self.epoch = 0
        self.waiting = False
        self.predecessor_is_dead = False

    @property
    def held(self) -> bool:
        """If false, nothing may be started."""
        return self._clock() < self._good_until and not self._lock.lost

    async def take(self, stop: asyncio.Event | None = None) -> None:
        """Takes the lease, or raises SecondInstance. A standby waits until the previous holder is gone, or until
        `stop`.
        """
        waiting = stop or asyncio.Event()
        while not await self._try():
            if not self._standby:
                raise SecondInstance(await self._sentence())
            self.waiting = True
            if await is_stopped_within(waiting, _LOOK_AGAIN_SECONDS):
                return
        self.waiting = False

    async def keep(self, stop: asyncio.Event) -> None:
        """Renews the lease until `stop`, then releases it. Raises SecondInstance if another process has taken it."""
        while not await is_stopped_within(stop, RENEW_SECONDS):
            await self.renew()
        await self.release()

    async def renew(self) -> None:
        """Renews the lease once. A store that does not answer does not yet mean that the lease is lost."""
        asked_at = self._clock()
        try:
            ours = await self._store.act(leases.renew, self.role, self.epoch, seconds=LEASE_SECONDS)
        except StoreUnavailable as broken:
            log.warning("the %s lease cannot be renewed: %s", self.role, broken)
            return
        if not ours:
            self._good_until = float("-inf")
            raise SecondInstance(
                f"Another Holdline has taken over as {self.role} while this one was silent; this one stops. "
                "Nothing is lost. Start it again only after the other one has stopped."
            )
        self._good_until = asked_at + LEASE_SECONDS - 1
        await asyncio.to_thread(self._lock.keep)

    async def release(self) -> None:
        """Releases the lease, so that the next process need not wait."""
        self._good_until = float("-inf")
        try:
            await self._store.act(leases.release, self.role, self.epoch)
        except StoreUnavailable:
            log.info("the %s lease was not given back; it ends by itself", self.role)
        await asyncio.to_thread(self._lock.drop)

    async def _try(self) -> bool:
        leads = False
        try:
            leads = await self._seize()
        finally:
            if not leads:
                await asyncio.to_thread(self._lock.drop)
        return leads

    async def _seize(self) -> bool:
        locked = await asyncio.to_thread(self._lock.take)
        if not (await self._free() if locked else await self._silent()):
            return False
        asked_at = self._clock()
        self.epoch = await self._store.act(leases.seize, self.role, self.holder, seconds=LEASE_SECONDS)
        self._good_until = asked_at + LEASE_SECONDS - 1
        await asyncio.to_thread(self._lock.keep)
        return True

    async def _free(self) -> bool:
        """Whether the lock is free, because it was released or its holder is dead. False if the holder is alive and
        only lost the lock.

        A holder that was seen a moment ago and is gone now is dead. One that was silent for longer may have been cut
        off while its calls continued, unless the lock itself shows the difference.
        """
        given_back, expired = await self._store.read(_lease_state, self.role)
        if not given_back and not await asyncio.to_thread(self._lock.is_abandoned):
            return False
        self.predecessor_is_dead = given_back or not expired or self._lock.certain
        return True

    async def _silent(self) -> bool:
        """Whether the lock's holder is frozen: it has the lock, but its lease has expired. Checked twice, because it
        may just be starting.

        After the clock was put forward every lease looks expired, so the holder gets time to renew it.
        """
        self.predecessor_is_dead = False
        if self._store.clock_watch.has_stepped_within(LEASE_SECONDS):
            return False
        for pause in (_LOOK_AGAIN_SECONDS, 0.0):
            _, expired = await self._store.read(_lease_state, self.role)
            if not expired:
                return False
            await asyncio.sleep(pause)
        return True

    async def _sentence(self) -> str:
        lease = await self._store.read(leases.current, self.role)
        who = f" ({lease['holder']})" if lease else ""
        return (
            f"Another Holdline already works as {self.role} for this bot{who}. Stop that one first; "
            "on PostgreSQL a process started with --role waits as a standby instead."
        )


def _lease_state(tx: Tx, role: str) -> tuple[bool, bool]:
    """Whether the lease was released (or never existed), and whether it has expired."""
    lease = leases.current(tx, role)
    return not leases.is_held(lease), lease is None or lease["expires_at"] <= tx.at
