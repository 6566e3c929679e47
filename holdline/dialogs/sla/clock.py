"""Service level agreements: a policy says how soon a customer is answered and helped, its clocks measure whether they
were.

The state of a clock: running; frozen while the dialog is paused; met or breached, final once it has stopped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from holdline.dialogs.sla.working_time import Calendar, add_working_time, parse_duration

ClockName = Literal["first_response", "next_response", "resolution"]
ClockState = Literal["running", "frozen", "met", "breached"]
FIRST_RESPONSE: ClockName = "first_response"
NEXT_RESPONSE: ClockName = "next_response"
RESOLUTION: ClockName = "resolution"
TARGETS: tuple[ClockName, ...] = (FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION)
CONDITIONS = ("type", "priority", "queue")
RUNNING: ClockState = "running"
FROZEN: ClockState = "frozen"
MET: ClockState = "met"
BREACHED: ClockState = "breached"
WARNED_BEFORE = 0.25
"""Managers are warned when this share of the time is left."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`conditions`: what the dialog must be like, all of them. `durations`: how long each clock has, as written."""

    id: int
    name: str
    conditions: Mapping[str, str] = field(default_factory=dict)
    durations: Mapping[str, str] = field(default_factory=dict)
    calendar_name: str | None = None
    calendar: Calendar | None = None
    position: int = 0
    is_deleted: bool = False

    @property
    def targets(self) -> dict[str, timedelta]:
        """The durations in working time of its calendar."""
        return {
            name: parse_duration(text, self.calendar, field=name) for name, text in self.durations.items()
        }


@dataclass(frozen=True, slots=True)
class SlaClock:
    """One promise: `spent` was used before `counts_from_at`, since when it counts. `id` 0 means not stored yet."""

    id: int
    policy_id: int
    name: ClockName
    state: ClockState
    started_at: datetime
    counts_from_at: datetime
    spent: timedelta
    due_at: datetime
    warn_at: datetime | None = None
    stopped_at: datetime | None = None

    def state_at(self, at: datetime) -> ClockState:
        """A running clock whose time has passed counts as breached, even before a timer has noticed it."""
        return BREACHED if self.state == RUNNING and self.due_at < at else self.state


@dataclass(frozen=True, slots=True)
class Sla:
    """What a dialog shows: the policy, and the newest clock of each name."""

    policy: str
    clocks: tuple[SlaClock, ...]


def sla_at(policy: Policy, clocks: list[SlaClock], *, at: datetime) -> Sla:
    """The SLA at that moment."""
    newest = {clock.name: clock for clock in clocks}
    in_order = [newest[name] for name in TARGETS if name in newest]
    return Sla(policy.name, tuple(replace(clock, state=clock.state_at(at)) for clock in in_order))


def start_clock(
    policy: Policy, name: ClockName, since: datetime, *, spent: timedelta = timedelta()
) -> SlaClock:
    """A new clock that runs from that moment."""
    target = policy.targets[name]
    due_at = add_working_time(policy.calendar, since, target - spent)
    warn_at = add_working_time(policy.calendar, since, target * (1 - WARNED_BEFORE) - spent)
    return SlaClock(0, policy.id, name, RUNNING, since, since, spent, due_at, warn_at)
