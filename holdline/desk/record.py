"""What happened is recorded here, and nowhere else; what follows from it happens in the same transaction."""

from collections.abc import Iterable

from holdline.dialogs.event import NOT_IN_HISTORY, Event
from holdline.store.dialogs import history
from holdline.store.tx import Tx


def record(tx: Tx, events: Iterable[Event]) -> None:
    """Each event gets its line of history, then its reactions run in the order of the table.

    What a reaction records itself stands below its cause.
    """
    # Loaded when it is needed: some reactions record in their turn, so that the table leads back to this module.
    from holdline.desk.reactions import REACTIONS  # noqa: PLC0415

    for event in events:
        if event.kind not in NOT_IN_HISTORY:
            history.add(tx, [event])
        for reaction in REACTIONS.get(event.kind, ()):
            reaction(tx, event)
