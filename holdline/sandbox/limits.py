"""Flood control, as sliding windows over the messages sent.

Telegram publishes one message a second in a chat, twenty a minute in a group and about thirty a second in total, and
calls the numbers approximate. Here more than 3 in 3 s in one private chat, more than 20 in 60 s in one group (edits,
topic changes and each part of an album count there), or more than 30 in 1 s over all chats are refused with 429 and
the whole seconds to wait. A refused call is not counted.

A message sent with allow_paid_broadcast may exceed the 30 per second, up to 1000, for a tenth of a Star from the bot's
balance; within the 30 it costs nothing.
"""

import math
from collections import deque
from dataclasses import dataclass

from holdline.sandbox.errors import bad_request, too_many


@dataclass(slots=True)
class RateLimit:
    most: int
    seconds: float


PAID = RateLimit(1000, 1.0)


class Limits:
    def __init__(self, on: bool) -> None:
        self.on = on
        self.overall = RateLimit(30, 1.0)
        self.private = RateLimit(3, 3.0)
        self.group = RateLimit(20, 60.0)
        self.refused = 0
        self.balance = 100_000
        """Tenths of a Star."""
        self.paid_for = 0
        """Messages."""
        self._all: deque[float] = deque()
        self._paid: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}

    def configure(
        self, *, on: bool, overall: int = 30, private: int = 3, group: int = 20, stars: int | None = None
    ) -> None:
        """Sets the limits: total per second, per three seconds in a private chat, per minute in a group; and Stars."""
        self.balance = self.balance if stars is None else stars * 10
        self.on = on
        self.overall.most, self.private.most, self.group.most = overall, private, group

    def admit(
        self, chat_id: int, now: float, *, parts: int = 1, new: bool = True, pays: bool = False
    ) -> None:
        """Raises 429 at a limit. `new` is false for edits, which count in groups only."""
        if not self.on or (chat_id > 0 and not new):
            return
        window = self.private if chat_id > 0 else self.group
        past = self._chats.setdefault(chat_id, deque())
        wait = _wait(past, window, now, parts)
        if pays and self._is_beyond(now, parts):
            wait = max(wait, _wait(self._paid, PAID, now, parts))
            if self.balance < parts:
                raise bad_request("BALANCE_TOO_LOW")
        elif new:
            wait = max(wait, _wait(self._all, self.overall, now, parts))
        if wait > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait)))

    def _is_beyond(self, now: float, parts: int) -> bool:
        return _wait(self._all, self.overall, now, parts) > 0

    def count(
        self, chat_id: int, now: float, *, parts: int = 1, new: bool = True, pays: bool = False
    ) -> None:
        if not self.on or (chat_id > 0 and not new):
            return
        self._chats.setdefault(chat_id, deque()).extend([now] * parts)
        if pays and self._is_beyond(now, parts):
            self._paid.extend([now] * parts)
            self.balance -= parts
            self.paid_for += parts
        elif new:
            self._all.extend([now] * parts)

    def clear(self) -> None:
        self._all.clear()
        self._paid.clear()
        self._chats.clear()
        self.refused = self.paid_for = 0


def _wait(past: deque[float], window: RateLimit, now: float, parts: int) -> float:
    """Seconds until `parts` more are allowed. An album larger than the window is allowed when the window is empty."""
    while past and past[0] <= now - window.seconds:
        past.popleft()
    over = len(past) + min(parts, window.most) - window.most
    return past[over - 1] + window.seconds - now if over > 0 else 0.0
