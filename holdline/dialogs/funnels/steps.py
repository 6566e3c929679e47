"""The steps that a funnel is made of. Each knows its address, such as `2.then.0`: the place in its version."""

from dataclasses import dataclass
from datetime import time, timedelta

from holdline.dialogs.funnels.conditions import FunnelCondition
from holdline.dialogs.marketing.content import Medium
from holdline.dialogs.text.richtext import RichText

PATIENCE = timedelta(days=7)
"""How long a press or an answer is waited for where nothing else is written."""

FieldValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class FunnelButton:
    """A link, data for an outside tool, or a way that the funnel takes: `then`, `goto`, or both empty.

    A button that `branches` is pressed for the funnel; its number is its place among all of its message.
    """

    text: str
    url: str | None = None
    data: str | None = None
    then: tuple["FunnelStep", ...] = ()
    goto: str | None = None

    @property
    def branches(self) -> bool:
        return self.url is None and self.data is None


@dataclass(frozen=True, slots=True)
class FunnelMessage:
    """What is said, with its variables still in braces; `topic` is what the customer may unsubscribe from alone."""

    words: RichText
    media: tuple[Medium, ...] = ()
    rows: tuple[tuple[FunnelButton, ...], ...] = ()
    topic: str | None = None
    link_preview: bool = True

    @property
    def buttons(self) -> tuple[FunnelButton, ...]:
        """In the order of their numbers."""
        return tuple(button for row in self.rows for button in row)


@dataclass(frozen=True, slots=True)
class _Addressed:
    address: str
    label: str | None


@dataclass(frozen=True, slots=True)
class SendStep(_Addressed):
    """With buttons that branch it waits `within` for a press; `otherwise` is what follows where none came."""

    message: FunnelMessage
    within: timedelta
    otherwise: tuple["FunnelStep", ...] = ()

    @property
    def awaits(self) -> bool:
        return any(button.branches for button in self.message.buttons)


@dataclass(frozen=True, slots=True)
class QuestionStep(_Addressed):
    """The customer's next words, or the choice they press, are kept as the answer `name`, and in a `field` too."""

    message: FunnelMessage
    within: timedelta
    name: str
    field: str | None = None
    otherwise: tuple["FunnelStep", ...] = ()

    @property
    def awaits(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class WaitStep(_Addressed):
    """Counts from the moment at which the message before it was really sent."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class UntilStep(_Addressed):
    """The next such time of day on the customer's clock; `weekdays` from 0 for Monday, empty for any."""

    time: time
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class IfStep(_Addressed):
    condition: FunnelCondition
    then: tuple["FunnelStep", ...]
    otherwise: tuple["FunnelStep", ...]


@dataclass(frozen=True, slots=True)
class TagStep(_Addressed):
    """`added` False takes it off."""

    tag: str
    added: bool


@dataclass(frozen=True, slots=True)
class SetStep(_Addressed):
    """Fields of the customer; None empties one."""

    fields: tuple[tuple[str, FieldValue], ...]


@dataclass(frozen=True, slots=True)
class GoalStep(_Addressed):
    """Counts that the customer has come so far, and goes on."""

    goal: str


@dataclass(frozen=True, slots=True)
class StopStep(_Addressed):
    pass


@dataclass(frozen=True, slots=True)
class GotoStep(_Addressed):
    goto: str


@dataclass(frozen=True, slots=True)
class SplitBranch:
    """`share` in per cent."""

    name: str
    share: int
    then: tuple["FunnelStep", ...]


@dataclass(frozen=True, slots=True)
class SplitStep(_Addressed):
    """A part of the customers goes each way, always the same way for the same customer."""

    branches: tuple[SplitBranch, ...]


Speaking = SendStep | QuestionStep
FunnelStep = (
    Speaking | WaitStep | UntilStep | IfStep | TagStep | SetStep | GoalStep | StopStep | GotoStep | SplitStep
)


def branches_of(step: FunnelStep) -> dict[str, tuple[FunnelStep, ...]]:
    """The lists of steps inside it, each by what its address adds: then, else, press.0, branch.1."""
    found: dict[str, tuple[FunnelStep, ...]] = {}
    if isinstance(step, SendStep | QuestionStep):
        found = {f"press.{number}": button.then for number, button in enumerate(step.message.buttons)}
        found["else"] = step.otherwise
    elif isinstance(step, IfStep):
        found = {"then": step.then, "else": step.otherwise}
    elif isinstance(step, SplitStep):
        found = {f"branch.{number}": branch.then for number, branch in enumerate(step.branches)}
    return {name: steps for name, steps in found.items() if steps}
