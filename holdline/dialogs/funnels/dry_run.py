"""Simulates what a customer would get and when, without waiting: every message is sent at once, no gate holds it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from holdline.dialogs.funnels.conditions import FunnelProfile, same_word
from holdline.dialogs.funnels.course import (
    START,
    Finish,
    FunnelPosition,
    FunnelTurn,
    Rest,
    Say,
    advance,
    on_answer,
    on_press,
)
from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.effects import FunnelEffect, with_effects
from holdline.dialogs.funnels.steps import FunnelMessage, SendStep
from holdline.dialogs.marketing.variables import CustomerValues, fill_in_values
from holdline.dialogs.text.richtext import RichText

MOST_MOMENTS = 500
MOST_TURNS = 2000
LONGEST_RUN = timedelta(days=800)
"""A funnel that loops would run forever, with or without output. A longer timetable is of no use."""


@dataclass(frozen=True, slots=True)
class DryCustomer:
    """`says` are answers and button captions in order, each given as soon as the funnel waits for it."""

    profile: FunnelProfile
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DryMoment:
    """What happened `after` the start: a message, an effect, an act of the customer, or the end."""

    after: timedelta
    at: datetime
    what: FunnelMessage | FunnelEffect | Finish | str


def run_dry(definition: Definition, customer: DryCustomer, start: datetime) -> list[DryMoment]:
    """The moments in order of time. The last is the end, if it comes within LONGEST_RUN."""
    run = _DryRun(definition, customer, start)
    turn: FunnelTurn | None = advance(definition, START, run.profile, start)
    for _ in range(MOST_TURNS):
        if turn is None or len(run.moments) >= MOST_MOMENTS:
            break
        turn = run.take(turn)
    return run.moments


def messages_of(moments: list[DryMoment]) -> list[tuple[int, str]]:
    """The messages: seconds after the start, and the text."""
    return [
        (int(moment.after.total_seconds()), moment.what.words.text)
        for moment in moments
        if isinstance(moment.what, FunnelMessage)
    ]


class _DryRun:
    def __init__(self, definition: Definition, customer: DryCustomer, start: datetime) -> None:
        self.moments: list[DryMoment] = []
        self.profile = replace(customer.profile, answers={})
        self._definition = definition
        self._says = list(customer.says)
        self._start = self._now = start

    def take(self, turn: FunnelTurn) -> FunnelTurn | None:
        """The next turn, or None at the end."""
        for effect in turn.effects:
            self._note(effect)
        self.profile = with_effects(self.profile, turn.effects)
        match turn.what:
            case Finish():
                self._note(turn.what)
                return None
            case Say(step):
                self._note(replace(step.message, words=self._fill_in(step.message)))
                return self._advance(turn.position)
            case Rest(until):
                return self._act(turn.position) or self._wait(turn.position, until)

    def _wait(self, position: FunnelPosition, until: datetime) -> FunnelTurn | None:
        if until - self._start > LONGEST_RUN:
            return None
        self._now = until
        return self._advance(position)

    def _act(self, position: FunnelPosition) -> FunnelTurn | None:
        """The turn after the customer's next input, if it is an answer or a button of this message."""
        if not self._says:
            return None
        said = self._says[0]
        if self._definition.is_stop_word(said):
            self._note(self._says.pop(0))
            return FunnelTurn((), Finish("stop_word"), position)
        turn = on_answer(self._definition, position, said, self.profile, self._now) or self._press(
            position, said
        )
        if turn is not None:
            self._note(self._says.pop(0))
        return turn

    def _press(self, position: FunnelPosition, caption: str) -> FunnelTurn | None:
        step = self._definition.by_address[position.address]
        if not isinstance(step, SendStep):
            return None
        for number, button in enumerate(step.message.buttons):
            if button.branches and same_word(button.text) == same_word(caption):
                return on_press(self._definition, position, (step.address, number), self.profile, self._now)
        return None

    def _fill_in(self, message: FunnelMessage) -> RichText:
        customer = self.profile
        values = CustomerValues(
            customer.name, language=customer.language, fields=customer.fields, answers=customer.answers
        )
        return fill_in_values(message.words, values)

    def _advance(self, position: FunnelPosition) -> FunnelTurn:
        return advance(self._definition, position, self.profile, self._now)

    def _note(self, what: FunnelMessage | FunnelEffect | Finish | str) -> None:
        self.moments.append(DryMoment(self._now - self._start, self._now, what))
