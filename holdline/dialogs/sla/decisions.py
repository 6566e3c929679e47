"""Which clocks run for a dialog. All of them are recomputed after every event."""

from dataclasses import dataclass, replace
from datetime import datetime

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.sla.clock import (
    BREACHED,
    FIRST_RESPONSE,
    FROZEN,
    MET,
    NEXT_RESPONSE,
    RESOLUTION,
    RUNNING,
    ClockName,
    Policy,
    SlaClock,
    start_clock,
)
from holdline.dialogs.sla.working_time import work_between


@dataclass(frozen=True, slots=True)
class Standing:
    """What the clocks depend on. `waiting_since`: the customer's oldest message that no person has answered.

    `answered`: whether a person has ever answered in this dialog.
    """

    state: str
    opened_at: datetime
    waiting_since: datetime | None
    answered: bool


def choose_policy(dialog: Dialog, policies: list[Policy]) -> Policy | None:
    """The first policy, in their order, whose conditions the dialog meets."""
    return next((policy for policy in policies if _fits(policy, dialog)), None)


def _fits(policy: Policy, dialog: Dialog) -> bool:
    return all(getattr(dialog, name) == wanted for name, wanted in policy.conditions.items())


def settle_clocks(
    policy: Policy | None, clocks: list[SlaClock], standing: Standing, *, at: datetime
) -> list[SlaClock]:
    """The clocks that the dialog has from now on. Clocks left out are deleted, as if they had never run."""
    if policy is None:
        return [clock for clock in clocks if clock.stopped_at is not None]
    kept = [each for clock in clocks if (each := _under_policy(clock, policy)) is not None]
    kept = [_freeze_or_run(clock, policy, standing, at=at) for clock in kept]
    kept = _settle_response(kept, policy, standing, at=at)
    return _settle_resolution(kept, policy, standing, at=at)


def breach(clock: SlaClock) -> SlaClock:
    """Marks the clock as breached."""
    return replace(clock, state=BREACHED, warn_at=None)


def _under_policy(clock: SlaClock, policy: Policy) -> SlaClock | None:
    """A stopped clock stays as it was. A running one gets the time that the policy gives now; None if the policy has no
    such target.
    """
    if clock.stopped_at is not None:
        return clock
    if clock.name not in policy.targets:
        return None
    anew = start_clock(policy, clock.name, clock.counts_from_at, spent=clock.spent)
    if (anew.policy_id, anew.due_at) == (clock.policy_id, clock.due_at) or clock.state == FROZEN:
        return replace(clock, policy_id=policy.id)
    return replace(anew, id=clock.id, started_at=clock.started_at)


def _freeze_or_run(clock: SlaClock, policy: Policy, standing: Standing, *, at: datetime) -> SlaClock:
    """Time while the dialog is paused does not count. The remaining time stays when the dialog resumes."""
    if clock.stopped_at is not None or clock.state == BREACHED:
        return clock
    if clock.state == RUNNING and clock.due_at < at:
        return breach(clock)
    if standing.state == "paused" and clock.state == RUNNING:
        spent = clock.spent + work_between(policy.calendar, clock.counts_from_at, at)
        return replace(clock, state=FROZEN, spent=spent)
    if standing.state == "active" and clock.state == FROZEN:
        going_on = start_clock(policy, clock.name, at, spent=clock.spent)
        warn_at = going_on.warn_at if clock.warn_at is not None else None
        return replace(going_on, id=clock.id, started_at=clock.started_at, warn_at=warn_at)
    return clock


def _settle_response(
    clocks: list[SlaClock], policy: Policy, standing: Standing, *, at: datetime
) -> list[SlaClock]:
    """At most one clock waits for an answer. Closing the dialog ends the wait."""
    waits = [each for each in clocks if each.name != RESOLUTION and each.stopped_at is None]
    if standing.state == "closed":
        return [each for each in clocks if each not in waits or each.state == BREACHED]
    if standing.waiting_since is None:
        return [stop(each, at=at) if each in waits else each for each in clocks]
    name = _name_of_response(policy, standing)
    if waits or standing.state != "active" or name is None:
        return clocks
    responses = [each for each in clocks if each.name == name]
    earlier = next((each for each in responses if each.started_at == standing.waiting_since), None)
    if earlier is not None:
        return [_reopen(each, policy, at=at) if each is earlier else each for each in clocks]
    started = start_clock(policy, name, standing.waiting_since)
    return [*clocks, breach(started) if started.due_at < at else started]


def _settle_resolution(
    clocks: list[SlaClock], policy: Policy, standing: Standing, *, at: datetime
) -> list[SlaClock]:
    """The clock that runs from the opening to the close."""
    running = next((each for each in clocks if each.name == RESOLUTION), None)
    if standing.state == "closed":
        return [stop(each, at=at) if each is running else each for each in clocks]
    if running is not None or RESOLUTION not in policy.targets or standing.state != "active":
        return clocks
    started = start_clock(policy, RESOLUTION, standing.opened_at)
    return [*clocks, breach(started) if started.due_at < at else started]


def stop(clock: SlaClock, *, at: datetime) -> SlaClock:
    """Stops the clock because what it waited for happened. It is met unless it was breached."""
    if clock.stopped_at is not None:
        return clock
    return replace(clock, state=BREACHED if clock.state == BREACHED else MET, stopped_at=at, warn_at=None)


def _reopen(clock: SlaClock, policy: Policy, *, at: datetime) -> SlaClock:
    """Restarts the clock because the answer was taken back or never arrived."""
    going_on = start_clock(policy, clock.name, clock.counts_from_at, spent=clock.spent)
    going_on = replace(going_on, id=clock.id, started_at=clock.started_at)
    return breach(going_on) if clock.state == BREACHED or going_on.due_at < at else going_on


def _name_of_response(policy: Policy, standing: Standing) -> ClockName | None:
    """A policy without a target for the first response uses the next response for it."""
    if not standing.answered and FIRST_RESPONSE in policy.targets:
        return FIRST_RESPONSE
    return NEXT_RESPONSE if NEXT_RESPONSE in policy.targets else None
