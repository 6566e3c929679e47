"""Whether a colleague is there (🟢) or away (⚪️): asked here by everything that shows it."""

from datetime import timedelta

from holdline.store.people import presence
from holdline.store.tx import Tx

AT_WORK_FOR = timedelta(minutes=15)
"""After whatever they did last at the desk."""


def managers_there(tx: Tx) -> frozenset[int]:
    """Ids of those who said /ready, and of those at work lately who did not say /away."""
    return presence.available_ids(tx, active_since=tx.at - AT_WORK_FOR)
