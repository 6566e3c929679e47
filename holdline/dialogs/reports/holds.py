"""What the gate did: when it was held, and how long marketing waited behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdline.dialogs.event import EventKind
from holdline.dialogs.reports.kinds import Figures
from holdline.dialogs.reports.numbers import Span, percentile

HOLDS = frozenset({EventKind.DIALOG_OPENED, EventKind.DIALOG_RESUMED})
"""These events hold the gate. Any other state change of that dialog releases it."""


@dataclass(frozen=True, slots=True)
class Move:
    """A line of history that opened a dialog or changed its state."""

    dialog_id: int
    kind: EventKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Marketing:
    """A message of a funnel or a broadcast. `settled_at` is None while it waits."""

    customer_id: int
    created_at: datetime
    settled_at: datetime | None
    status: str


def hold_spans(moves: Iterable[Move], *, now: datetime) -> list[Span]:
    """When one customer's gate was held, from the ordered moves of their dialogs. A hold still in force ends `now`."""
    spans: list[Span] = []
    holder: Move | None = None
    for move in moves:
        if move.kind in HOLDS:
            holder = move
        elif holder is not None and move.dialog_id == holder.dialog_id:
            spans.append(Span(holder.at, move.at))
            holder = None
    return [*spans, Span(holder.at, now)] if holder is not None else spans


def waits_behind(holds: Iterable[Span], message: Marketing, *, now: datetime) -> list[Span]:
    """When the message waited because the gate was held; empty if it never did."""
    left_at = message.settled_at or now
    shared = (Span(max(hold.start, message.created_at), min(hold.end, left_at)) for hold in holds)
    return [span for span in shared if span.start < span.end]


def count_holds(waits: Sequence[tuple[Marketing, list[Span]]], *, period: Span) -> Figures:
    """`held` counts messages that began to wait in the period; `released` and `expired` those that ended in it."""
    waited = [(message, spans) for message, spans in waits if spans]
    ended = [(m, spans) for m, spans in waited if m.settled_at and _is_within(m.settled_at, period)]
    released = sorted(_seconds(spans) for message, spans in ended if message.status == "sent")
    return {
        "held": sum(_is_within(spans[0].start, period) for _, spans in waited),
        "released": len(released),
        "expired": sum(message.status == "expired" for message, _ in ended),
        "median_hold": percentile(released, 50),
    }


def _seconds(spans: Iterable[Span]) -> float:
    return sum((span.end - span.start for span in spans), timedelta()).total_seconds()


def _is_within(moment: datetime, period: Span) -> bool:
    return period.start <= moment < period.end
