"""A funnel as a graph of steps and the ways between them. Goto steps are not points; their ways lead to the target."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from holdline.dialogs.funnels.definition import FIRST, Definition
from holdline.dialogs.funnels.steps import (
    FunnelButton,
    FunnelStep,
    GotoStep,
    IfStep,
    QuestionStep,
    SendStep,
    SplitStep,
    StopStep,
)

BEGIN, END = "begin", "end"
"""Points in addition to the addresses of steps."""
WayKind = Literal["next", "yes", "no", "branch", "button", "answer", "silence"]


@dataclass(frozen=True, slots=True)
class FunnelWay:
    """A way from one point to another. `caption` is the text of the branch or button, `share` a branch's per cent."""

    source: str
    target: str
    kind: WayKind = "next"
    caption: str = ""
    share: int | None = None


def ways_of(definition: Definition) -> list[FunnelWay]:
    """All ways, in the order of steps and of their branches."""
    return [FunnelWay(BEGIN, _point(definition, FIRST))] + [
        way
        for step in definition.by_address.values()
        if not isinstance(step, GotoStep)
        for way in _ways_from(definition, step)
    ]


def points_of(definition: Definition) -> list[str]:
    """The points that a customer can reach, in the order of the steps."""
    ways = ways_of(definition)
    targets: dict[str, list[str]] = {}
    for way in ways:
        targets.setdefault(way.source, []).append(way.target)
    met, waiting = {BEGIN}, [BEGIN]
    while waiting:
        for target in targets.get(waiting.pop(), ()):
            if target not in met:
                met.add(target)
                waiting.append(target)
    return [point for point in (BEGIN, *definition.by_address, END) if point in met]


def _ways_from(definition: Definition, step: FunnelStep) -> Iterator[FunnelWay]:
    here = step.address
    match step:
        case StopStep():
            return
        case IfStep():
            yield FunnelWay(here, _inside(definition, step, "then"), "yes")
            yield FunnelWay(here, _inside(definition, step, "else"), "no")
        case SplitStep():
            for number, branch in enumerate(step.branches):
                target = _inside(definition, step, f"branch.{number}")
                yield FunnelWay(here, target, "branch", branch.name, branch.share)
        case SendStep() | QuestionStep() if step.awaits:
            yield from _ways_of_buttons(definition, step)
        case _:
            yield FunnelWay(here, _after(definition, step))


def _ways_of_buttons(definition: Definition, step: SendStep | QuestionStep) -> Iterator[FunnelWay]:
    buttons = [(number, one) for number, one in enumerate(step.message.buttons) if one.branches]
    for number, button in buttons:
        yield FunnelWay(step.address, _press(definition, step, number, button), "button", button.text)
    if not buttons:
        yield FunnelWay(step.address, _after(definition, step), "answer")
    yield FunnelWay(step.address, _inside(definition, step, "else"), "silence")


def _press(definition: Definition, step: FunnelStep, number: int, button: FunnelButton) -> str:
    if button.goto:
        return _point(definition, definition.addresses_by_label[button.goto])
    return _inside(definition, step, f"press.{number}")


def _inside(definition: Definition, step: FunnelStep, inner: str) -> str:
    address = f"{step.address}.{inner}.0"
    return _point(definition, address) if address in definition.by_address else _after(definition, step)


def _after(definition: Definition, step: FunnelStep) -> str:
    return _point(definition, definition.address_after(step.address))


def _point(definition: Definition, address: str | None) -> str:
    """The point for that address: gotos are followed, and END comes after the last step."""
    step = definition.by_address.get(address or "")
    while isinstance(step, GotoStep):
        step = definition.by_address[definition.addresses_by_label[step.goto]]
    return step.address if step else END
