"""Whether a colleague is there (🟢) or away (⚪️): asked here by everything that shows it."""

from datetime import timedelta
from typing import Any

from holdline.store.people import presence
from holdline.store.tx import Tx

AT_WORK_FOR = timedelta(minutes=15)
"""After whatever they did last at the desk."""


def managers_there(tx: Tx) -> frozenset[int]:
    """Ids of those who said /ready, and of those at work lately who did not say /away."""
    return presence.available_ids(tx, active_since=tx.at - AT_WORK_FOR)


def presence_fields(tx: Tx, *, ready: bool) -> dict[str, Any]:
    """What is stored of /ready or /away; either holds until the other is said."""
    return {"ready": ready, "away_at": None if ready else tx.at}
