"""A funnel as it was written and checked: how customers enter it, what ends it, its steps by address."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from holdline.dialogs.funnels.conditions import FunnelCondition, same_word
from holdline.dialogs.funnels.steps import FunnelStep, branches_of

FIRST = "0"
"""The address at which every funnel begins."""


@dataclass(frozen=True, slots=True)
class ClosedEntry:
    """Closes of these reasons and types of dialogs; empty for any."""

    reasons: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def fits(self, *, reason: str | None, type_: str) -> bool:
        """Whether a dialog that closed so lets its customer in."""
        return (not self.reasons or same_word(reason or "") in map(same_word, self.reasons)) and (
            not self.types or same_word(type_) in map(same_word, self.types)
        )


@dataclass(frozen=True, slots=True)
class Entries:
    """How a customer comes in; by the API they always may.

    `starts` are payloads of /start, `tags` those whose getting lets in; `button` lets buttons of broadcasts in.
    """

    starts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    button: bool = False
    dialog_closed: ClosedEntry | None = None


@dataclass(frozen=True, slots=True)
class EndingGoal:
    """Once the condition holds, the goal is reached and the funnel is over for that customer."""

    goal: str
    condition: FunnelCondition


@dataclass(frozen=True)
class Definition:
    """One version of a funnel."""

    name: str
    steps: tuple[FunnelStep, ...]
    entries: Entries = field(default_factory=Entries)
    stop_words: tuple[str, ...] = ()
    goals: tuple[EndingGoal, ...] = ()

    @cached_property
    def by_address(self) -> dict[str, FunnelStep]:
        return {step.address: step for step in all_steps(self.steps)}

    @cached_property
    def addresses_by_label(self) -> dict[str, str]:
        return {step.label: step.address for step in self.by_address.values() if step.label}

    def address_after(self, address: str) -> str | None:
        """Of the step that follows: the next of its list, else what follows the step around it; None at the end."""
        around, _, number = address.rpartition(".")
        following = f"{around}.{int(number) + 1}" if around else str(int(number) + 1)
        if following in self.by_address:
            return following
        return self.address_after(parent_of(address)) if around else None

    def is_stop_word(self, text: str) -> bool:
        """Whether these words of a customer end the funnel: nothing but one of the stop words, in any case."""
        said = same_word(text).strip(" .!?…")
        return any(said == same_word(word) for word in self.stop_words)


def all_steps(steps: tuple[FunnelStep, ...]) -> Iterator[FunnelStep]:
    """Each with those inside it, in the order in which they are written."""
    for step in steps:
        yield step
        for inner in branches_of(step).values():
            yield from all_steps(inner)


def parent_of(address: str) -> str:
    """The step in whose branch that one stands: `2` for `2.then.0` and for `2.press.1.0`."""
    parts = address.split(".")
    return ".".join(parts[:-2] if parts[-2] in ("then", "else") else parts[:-3])
