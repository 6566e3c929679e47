"""The sender: takes due rows from the outbox, makes the calls, and stores every outcome."""

import asyncio
import logging
import secrets
import socket
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from holdline.desk.delivery.delivery import SendRound, settle_and_start, settle_orphans
from holdline.desk.delivery.settle import reap
from holdline.desk.delivery.start import Render, SendOptions, StartedCall
from holdline.desk.health import readiness
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.leadership import Leadership
from holdline.scheduler.loops import is_stopped_within
from holdline.scheduler.made_files import attach_file
from holdline.scheduler.outage import Outage
from holdline.scheduler.pace import StoredPaceWindow
from holdline.scheduler.settlement_queue import Settlement, SettlementQueue, pairs
from holdline.store.engine import Store
from holdline.store.errors import StoreConflict, StoreUnavailable, is_temporary
from holdline.telegram.call import Call, CallResult
from holdline.telegram.outcomes import Outcome, Refused, RetryLater, Scope, Sent, Uncertain, judge

IN_FLIGHT_LEAST, IN_FLIGHT_MOST = 8, 64
BATCH = 32
DRAIN_SECONDS = 5.0
BATCHING_FROM, GATHER_SECONDS = 8, 0.004
LONGEST_WAIT = 5.0  # a bell may be lost with a database connection
IDLE_LOOKS_LIMIT, GUARD_SECONDS = (
    3,
    0.02,
)  # items that are due and cannot be started must not keep the processor busy

log = logging.getLogger("holdline.sender")


class SendGateway(Protocol):
    """The methods of the gateway that the sender needs."""

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult: ...


class Sender:
    """`tick()` does one round and waits for it. `run(stop)` keeps `in_flight` calls going, at most one per chat.

    Without a `lead` there is no fencing; only for tests and for tools that own the database alone.
    """

    def __init__(
        self,
        store: Store,
        *,
        render: Render,
        gateway: SendGateway,
        lead: Leadership | None = None,
        in_flight: int | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._store, self._render, self._gateway, self._lead = store, render, gateway, lead
        self._clock = clock
        self._most = in_flight or _calls_at_once(store.rules)
        self._window = StoredPaceWindow(store)
        self._holder = f"{socket.gethostname()}:{secrets.token_hex(4)}"
        self.outage = Outage()
        self._told: tuple[bool, bool] | None = None
        self._flying = 0
        self._marketing_started = 0
        self._look_at = float("-inf")
        self._idle_looks = 0
        self._settling = SettlementQueue(store, clock)

    async def tick(self) -> int:
        """Starts calls, makes them, and settles them. Returns the number of calls."""
        started = await self._turn([], *self._rooms()) if await self._may_send() else []
        async with asyncio.TaskGroup() as group:
            for call in started:
                group.create_task(self._deliver(call))
        await self._settling.flush()
        return len(started)

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`. Then nothing is started, and calls in flight have five seconds to finish."""
        calls: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            bell = group.create_task(self._wake_at(stop))
            await self._take_over()
            try:
                while not stop.is_set():
                    for call in await self._turn_or_rest(stop):
                        calls.add(task := group.create_task(self._deliver(call)))
                        task.add_done_callback(calls.discard)
            finally:
                await self._drain(calls)
                await self._settling.flush()
                bell.cancel()

    async def _take_over(self) -> None:
        """Settles the calls in flight of a dead sender without waiting for their leases. Telegram is probed first."""
        if self._lead is None or not self._lead.predecessor_is_dead:
            return
        if await self._settling.end_unanswered(settle_orphans, epoch=self._lead.epoch):
            self.outage.record_failure(
                self._clock(), "the sender before this one died with calls on the wire"
            )

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._store.bells.ring("outbox")

    async def reap(self) -> int:
        """A chore: settles calls that never returned as unknown. Telegram is probed before they are repeated."""
        unknown = await self._settling.end_unanswered(reap, in_hand=self._settling.in_hand)
        if unknown:
            self.outage.record_failure(self._clock(), "calls that never came back")
        return unknown

    async def store_outage(self) -> int:
        """A chore: stores the outage, because a probe may be answered by another process."""
        reason, token = self.outage.trouble(self._clock()), self.outage.token
        now = (reason is None, token)
        if now == self._told:
            return 0
        await self._store.act(readiness.record_outage, reason=reason, token_refused=token)
        self._told = now
        return 1

    async def _turn_or_rest(self, stop: asyncio.Event) -> list[StartedCall]:
        """Settles results and starts the next calls in one transaction; otherwise rests until something is due."""
        batch: list[Settlement] = []
        try:
            if self._flying > BATCHING_FROM:
                await asyncio.sleep(GATHER_SECONDS)  # more calls return meanwhile and share one commit
            room, paid_room = self._rooms() if await self._may_send() else (0, 0)
            batch = self._settling.take()
            if batch or ((room or paid_room) and self._clock() >= self._look_at):
                return await self._turn(batch, room, paid_room)
            if await self._store.bells.wait("outbox", self._rest_seconds()):
                self._look_at, self._idle_looks = float("-inf"), 0
        except StoreUnavailable as broken:
            log.warning("the outbox is out of reach: %s", broken)
            self._settling.put_back(batch)
            await is_stopped_within(stop, 1.0)
        return []

    async def _turn(self, batch: list[Settlement], room: int, paid_room: int) -> list[StartedCall]:
        try:
            terms = self._send_options(paid_room, careful=False)
            done = await self._store.act(settle_and_start, settled=pairs(batch), limit=room, options=terms)
            self._settling.forget([settlement.started for settlement in batch])
        except Exception as broken:
            if is_temporary(broken):
                raise
            log.exception("something breaks the round; it is done again piece by piece")
            await self._settling.one_by_one(batch)
            terms = self._send_options(paid_room, careful=True)
            done = await self._store.act(settle_and_start, settled=[], limit=room, options=terms)
        self._schedule_next_turn(done, room, paid_room, vain=not batch)
        return self._count_started(done.started)

    def _schedule_next_turn(self, done: SendRound, room: int, paid_room: int, *, vain: bool) -> None:
        """Sets the time of the next turn: now if there may be more to do, otherwise when something becomes due."""
        self._idle_looks = self._idle_looks + 1 if vain and not done.started else 0
        paid = sum(call.is_paid for call in done.started)
        is_full = (room and len(done.started) - paid >= room) or (paid and len(done.started) >= paid_room)
        if is_full or not (room or paid_room):
            self._look_at = float("-inf")
            return
        if not room:  # every paid call that is due was started
            self._look_at = self._clock() + self._window.seconds_until_room(self._clock())
            return
        rest = LONGEST_WAIT if done.rest_seconds is None else done.rest_seconds
        guard = GUARD_SECONDS if self._idle_looks >= IDLE_LOOKS_LIMIT else 0.0
        self._look_at = self._clock() + min(LONGEST_WAIT, max(rest, guard))

    def _rooms(self) -> tuple[int, int]:
        """The numbers of calls that may be started now, and that may be started if a broadcast pays for them."""
        return self._room(), self._room_for_paid()

    def _room(self) -> int:
        """The number of calls that may be started now."""
        most = 1 if self.outage.careful else self._most
        return max(0, min(most - self._flying, self._window.room(self._clock()), BATCH))

    def _room_for_paid(self) -> int:
        """The number of paid calls that may be started now. Some of the calls in flight are reserved for free ones."""
        kept = self._most - IN_FLIGHT_LEAST - self._flying
        paid = 0 if self.outage.careful else self._window.room_for_paid(self._clock())
        return max(0, min(kept, paid, BATCH))

    def _count_started(self, started: list[StartedCall]) -> list[StartedCall]:
        self._flying += len(started)
        paid = sum(call.is_paid for call in started)
        marketing = sum(call.is_marketing for call in started) - paid
        self._marketing_started += marketing
        self._settling.expect(started)
        self._window.take(self._clock(), len(started) - paid, marketing=marketing)
        self._window.take_paid(self._clock(), paid)
        return started

    def _send_options(self, paid_room: int, *, careful: bool) -> SendOptions:
        now = self._clock()
        marketing_limit = self._window.room_for_marketing(now)
        return SendOptions(
            epoch=self._lead.epoch if self._lead else 0,
            holder=self._holder,
            render=self._render,
            marketing_limit=marketing_limit,
            marketing_rest=self._window.seconds_until_marketing(now, marketing_limit),
            marketing_started=self._marketing_started,
            paid_limit=paid_room,
            careful=careful,
        )

    async def _deliver(self, started: StartedCall) -> None:
        """Makes the call and passes its outcome to the settlement queue."""
        try:
            outcome = await self._call(started.call)
        except BaseException:
            self._settling.forget([started])
            raise
        finally:
            self._flying -= 1
        self._update_outage(outcome)
        self._settling.add(started, outcome)

    async def _call(self, call: Call) -> Outcome:
        try:
            whole = await attach_file(self._store, call)
        except (StoreUnavailable, StoreConflict) as broken:
            return RetryLater(f"its file cannot be made yet: {broken}", Scope.BOT)
        if self._lead is not None and not self._lead.held:
            # Frozen since the call was started: another process may have made it, or the customer may have said stop.
            return RetryLater("this process was silent for too long", Scope.BOT)
        return judge(await self._gateway.send(whole), method=call.method)

    def _update_outage(self, outcome: Outcome) -> None:
        """Updates the outage state from one outcome."""
        now = self._clock()
        match outcome:
            case RetryLater(reason, Scope.TOKEN):
                log.error("Telegram refuses the token (%s): nothing is sent, everything is kept", reason)
                self.outage.token_refused(now, reason)
            case RetryLater(reason, Scope.BOT | Scope.FRONT) | Uncertain(reason):
                self.outage.record_failure(now, reason)
            case Sent() | Refused():
                self.outage.record_success()

    async def _may_send(self) -> bool:
        if self._lead is not None and not self._lead.held:
            return False
        now = self._clock()
        if self.outage.calm:
            await self._window.look(now)
            return True
        if self.outage.seconds_left(now) > 0:
            return False
        answer = await self._gateway.send(Call("getMe", {}))
        outcome = judge(answer, method="getMe")
        refused = isinstance(outcome, RetryLater) and outcome.scope is Scope.TOKEN
        self.outage.record_probe(self._clock(), answered=isinstance(outcome, Sent), token_refused=refused)
        return self.outage.calm

    def _rest_seconds(self) -> float:
        """Seconds until something can become due. A bell ends the wait earlier."""
        now = self._clock()
        if self._lead is not None and not self._lead.held:
            return 0.5
        if not self.outage.calm:
            return min(LONGEST_WAIT, max(0.01, self.outage.seconds_left(now)))
        if self._flying >= (1 if self.outage.careful else self._most):
            return LONGEST_WAIT
        if not self._window.room(now):
            until_room = max(0.001, self._window.seconds_until_room(now))
            return min(until_room, max(0.001, self._look_at - now)) if self._room_for_paid() else until_room
        return max(0.0, self._look_at - now)

    async def _drain(self, calls: set[asyncio.Task[None]]) -> None:
        if calls:
            _, late = await asyncio.wait(calls, timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()


def _calls_at_once(rules: DeskRules) -> int:
    """The number of concurrent calls that reaches the rate if a call takes a quarter of a second."""
    per_second = max(rules.per_second, rules.paid_per_second)
    if rules.per_second <= 0:
        return IN_FLIGHT_MOST
    return int(min(IN_FLIGHT_MOST, max(IN_FLIGHT_LEAST, per_second / 4)))
