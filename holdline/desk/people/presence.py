"""Whether a colleague is there (🟢) or away (⚪️); everything that shows it asks here."""

from datetime import timedelta

from holdline.store.people import presence
from holdline.store.tx import Tx

AT_WORK_FOR = timedelta(minutes=15)
"""How long after their last act a manager counts as there."""


def managers_there(tx: Tx) -> frozenset[int]:
    """Ids of managers who said /ready, or were active lately and did not say /away."""
    return presence.available_ids(tx, active_since=tx.at - AT_WORK_FOR)
