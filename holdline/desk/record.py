"""Records events, here and nowhere else; their consequences follow in the same transaction."""

from collections.abc import Iterable

from holdline.dialogs.event import NOT_IN_HISTORY, Event
from holdline.store.dialogs import history
from holdline.store.tx import Tx


def record(tx: Tx, events: Iterable[Event]) -> None:
    """Adds each event to history, then runs its reactions in the order of the table. Events that a reaction records
    come after their cause.
    """
    # Imported here, because some reactions record events: a circular import.
    from holdline.desk.reactions import REACTIONS  # noqa: PLC0415

    for event in events:
        if event.kind not in NOT_IN_HISTORY:
            history.add(tx, [event])
        for reaction in REACTIONS.get(event.kind, ()):
            reaction(tx, event)
