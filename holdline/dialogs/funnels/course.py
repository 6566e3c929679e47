"""A customer's way through a funnel, as pure decisions: the position, and what happens next.

`advance`: at the start, after the message was sent, or after a wait. `on_answer` and `on_press`: after the customer
acted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdline.dialogs.funnels.conditions import FunnelProfile, holds, same_word
from holdline.dialogs.funnels.definition import FIRST, Definition
from holdline.dialogs.funnels.effects import (
    AnswerEffect,
    BranchEffect,
    FieldEffect,
    FunnelEffect,
    GoalEffect,
    TagEffect,
    with_effects,
)
from holdline.dialogs.funnels.moments import next_moment
from holdline.dialogs.funnels.splits import choose_branch
from holdline.dialogs.funnels.steps import (
    FunnelButton,
    FunnelStep,
    GoalStep,
    GotoStep,
    IfStep,
    QuestionStep,
    SendStep,
    SetStep,
    SplitStep,
    StopStep,
    TagStep,
    UntilStep,
    WaitStep,
)

Phase = Literal["begin", "saying", "waiting"]
EndReason = Literal["end", "stop", "goal", "round", "stop_word"]
MOST_MOVES = 1000
"""The limit for one turn. The reader refuses endless loops, so this only bounds one that it missed."""


@dataclass(frozen=True, slots=True)
class FunnelPosition:
    """`address` is the step, or empty after the last one.

    begin: the step is not done yet · saying: its message is in the outbox · waiting: for a moment, an answer or a
    press.
    """

    address: str = FIRST
    phase: Phase = "begin"


START = FunnelPosition()


@dataclass(frozen=True, slots=True)
class Say:
    """Send the message of that step. Nothing else happens until it was sent."""

    step: SendStep | QuestionStep


@dataclass(frozen=True, slots=True)
class Rest:
    """Wait until `until`, unless the customer answers or presses a button before."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Finish:
    """The enrolment is over: at the end, by a stop, a goal or a stop word, or because it looped without a wait."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class FunnelTurn:
    """What happens now: the effects in order, then `what`. `position` is the customer's position afterwards."""

    effects: tuple[FunnelEffect, ...]
    what: Say | Rest | Finish
    position: FunnelPosition


def advance(
    definition: Definition, position: FunnelPosition, profile: FunnelProfile, at: datetime
) -> FunnelTurn:
    """The next turn, after the start, after the message was sent at `at`, or after the wait is over.

    A wait counts from `at`.
    """
    step = definition.by_address.get(position.address)
    if step is None or position.phase == "begin":
        return _go_on(definition, position.address, profile, at)
    if position.phase == "saying" and isinstance(step, SendStep | QuestionStep) and step.awaits:
        return FunnelTurn((), Rest(at + step.within), FunnelPosition(step.address, "waiting"))
    unanswered = position.phase == "waiting" and isinstance(step, SendStep | QuestionStep)
    inner = "else" if unanswered else None
    return _go_on(definition, _address_inside(definition, step, inner), profile, at)


def goal_reached(definition: Definition, profile: FunnelProfile) -> str | None:
    """The first goal whose condition is true; it ends the funnel for that customer."""
    return next((goal.goal for goal in definition.goals if holds(goal.condition, profile)), None)


def position_now(
    definition: Definition, position: FunnelPosition, due_at: datetime | None, zone: str
) -> FunnelPosition:
    """The position to continue from. If `due_at` no longer matches the time of day of the step, the wait starts again.

    This happens if the customer's time zone changed, or if the clock was set.
    """
    step = definition.by_address.get(position.address)
    if position.phase != "waiting" or not isinstance(step, UntilStep) or due_at is None:
        return position
    return position if next_moment(step, zone, due_at) == due_at else FunnelPosition(step.address)


def on_answer(
    definition: Definition, position: FunnelPosition, text: str, profile: FunnelProfile, at: datetime
) -> FunnelTurn | None:
    """The turn after the customer's text. None if no question is open, or if the text is none of the choices."""
    step = definition.by_address.get(position.address)
    if position.phase != "waiting" or not isinstance(step, QuestionStep) or not text.strip():
        return None
    choices = step.message.buttons
    if not choices:
        return _take_answer(definition, step, text.strip(), None, (profile, at))
    said = same_word(text)
    number = next((n for n, choice in enumerate(choices) if same_word(choice.text) == said), None)
    return None if number is None else on_press(definition, position, (step.address, number), profile, at)


def on_press(
    definition: Definition,
    position: FunnelPosition,
    pressed: tuple[str, int],
    profile: FunnelProfile,
    at: datetime,
) -> FunnelTurn | None:
    """The turn after a press of a button, given as its step's address and its number.

    None if the funnel no longer waits for it. A press may arrive before Telegram confirms that the message was sent.
    """
    address, number = pressed
    step = definition.by_address.get(position.address)
    if (
        position.address != address
        or position.phase == "begin"
        or not isinstance(step, SendStep | QuestionStep)
    ):
        return None
    buttons = step.message.buttons
    if not 0 <= number < len(buttons) or not buttons[number].branches:
        return None
    if isinstance(step, QuestionStep):
        return _take_answer(definition, step, buttons[number].text, number, (profile, at))
    return _go_on(
        definition,
        _address_of_press(definition, step, buttons[number], number),
        profile,
        at,
        (BranchEffect(step.address, buttons[number].text),),
    )


def _take_answer(
    definition: Definition,
    step: QuestionStep,
    answer: str,
    number: int | None,
    customer: tuple[FunnelProfile, datetime],
) -> FunnelTurn:
    effects: list[FunnelEffect] = [AnswerEffect(step.name, answer)]
    if step.field:
        effects.append(FieldEffect(step.field, answer))
    if number is None:
        address = definition.address_after(step.address)
    else:
        effects.append(BranchEffect(step.address, answer))
        address = _address_of_press(definition, step, step.message.buttons[number], number)
    return _go_on(definition, address, *customer, effects)


def _address_of_press(
    definition: Definition, step: FunnelStep, button: FunnelButton, number: int
) -> str | None:
    if button.goto:
        return definition.addresses_by_label[button.goto]
    return _address_inside(definition, step, f"press.{number}")


def _address_inside(definition: Definition, step: FunnelStep, inner: str | None) -> str | None:
    """The first step of that branch. If the branch is empty, the step after this one."""
    address = f"{step.address}.{inner}.0"
    return address if inner and address in definition.by_address else definition.address_after(step.address)


def _go_on(
    definition: Definition,
    address: str | None,
    profile: FunnelProfile,
    at: datetime,
    begun_with: Sequence[FunnelEffect] = (),
) -> FunnelTurn:
    """Runs step by step until a message is to be sent, a wait starts, or the funnel is over."""
    effects = list(begun_with)
    profile = with_effects(profile, begun_with)
    for _ in range(MOST_MOVES):
        if (goal := goal_reached(definition, profile)) is not None:
            effects.append(GoalEffect(goal))
            return FunnelTurn(tuple(effects), Finish("goal"), FunnelPosition(""))
        step = definition.by_address.get(address or "")
        if step is None:
            return FunnelTurn(tuple(effects), Finish("end"), FunnelPosition(""))
        if found := _stand_still(step, profile, at):
            return FunnelTurn(tuple(effects), *found)
        new = _effects_of(definition, step, profile)
        effects += new
        profile = with_effects(profile, new)
        address = _address_onwards(definition, step, profile)
    return FunnelTurn(tuple(effects), Finish("round"), FunnelPosition(""))


def _stand_still(
    step: FunnelStep, profile: FunnelProfile, at: datetime
) -> tuple[Say | Rest | Finish, FunnelPosition] | None:
    """What ends the turn at this step; None for a step that continues at once."""
    match step:
        case SendStep() | QuestionStep():
            return Say(step), FunnelPosition(step.address, "saying")
        case WaitStep():
            return Rest(at + step.length), FunnelPosition(step.address, "waiting")
        case UntilStep():
            until = next_moment(step, profile.time_zone, at)
            return None if until == at else (Rest(until), FunnelPosition(step.address, "waiting"))
        case StopStep():
            return Finish("stop"), FunnelPosition("")
        case _:
            return None


def _effects_of(definition: Definition, step: FunnelStep, profile: FunnelProfile) -> list[FunnelEffect]:
    match step:
        case TagStep():
            return [TagEffect(step.tag, step.added)]
        case SetStep():
            return [FieldEffect(name, value) for name, value in step.fields]
        case GoalStep():
            return [GoalEffect(step.goal)]
        case SplitStep():
            _, branch = choose_branch(step, funnel=definition.name, profile=profile)
            return [BranchEffect(step.address, branch.name)]
        case _:
            return []


def _address_onwards(definition: Definition, step: FunnelStep, profile: FunnelProfile) -> str | None:
    match step:
        case GotoStep():
            return definition.addresses_by_label[step.goto]
        case IfStep():
            return _address_inside(definition, step, "then" if holds(step.condition, profile) else "else")
        case SplitStep():
            number, _ = choose_branch(step, funnel=definition.name, profile=profile)
            return _address_inside(definition, step, f"branch.{number}")
        case _:
            return definition.address_after(step.address)
