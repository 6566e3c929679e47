"""An update as it arrived: its number, its ordering key and its raw text; nothing else in it is trusted yet."""

import json
from dataclasses import dataclass
from typing import Any, TypeGuard
from zlib import crc32

from holdline.store.tx import compact_json

_MOST = 2**63 - 1
_KEYS = (("chat", "id"), ("message", "chat", "id"), ("from", "id"), ("user", "id"), ("voter_chat", "id"))


class NotAnUpdate(ValueError):
    """Not a JSON object with an integer `update_id`; the message quotes nothing from the input."""


@dataclass(frozen=True, slots=True)
class ReceivedUpdate:
    """`fault` says why the update goes straight into quarantine."""

    update_id: int
    ordering_key: int
    raw: str
    fault: str | None = None


def update_from_text(text: str) -> ReceivedUpdate:
    """Reads a webhook body. Raises NotAnUpdate if it is not an update."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise NotAnUpdate("the body is not JSON that can be read") from broken
    return ReceivedUpdate(_number(value), ordering_key_of(value), text)


def update_from_value(value: object) -> ReceivedUpdate:
    """Reads one decoded item of a poll. It never raises: the next poll confirms all items, so all are stored.

    An item without a usable number is quarantined under a negative number of its own.
    """
    try:
        raw = compact_json(value)
    except (ValueError, TypeError, RecursionError):
        return ReceivedUpdate(_number_or(value, -1), 0, "null", "it cannot be written down as JSON")
    try:
        return ReceivedUpdate(_number(value), ordering_key_of(value), raw)
    except NotAnUpdate as fault:
        return ReceivedUpdate(-1 - crc32(raw.encode()), 0, raw, str(fault))


def ordering_key_of(update: object) -> int:
    """The key by which updates are ordered: the chat, else the person; 0 if there is neither.

    A private chat has its person's id, so a customer's messages and presses share one key.
    """
    if not isinstance(update, dict):
        return 0
    events = [event for kind, event in update.items() if kind != "update_id" and isinstance(event, dict)]
    keys = (_at(event, path) for event in events for path in _KEYS)
    return next((key for key in keys if key is not None), 0)


def _at(event: Any, path: tuple[str, ...]) -> int | None:
    for name in path:
        event = event.get(name) if isinstance(event, dict) else None
    return event if _is_whole_number(event) and -_MOST <= event <= _MOST else None


def _number(value: object) -> int:
    number = value.get("update_id") if isinstance(value, dict) else None
    if not _is_whole_number(number) or not 0 <= number <= _MOST:
        raise NotAnUpdate("there is no whole number `update_id` in it")
    return number


def _number_or(value: object, otherwise: int) -> int:
    try:
        return _number(value)
    except NotAnUpdate:
        return otherwise


def _is_whole_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
