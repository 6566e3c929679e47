"""How a broadcast stands, and what has become of its recipients."""

from dataclasses import dataclass

from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastFigures
from holdline.dialogs.broadcasts.pace import seconds_left
from holdline.store.broadcasts import broadcasts, recipients
from holdline.store.broadcasts.recipients import RecipientLine
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class BroadcastProgress:
    """A broadcast with its figures; `eta_seconds`: until all have it who wait for nothing but their turn."""

    broadcast: Broadcast
    figures: BroadcastFigures
    eta_seconds: int | None


def progress_of(tx: Tx, *, broadcast_id: int) -> BroadcastProgress:
    broadcast = broadcasts.load(tx, broadcast_id)
    figures = broadcasts.figures_of(tx, broadcast_id)
    pace = broadcasts.pace_of(tx, broadcast_id)
    last_due_at = recipients.last_due_at(tx, broadcast_id)
    left = seconds_left(
        broadcast, figures, measured=pace, most=tx.rules.per_second, last_due_at=last_due_at, at=tx.at
    )
    return BroadcastProgress(broadcast, figures, left)


def broadcasts_page(tx: Tx, *, order: str, after: int | None, limit: int) -> list[BroadcastProgress]:
    """`order`: newest or oldest."""
    rows = broadcasts.page(tx, newest_first=order == "newest", after=after, limit=limit)
    return [progress_of(tx, broadcast_id=each.id) for each in rows]


def recipients_page(
    tx: Tx, *, broadcast_id: int, status: str | None, after: int, limit: int
) -> list[RecipientLine]:
    """By rising customer; `status`: one of the figures' names."""
    broadcast = broadcasts.load(tx, broadcast_id)
    return recipients.page(tx, broadcast, status=status, after=after, limit=limit)
