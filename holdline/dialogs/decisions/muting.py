"""Validates a mute and its reason."""

from holdline.dialogs.customer import Mute
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import fits

REASON_LIMIT = 512


def valid_reason(reason: str) -> str:
    """The reason on one line. It is required, because a colleague reads it later."""
    line = " ".join(reason.split())
    if not line or not fits(line, REASON_LIMIT):
        raise BadInput("reason", "mute.reason", limit=REASON_LIMIT)
    return line


def is_same(before: Mute, after: Mute) -> bool:
    """Whether the mute repeats the one before; then nothing is written to history."""
    return (before.until, before.reason) == (after.until, after.reason)
