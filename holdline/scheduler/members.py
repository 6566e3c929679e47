"""Asks Telegram who is still in the staff group, so that a missed update leaves nobody their rights."""

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from holdline.desk.health.readiness import frozen_seconds
from holdline.desk.people.membership import members_to_check, update_group_membership
from holdline.scheduler.outage import Outage
from holdline.store.engine import Store
from holdline.telegram.call import Call, CallResult
from holdline.telegram.chats import is_inside
from holdline.telegram.outcomes import RetryLater, Sent, judge

ROUND_SECONDS = 600.0
"""The interval of full rounds. The first one is at the start."""

TURN_SECONDS, CHECKS_PER_TURN = 5.0, 5
_LATER_SECONDS = 30.0


class QueryGateway(Protocol):
    """The methods of the gateway that this check needs. Questions show nothing to anybody, so they bypass
    the outbox.
    """

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult: ...


class MembershipCheck:
    """`look()` is one turn: a few questions, and none while Telegram is down or has asked for silence."""

    def __init__(
        self, store: Store, gateway: QueryGateway, outage: Outage, clock: Callable[[], float] = monotonic
    ) -> None:
        self._store, self._gateway, self._outage, self._clock = store, gateway, outage, clock
        self._waiting: deque[int] = deque()
        self._said_left: set[int] = set()
        self._group = 0
        self._round_at = self._not_before = float("-inf")

    async def look(self) -> int:
        """Returns the number of people who were checked."""
        now = self._clock()
        if not self._waiting and now >= self._round_at:
            self._group, people = await self._store.read(members_to_check)
            self._waiting, self._round_at = deque(people), now + ROUND_SECONDS
        self._waiting.extendleft(self._said_left.difference(self._waiting))
        count = 0
        while count < CHECKS_PER_TURN and self._waiting and await self._may_ask():
            await self._ask(self._waiting.popleft())
            count += 1
        return count

    async def _may_ask(self) -> bool:
        if self._clock() < self._not_before or not self._outage.calm:
            return False
        return not (await self._store.read(frozen_seconds))["everything"]

    async def _ask(self, telegram_id: int) -> None:
        """A refusal says nothing about the person: the group may be closed to the bot, or Telegram may not know the
        person.
        """
        as_of = self._store.clock.now()
        answer = await self._gateway.send(
            Call("getChatMember", {"chat_id": self._group, "user_id": telegram_id})
        )
        match judge(answer, method="getChatMember"):
            case Sent(dict(member)) if (now := is_inside(member)) is not None:
                if not now and telegram_id not in self._said_left:
                    self._said_left.add(telegram_id)  # one such answer may be wrong: asked again next turn
                    return
                self._said_left.discard(telegram_id)
                await self._store.act(
                    update_group_membership,
                    telegram_id=telegram_id,
                    inside=now,
                    as_of=as_of,
                    was_removed=member.get("status") == "kicked",
                )
            case RetryLater(_, _, retry_after):
                self._waiting.appendleft(telegram_id)
                self._not_before = self._clock() + (retry_after or _LATER_SECONDS)
