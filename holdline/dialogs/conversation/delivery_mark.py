"""The mark under a manager's own message: whether its customer has it."""

from datetime import timedelta

WAITING, DELIVERED, FAILED = "👀", "🕊", "💔"
"""Reactions that Telegram lets every bot put, and that customers hardly ever choose themselves."""

WAITS_AFTER = timedelta(seconds=5)
"""A reply that is not there by then is marked as one that waits; nearly all are there within a second."""
WORTH_FOR = timedelta(minutes=10)
"""A mark that finds no room for so long is left out."""
ASKED_AGAIN_AFTER = timedelta(days=1)
"""A chat that refuses reactions is tried again after so long: its settings may have changed."""

_BY_STATUS = {"queued": WAITING, "sent": DELIVERED, "parked": FAILED, "expired": FAILED}


def delivery_mark(status: str, *, is_taken_back: bool) -> str | None:
    """None where there is nothing to say, as for a message that was taken back."""
    return None if is_taken_back else _BY_STATUS.get(status)
