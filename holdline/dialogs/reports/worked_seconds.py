"""Working time of many waits: the calendar is laid out once, and each wait is looked up in it."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import accumulate, takewhile

from holdline.dialogs.reports.numbers import Span
from holdline.dialogs.sla.working_time import Calendar


class WorkedSeconds:
    """Gives the same result as `work_between` for spans within `whole`, without walking through every day each time."""

    def __init__(self, calendar: Calendar, whole: Span) -> None:
        frames = list(takewhile(lambda frame: frame[0] < whole.end, calendar.frames(whole.start)))
        self._begins = [begins for begins, _ in frames]
        self._lengths = [ends - begins for begins, ends in frames]
        self._worked_before = list(accumulate(self._lengths, initial=timedelta()))

    def __call__(self, span: Span) -> float:
        return max(timedelta(), self._sum_until(span.end) - self._sum_until(span.start)).total_seconds()

    def _sum_until(self, at: datetime) -> timedelta:
        place = bisect_right(self._begins, at) - 1
        if place < 0:
            return timedelta()
        return self._worked_before[place] + min(at - self._begins[place], self._lengths[place])


def whole_of(spans: Iterable[Span]) -> Span:
    """From the first start to the last end. There must be at least one span."""
    listed = list(spans)
    return Span(min(span.start for span in listed), max(span.end for span in listed))
