"""The steps of a funnel. Each knows its address in its version, such as `2.then.0`."""

from dataclasses import dataclass
from datetime import time, timedelta

from holdline.dialogs.funnels.conditions import FunnelCondition
from holdline.dialogs.marketing.content import Medium
from holdline.dialogs.text.richtext import RichText

PATIENCE = timedelta(days=7)
"""How long to wait for a press or an answer if the step does not say."""

FieldValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class FunnelButton:
    """A link, data for an outside tool, or a branch of the funnel: `then`, `goto`, or both empty.

    A button `branches` if its press is for the funnel. Its number is its position among all buttons of the message.
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
    """The message, with its variables still in braces. `topic` is its marketing topic."""

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
    """With branching buttons it waits `within` for a press. `otherwise` follows if there was none."""

    message: FunnelMessage
    within: timedelta
    otherwise: tuple["FunnelStep", ...] = ()

    @property
    def awaits(self) -> bool:
        return any(button.branches for button in self.message.buttons)


@dataclass(frozen=True, slots=True)
class QuestionStep(_Addressed):
    """The customer's next text, or the choice they press, is stored as the answer `name`, and in `field` if set."""

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
    """The wait counts from the moment the message before it was really sent."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class UntilStep(_Addressed):
    """The next such time of day in the customer's time zone. `weekdays` count from 0 for Monday; empty means any."""

    time: time
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class IfStep(_Addressed):
    condition: FunnelCondition
    then: tuple["FunnelStep", ...]
    otherwise: tuple["FunnelStep", ...]


@dataclass(frozen=True, slots=True)
class TagStep(_Addressed):
    """`added` False removes the tag."""

    tag: str
    added: bool


@dataclass(frozen=True, slots=True)
class SetStep(_Addressed):
    """Sets fields of the customer; None clears one."""

    fields: tuple[tuple[str, FieldValue], ...]


@dataclass(frozen=True, slots=True)
class GoalStep(_Addressed):
    """Counts that the customer reached this goal, and continues."""

    goal: str


@dataclass(frozen=True, slots=True)
class StopStep(_Addressed):
    pass


@dataclass(frozen=True, slots=True)
class GotoStep(_Addressed):
    goto: str


@dataclass(frozen=True, slots=True)
class SplitBranch:
    """`share` is a percentage."""

    name: str
    share: int
    then: tuple["FunnelStep", ...]


@dataclass(frozen=True, slots=True)
class SplitStep(_Addressed):
    """Divides the customers between branches. A customer always takes the same branch."""

    branches: tuple[SplitBranch, ...]


Speaking = SendStep | QuestionStep
FunnelStep = (
    Speaking | WaitStep | UntilStep | IfStep | TagStep | SetStep | GoalStep | StopStep | GotoStep | SplitStep
)


def branches_of(step: FunnelStep) -> dict[str, tuple[FunnelStep, ...]]:
    """The lists of steps inside the step, by the part they add to the address: then, else, press.0, branch.1."""
    found: dict[str, tuple[FunnelStep, ...]] = {}
    if isinstance(step, SendStep | QuestionStep):
        found = {f"press.{number}": button.then for number, button in enumerate(step.message.buttons)}
        found["else"] = step.otherwise
    elif isinstance(step, IfStep):
        found = {"then": step.then, "else": step.otherwise}
    elif isinstance(step, SplitStep):
        found = {f"branch.{number}": branch.then for number, branch in enumerate(step.branches)}
    return {name: steps for name, steps in found.items() if steps}
