"""What a customer may be muted for."""

from holdline.dialogs.customer import Mute
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import fits

REASON_LIMIT = 512


def valid_reason(reason: str) -> str:
    """In one line; a colleague reads it later, so there is one."""
    line = " ".join(reason.split())
    if not line or not fits(line, REASON_LIMIT):
        raise BadInput("reason", "mute.reason", limit=REASON_LIMIT)
    return line


def is_same(before: Mute, after: Mute) -> bool:
    """Muted once more for the same is no line of history."""
    return (before.until, before.reason) == (after.until, after.reason)
