"""The effects of a funnel on a customer, apart from messages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from holdline.dialogs.funnels.conditions import FunnelProfile, same_word
from holdline.dialogs.funnels.steps import FieldValue


@dataclass(frozen=True, slots=True)
class TagEffect:
    """`added` False removes the tag."""

    tag: str
    added: bool


@dataclass(frozen=True, slots=True)
class FieldEffect:
    """`value` None clears the field."""

    name: str
    value: FieldValue


@dataclass(frozen=True, slots=True)
class AnswerEffect:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class GoalEffect:
    goal: str


@dataclass(frozen=True, slots=True)
class BranchEffect:
    """The branch that a split chose, or the button that was pressed. Counted per branch."""

    address: str
    branch: str


FunnelEffect = TagEffect | FieldEffect | AnswerEffect | GoalEffect | BranchEffect


def with_effects(profile: FunnelProfile, effects: Iterable[FunnelEffect]) -> FunnelProfile:
    """The customer as later steps of the same turn see them."""
    for effect in effects:
        match effect:
            case TagEffect(tag, added=added):
                others = {one for one in profile.tags if same_word(one) != same_word(tag)}
                profile = replace(profile, tags=frozenset(others | {tag} if added else others))
            case FieldEffect(name, value):
                fields = {
                    one: profile.fields[one] for one in profile.fields if same_word(one) != same_word(name)
                }
                profile = replace(profile, fields={**fields, name: value})
            case AnswerEffect(name, value):
                profile = replace(profile, answers={**profile.answers, name: value})
    return profile
