"""What happened is recorded here, and nowhere else."""

from collections.abc import Iterable

from holdline.dialogs.event import Event
from holdline.store.dialogs import history
from holdline.store.tx import Tx


def record(tx: Tx, events: Iterable[Event]) -> None:
    """In the same transaction as the change they tell of."""
    history.add(tx, events)
