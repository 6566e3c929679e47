"""The updates that wait for the bot: numbered, filtered when created, kept for a day."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from holdline.sandbox import check, facts
from holdline.sandbox.bell import Bell
from holdline.sandbox.errors import ControlError
from holdline.sandbox.json_types import Json
from holdline.sandbox.world.clock import SandboxClock

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
KEPT_SECONDS = 24 * 3600
"""Telegram keeps an unfetched update for at most a day (Bot API documentation)."""


@dataclass(frozen=True, slots=True)
class QueuedUpdate:
    update: Json
    at: float
    ordering_key: tuple[str, int]
    """Updates with the same key are delivered to a webhook one after another."""


class UpdateQueue:
    def __init__(self, clock: SandboxClock, problems: list[Json] | None, first: int) -> None:
        self._clock = clock
        self._problems = problems
        self.next_id = first
        self.waiting: OrderedDict[int, QueuedUpdate] = OrderedDict()
        self.past: deque[Json] = deque(maxlen=1_000)
        self.allowed: list[str] = []
        self.bell = Bell()
        self.made = 0
        self.listener: Callable[[QueuedUpdate], None] | None = None

    def wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def allow(self, kinds: Iterable[str] | None) -> None:
        """None keeps the previous setting; an empty list restores the default."""
        if kinds is not None:
            fields = facts.api().types["Update"].fields
            self.allowed = [kind for kind in kinds if kind in fields and kind != "update_id"]

    def add(self, kind: str, payload: Json, ordering_key: tuple[str, int]) -> int | None:
        """Returns the id of the update, or None if the bot has not requested that kind."""
        if not self.wants(kind):
            return None
        update = {"update_id": self.next_id, kind: payload}
        if self._problems is not None:
            problems = check.problems_of_update(update)
            self._problems += [{"where": "update", "problem": problem} for problem in problems]
        return self._put(update, ordering_key)

    def add_raw(self, update: Json) -> int:
        """Adds an update unchanged, even if it is malformed. Assigns a number if it has none."""
        numbered = {"update_id": self.next_id} | update
        if not isinstance(numbered["update_id"], int):
            raise ControlError("an update_id is a whole number; leave it out to get the next one")
        return self._put(numbered, ("raw", 0))

    def again(self, update_id: int) -> None:
        """Delivers the same update again, as Telegram does if it missed the confirmation."""
        for update in self.past:
            if update["update_id"] == update_id:
                self._wait(QueuedUpdate(update, self._clock.now(), ("again", update_id)))
                self.waiting = OrderedDict(sorted(self.waiting.items()))
                return
        raise ControlError(f"update {update_id} is not among the last {self.past.maxlen}; take a newer one")

    def _put(self, update: Json, ordering_key: tuple[str, int]) -> int:
        update_id: int = update["update_id"]
        self.next_id = max(self.next_id, update_id) + 1
        self.past.append(update)
        self.made += 1
        self._wait(QueuedUpdate(update, self._clock.now(), ordering_key))
        return update_id

    def _wait(self, waiting: QueuedUpdate) -> None:
        self.waiting[waiting.update["update_id"]] = waiting
        self.bell.ring()
        if self.listener:
            self.listener(waiting)

    def confirm_below(self, offset: int) -> None:
        while self.waiting and next(iter(self.waiting)) < offset:
            self.waiting.popitem(last=False)

    def keep_newest(self, count: int) -> None:
        while len(self.waiting) > count:
            self.waiting.popitem(last=False)

    def mark_delivered(self, update_id: int) -> None:
        self.waiting.pop(update_id, None)

    def expire(self) -> None:
        oldest = self._clock.now() - KEPT_SECONDS
        while self.waiting and next(iter(self.waiting.values())).at < oldest:
            self.waiting.popitem(last=False)

    def first(self, limit: int) -> list[Json]:
        updates: list[Json] = []
        for waiting in self.waiting.values():
            if len(updates) == limit:
                break
            updates.append(waiting.update)
        return updates

    def clear(self) -> None:
        self.waiting.clear()
        self.past.clear()
        self.allowed = []
