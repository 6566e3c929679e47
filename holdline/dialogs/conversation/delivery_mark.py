"""The mark at a manager's own message that shows whether the customer has it."""

from datetime import timedelta

WAITING, DELIVERED, FAILED = "👀", "🕊", "💔"
"""Reactions that every bot may set, and that customers rarely choose themselves."""

WAITS_AFTER = timedelta(seconds=5)
"""A reply not delivered within this time is marked as waiting. Nearly all are delivered within a second."""
WORTH_FOR = timedelta(minutes=10)
"""A mark that cannot be sent within this time is dropped."""
ASKED_AGAIN_AFTER = timedelta(days=1)
"""A chat that refuses reactions is tried again after this time, because its settings may have changed."""

_BY_STATUS = {"queued": WAITING, "sent": DELIVERED, "parked": FAILED, "expired": FAILED}


def delivery_mark(status: str, *, is_taken_back: bool) -> str | None:
    """The mark for that status, or None if there is none, as for a message that was taken back."""
    return None if is_taken_back else _BY_STATUS.get(status)
