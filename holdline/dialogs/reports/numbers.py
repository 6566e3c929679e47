"""The arithmetic of reports: typical values of lengths of time, and shares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when somebody waited."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """Typical values in seconds; None where there is none."""

    count: int
    mean: float | None
    median: float | None
    p90: float | None


def calendar_seconds(span: Span) -> float:
    """A clock that was set back makes nobody wait less than not at all."""
    return max(0.0, (span.end - span.start).total_seconds())


def summarize(lengths: Iterable[float]) -> Summary:
    """Of so many seconds each."""
    lengths = sorted(lengths)
    return Summary(len(lengths), mean(lengths), percentile(lengths, 50), percentile(lengths, 90))


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """Between two values in proportion, as PERCENTILE of a spreadsheet does; `ordered` from the least up."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def per_cent(part: int, whole: int) -> float | None:
    """None of nothing."""
    return 100 * part / whole if whole else None
