"""The conditions of funnels on a customer: tag, field, answer, language, and the state of their dialogs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, assert_never

DIALOG_STATES = ("active", "paused", "closed", "none")


@dataclass(frozen=True, slots=True)
class FunnelProfile:
    """Everything that a funnel's conditions may use about one customer.

    `key` never changes for a customer; splits are decided by it. `dialog` is the first of DIALOG_STATES that applies
    to any of their dialogs. `branches`: names of branches that a dry run takes in every split that has one.
    """

    key: str
    name: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    tags: frozenset[str] = frozenset()
    fields: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    dialog: str = "none"
    branches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HasTag:
    tag: str


@dataclass(frozen=True, slots=True)
class HasValue:
    """A condition on a field or an answer: one of `values`, above or below a number; with none of these, that a value
    exists.
    """

    kind: Literal["field", "answer"]
    name: str
    values: tuple[str | int | float | bool, ...] = ()
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class SpeaksLanguage:
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DialogIs:
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotHolds:
    condition: "FunnelCondition"


@dataclass(frozen=True, slots=True)
class AllHold:
    conditions: tuple["FunnelCondition", ...]


@dataclass(frozen=True, slots=True)
class AnyHolds:
    conditions: tuple["FunnelCondition", ...]


FunnelCondition = HasTag | HasValue | SpeaksLanguage | DialogIs | NotHolds | AllHold | AnyHolds


def holds(condition: FunnelCondition, profile: FunnelProfile) -> bool:
    match condition:
        case NotHolds(inner):
            return not holds(inner, profile)
        case AllHold(conditions):
            return all(holds(one, profile) for one in conditions)
        case AnyHolds(conditions):
            return any(holds(one, profile) for one in conditions)
        case _:
            return _is_so(condition, profile)


def _is_so(condition: HasTag | HasValue | SpeaksLanguage | DialogIs, profile: FunnelProfile) -> bool:
    match condition:
        case HasTag(tag):
            return same_word(tag) in map(same_word, profile.tags)
        case HasValue():
            return _has_value(condition, profile)
        case SpeaksLanguage(languages):
            return profile.language in languages
        case DialogIs(states):
            return profile.dialog in states
        case _:
            assert_never(condition)


def value_of(kind: Literal["field", "answer"], name: str, profile: FunnelProfile) -> Any:
    """The value, or None if there is none. Names match in any case."""
    known = profile.fields if kind == "field" else profile.answers
    return next((known[one] for one in known if same_word(one) == same_word(name)), None)


def same_word(text: str) -> str:
    """The normal form of a text; texts that people would call the same are equal in this form."""
    return " ".join(text.split()).casefold()


def _has_value(condition: HasValue, profile: FunnelProfile) -> bool:
    value = value_of(condition.kind, condition.name, profile)
    if value is None or value == "":
        return False
    if condition.values and not any(_is_same(value, wanted) for wanted in condition.values):
        return False
    if condition.above is None and condition.below is None:
        return True
    number = _number(value)
    return number is not None and (
        (condition.above is None or number > condition.above)
        and (condition.below is None or number < condition.below)
    )


def _is_same(value: Any, wanted: str | float | bool) -> bool:
    """Compares numbers and words as a person does: "30" is 30, "Yes" is yes."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if (number := _number(value)) is not None and number == _number(wanted):
        return True
    return same_word(str(value)) == same_word(str(wanted))


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return None
