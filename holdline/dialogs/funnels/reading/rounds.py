"""Finds loops in a funnel. A loop is allowed if each round takes at least a minute, or needs an act of the customer."""

from collections.abc import Iterator
from datetime import timedelta

from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.steps import (
    FunnelStep,
    GotoStep,
    IfStep,
    QuestionStep,
    SendStep,
    SplitStep,
    StopStep,
    WaitStep,
    branches_of,
)

SHORTEST_ROUND = timedelta(minutes=1)


def find_round(definition: Definition) -> str | None:
    """The address of a goto in a loop without such a wait, or None."""
    done: set[str] = set()
    for start in definition.by_address:
        address = _walk(definition, start, done)
        if address is not None:
            return address
    return None


def _walk(definition: Definition, start: str, done: set[str]) -> str | None:
    """Depth first, without recursion. Every loop contains a goto, because all other steps lead forward."""
    way: dict[str, Iterator[str]] = {} if start in done else {start: _next_steps(definition, start)}
    while way:
        here = next(reversed(way))
        following = next(way[here], None)
        if following is None:
            way.popitem()
            done.add(here)
        elif following in way:
            return next(one for one in reversed(way) if isinstance(definition.by_address[one], GotoStep))
        elif following not in done:
            way[following] = _next_steps(definition, following)
    return None


def _next_steps(definition: Definition, address: str) -> Iterator[str]:
    """The steps that can follow at once, without a press or an answer of the customer."""
    step = definition.by_address[address]
    if _takes_time(step) or isinstance(step, StopStep):
        return
    if isinstance(step, GotoStep):
        yield definition.addresses_by_label[step.goto]
        return
    inner = [name for name in branches_of(step) if not name.startswith("press.")]
    for name in inner:
        yield f"{address}.{name}.0"
    after = definition.address_after(address)
    if after and len(inner) < _ways(step):
        yield after


def _ways(step: FunnelStep) -> int:
    """The number of branches. If each has steps of its own, the following step comes only after these."""
    if isinstance(step, IfStep):
        return 2
    return len(step.branches) if isinstance(step, SplitStep) else 1


def _takes_time(step: FunnelStep) -> bool:
    if isinstance(step, WaitStep):
        return step.length >= SHORTEST_ROUND
    return isinstance(step, SendStep | QuestionStep) and step.awaits and step.within >= SHORTEST_ROUND
