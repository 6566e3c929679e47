"""A checked funnel definition: how customers enter it, what ends it, and its steps by address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from holdline.dialogs.funnels.conditions import FunnelCondition, same_word
from holdline.dialogs.funnels.steps import FunnelStep, branches_of

FIRST = "0"
"""The address of the first step of every funnel."""


@dataclass(frozen=True, slots=True)
class ClosedEntry:
    """Entry by the close of a dialog, for these reasons and types; empty means any."""

    reasons: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def fits(self, *, reason: str | None, type_: str) -> bool:
        """Whether a dialog closed with this reason and type lets its customer in."""
        return (not self.reasons or same_word(reason or "") in map(same_word, self.reasons)) and (
            not self.types or same_word(type_) in map(same_word, self.types)
        )


@dataclass(frozen=True, slots=True)
class Entries:
    """How customers enter. Entry by the API is always allowed.

    `starts` are payloads of /start. `tags` are tags that let in a customer who gets one. `button` allows buttons of
    broadcasts.
    """

    starts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    button: bool = False
    dialog_closed: ClosedEntry | None = None


@dataclass(frozen=True, slots=True)
class EndingGoal:
    """When the condition holds, the goal is reached and the funnel is over for that customer."""

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
    paths: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The path of each step in the file, by address: `steps[2].then[0]`."""

    @cached_property
    def by_address(self) -> dict[str, FunnelStep]:
        return {step.address: step for step in all_steps(self.steps)}

    @cached_property
    def addresses_by_label(self) -> dict[str, str]:
        return {step.label: step.address for step in self.by_address.values() if step.label}

    def address_after(self, address: str) -> str | None:
        """The address of the following step: the next in the same list, or else the one after the enclosing step. None
        at the end.
        """
        around, _, number = address.rpartition(".")
        following = f"{around}.{int(number) + 1}" if around else str(int(number) + 1)
        if following in self.by_address:
            return following
        return self.address_after(parent_of(address)) if around else None

    def is_stop_word(self, text: str) -> bool:
        """Whether the text is exactly one of the stop words, in any case."""
        said = same_word(text).strip(" .!?…")
        return any(said == same_word(word) for word in self.stop_words)


def all_steps(steps: tuple[FunnelStep, ...]) -> Iterator[FunnelStep]:
    """Every step followed by the steps inside it, in written order."""
    for step in steps:
        yield step
        for inner in branches_of(step).values():
            yield from all_steps(inner)


def parent_of(address: str) -> str:
    """The address of the enclosing step: `2` for `2.then.0` and for `2.press.1.0`."""
    parts = address.split(".")
    return ".".join(parts[:-2] if parts[-2] in ("then", "else") else parts[:-3])
