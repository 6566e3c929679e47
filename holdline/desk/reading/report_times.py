"""How long customers waited, in calendar time and in working time."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from holdline.desk.automation.hours import desk_calendar
from holdline.dialogs.reports.kinds import Figures, ReportScope
from holdline.dialogs.reports.numbers import Span, calendar_seconds, summarize
from holdline.dialogs.reports.worked_seconds import WorkedSeconds, whole_of
from holdline.dialogs.sla.clock import FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, TARGETS
from holdline.dialogs.sla.working_time import Calendar
from holdline.store.dialogs import sla_policies
from holdline.store.reports import spans
from holdline.store.tx import Tx

SecondsOf = Callable[[Span], float]


@dataclass(frozen=True, slots=True)
class _Wait:
    """A wait for one clock; `policy_id` gives the working hours."""

    clock: str
    span: Span
    policy_id: int | None


def count_times(tx: Tx, within: ReportScope) -> tuple[Figures, Figures | None]:
    """The figures in calendar time and in working time; the latter is None if the desk has no calendar."""
    waits = list(_waits(tx, within))
    seconds_of = _find_working_seconds(tx, waits)
    figures = _summarize(waits, lambda wait: calendar_seconds(wait.span))
    if seconds_of is None:
        return figures, None
    return figures, _summarize(waits, lambda wait: seconds_of(wait.policy_id)(wait.span))


def _summarize(waits: list[_Wait], seconds_of: Callable[[_Wait], float]) -> Figures:
    return {
        clock: asdict(summarize(seconds_of(wait) for wait in waits if wait.clock == clock))
        for clock in TARGETS
    }


def _waits(tx: Tx, within: ReportScope) -> Iterable[_Wait]:
    for row in spans.replies(tx, within):
        if row["since_at"] is not None:
            clock = FIRST_RESPONSE if row["is_first"] else NEXT_RESPONSE
            yield _wait(clock, row["since_at"], row["replied_at"], row["policy_id"])
    for row in spans.resolutions(tx, within):
        yield _wait(RESOLUTION, row["since_at"], row["closed_at"], row["policy_id"])


def _wait(clock: str, since: datetime, until: datetime, policy_id: int | None) -> _Wait:
    return _Wait(clock, Span(since, until), policy_id)


def _find_working_seconds(tx: Tx, waits: list[_Wait]) -> Callable[[int | None], SecondsOf] | None:
    """A function that gives the working seconds by a policy's own calendar, otherwise by the desk's hours. None if
    there is no calendar.
    """
    named = desk_calendar(tx)
    if named is None:
        return None
    usual = named.calendar
    by_policy = {
        policy.id: policy.calendar
        for policy in sla_policies.all_by_id(tx).values()
        if policy.calendar is not None
    }
    whole = whole_of(wait.span for wait in waits) if waits else Span(tx.at, tx.at)
    found: dict[Calendar, SecondsOf] = {}

    def seconds_of(policy_id: int | None) -> SecondsOf:
        calendar = by_policy.get(policy_id, usual) if policy_id is not None else usual
        if calendar not in found:
            found[calendar] = WorkedSeconds(calendar, whole)
        return found[calendar]

    return seconds_of
