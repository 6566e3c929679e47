"""Keeps a lasting problem from filling the log: equal warnings are repeated at growing intervals, with a count."""

import logging
import sys
from time import monotonic
from typing import Any

from structlog.typing import EventDict, WrappedLogger

FIRST_SECONDS, LONGEST_SECONDS = 2.0, 60.0
_MOST = 500
_VARYING = {"updates_not_stored": {"count"}, "update_not_stored": {"update_id"}}
"""Numbers that differ from line to line while the trouble is the same."""


class Thinning(logging.Filter):
    """Lets the first line through, then one after 2 s, 4 s, 8 s and so on, and one a minute at last.

    After two minutes without it, an equal line is a new trouble and passes at once. Lines that are neither warnings nor
    errors always pass.
    """

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[Any, ...], _Line] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        now, key = monotonic(), _key_of(record)
        line = self._known.get(key)
        if line is None or now - line.seen_at > 2 * LONGEST_SECONDS:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = _Line(now)
            return True
        return line.is_due(now, record)


class _Line:
    def __init__(self, now: float) -> None:
        self.seen_at, self._pause, self._left_out = now, FIRST_SECONDS, 0
        self._next_at = now + FIRST_SECONDS

    def is_due(self, now: float, record: logging.LogRecord) -> bool:
        self.seen_at = now
        if now < self._next_at:
            self._left_out += 1
            return False
        record.left_out = self._left_out
        self._left_out, self._pause = 0, min(self._pause * 2, LONGEST_SECONDS)
        self._next_at = now + self._pause
        return True


def add_count(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """How many equal lines were left out since the last one."""
    if left_out := getattr(event["_record"], "left_out", 0):
        event["left_out"] = left_out
    return event


def _key_of(record: logging.LogRecord) -> tuple[Any, ...]:
    """Lines are equal if they say the same, of the same exception."""
    if not isinstance(record.msg, dict):
        raised = record.exc_info[1] if record.exc_info else None
        return (record.name, record.levelno, record.getMessage(), repr(raised))
    event = record.msg
    raised = sys.exc_info()[1] if event.get("exc_info") else None
    varying = _VARYING.get(str(event.get("event")), set()) | {"timestamp", "exc_info"}
    words = sorted((name, repr(value)) for name, value in event.items() if name not in varying)
    return (record.name, *words, repr(raised))
