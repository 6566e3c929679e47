"""The arithmetic of reports: means, medians, percentiles and shares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The start and the end of a wait."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """Typical values in seconds; None if there are no values."""

    count: int
    mean: float | None
    median: float | None
    p90: float | None


def calendar_seconds(span: Span) -> float:
    """The length of the span; never negative, even if the clock was set back."""
    return max(0.0, (span.end - span.start).total_seconds())


def summarize(lengths: Iterable[float]) -> Summary:
    """The summary of lengths given in seconds."""
    lengths = sorted(lengths)
    return Summary(len(lengths), mean(lengths), percentile(lengths, 50), percentile(lengths, 90))


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """Interpolates between two values, as PERCENTILE in a spreadsheet does. `ordered` is ascending."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def per_cent(part: int, whole: int) -> float | None:
    """The percentage, or None if `whole` is 0."""
    return 100 * part / whole if whole else None
