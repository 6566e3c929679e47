"""The faults of calls at Telegram: rules that look at each call and may decide its result."""

import math
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from holdline.sandbox.faults import Fault, Faults

Rule = Callable[[str, dict[str, Any]], Fault | None]
READING = ("getUpdates", "getMe", "getChat", "getChatMember", "deleteWebhook", "setWebhook", "setMyCommands")


class Weather(Faults):
    """Rules are asked in their order, then the sandbox's own faults; `met` counts what they decided."""

    def __init__(self) -> None:
        super().__init__()
        self.rules: list[Rule] = []
        self.met: Counter[str] = Counter()

    def take_matching(self, method: str, params: dict[str, Any]) -> Fault | None:
        for rule in list(self.rules):
            fault = rule(method, params)
            if fault is not None:
                self.met[method] += 1
                return fault
        return super().take_matching(method, params)


def says(method: str) -> bool:
    """Whether the call puts a new message into a chat; a repeat of it is seen by people."""
    return method in ("sendMessage", "copyMessage", "copyMessages", "sendDocument")


def losing_in_all_ways(dice: random.Random, share: float, *, hanging_seconds: float) -> Rule:
    """So many of the messages are carried out, and nobody hears of it: the answer is cut off, cut off in its middle, or
    does not come for so long.
    """
    ways = (
        Fault(drop="after"),
        Fault(drop="midway"),
        Fault(drop="after", delay=hanging_seconds),
    )

    def rule(method: str, params: dict[str, Any]) -> Fault | None:
        return dice.choice(ways) if says(method) and dice.random() < share else None

    return rule


def everything(**fate: Any) -> Rule:
    """Every call alike."""
    return lambda method, params: Fault(**fate)


class Flood:
    """429 on some calls, and Telegram's memory of them: `early` lists the calls made inside a forbidden window.

    `whole` floods the bot: whoever calls is refused until it is over. Else each flood is one chat's. A flood of
    the bot can be known when a second chat was refused; what was on the wire then gets `GRACE_SECONDS`.
    """

    GRACE_SECONDS = 0.5

    def __init__(self, dice: random.Random, *, floods: int, share: float, seconds: int, whole: bool) -> None:
        self._dice, self._left, self._share, self._seconds = dice, floods, share, seconds
        self._whole = whole
        self._until: dict[int, float] = {}
        self._bot_until = 0.0
        self._known_at = 0.0
        self._refused: set[int] = set()
        self.early: list[str] = []
        self.calls = self.refusals = 0

    @property
    def floods_left(self) -> int:
        return self._left

    def end(self) -> float:
        """No flood begins any more; returns the seconds until the last one is over."""
        self._left = 0
        return max(0.0, max([self._bot_until, *self._until.values()]) - time.monotonic())

    def __call__(self, method: str, params: dict[str, Any]) -> Fault | None:
        if method in READING or "chat_id" not in params:
            return None
        self.calls += 1
        chat, now = int(params["chat_id"]), time.monotonic()
        return self._of_bot(chat, now, method) if self._whole else self._of_chat(chat, now, method)

    def _of_chat(self, chat: int, now: float, method: str) -> Fault | None:
        if now < self._until.get(chat, 0.0):
            self.early.append(f"{method} to {chat}, {self._until[chat] - now:.2f} s too early")
        elif self._left and says(method) and self._dice.random() < self._share:
            self._left -= 1
        else:
            return None
        self._until[chat] = now + self._seconds
        return self._no(self._seconds)

    def _of_bot(self, chat: int, now: float, method: str) -> Fault | None:
        if now < self._bot_until:
            if chat in self._refused or (
                len(self._refused) > 1 and now > self._known_at + self.GRACE_SECONDS
            ):
                self.early.append(f"{method} to {chat}, {self._bot_until - now:.2f} s too early")
        elif self._left and says(method) and self._dice.random() < self._share:
            self._left -= 1
            self._bot_until = now + self._seconds
            self._refused.clear()
        else:
            return None
        self._refused.add(chat)
        if len(self._refused) == 2:
            self._known_at = now
        return self._no(math.ceil(self._bot_until - now))

    def _no(self, seconds: int) -> Fault:
        self.refusals += 1
        return Fault(retry_after=seconds)
