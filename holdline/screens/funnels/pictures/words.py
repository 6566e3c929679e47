"""The texts of steps and ways in the picture, in the reader's language."""

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from babel.dates import get_day_names
from babel.units import format_unit

from holdline.dialogs.funnels.conditions import (
    AllHold,
    AnyHolds,
    DialogIs,
    FunnelCondition,
    HasTag,
    HasValue,
    NotHolds,
    SpeaksLanguage,
)
from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.graph import FunnelWay
from holdline.dialogs.funnels.steps import (
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
from holdline.texts import say
from holdline.texts.catalog import LANGUAGE_NAMES

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def length_words(length: timedelta, language: str) -> str:
    """“2 days 12 hr”: exact, unlike durations on a card."""
    rest, parts = int(length.total_seconds()), []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(format_unit(count, f"duration-{unit}", length="short", locale=language))
    return " ".join(parts)


def entry_words(definition: Definition, language: str) -> list[str]:
    """How customers enter, one line each."""
    entries = definition.entries
    lines = [f"/start {payload}" for payload in entries.starts]
    lines += [say("funnels.picture_entry_tag", language, tag=tag) for tag in entries.tags]
    if entries.button:
        lines.append(say("funnels.picture_entry_button", language))
    if closed := entries.dialog_closed:
        names = ", ".join((*closed.reasons, *closed.types))
        lines.append(say("funnels.picture_entry_closed", language) + (f": {names}" if names else ""))
    return lines or [say("funnels.picture_entry_api", language)]


def step_words(step: FunnelStep, language: str) -> str:
    """The text of a step. Its kind is shown by the sign."""
    match step:
        case SendStep() | QuestionStep():
            return step.message.words.text
        case IfStep():
            return condition_words(step.condition, language) + "?"
        case SplitStep():
            return say("funnels.picture_split", language)
        case StopStep() | GotoStep():
            return say("funnels.picture_stop", language)
        case _:
            return _plain_words(step, language)


def _plain_words(step: WaitStep | UntilStep | TagStep | SetStep | GoalStep, language: str) -> str:
    match step:
        case WaitStep():
            return length_words(step.length, language)
        case UntilStep():
            days = get_day_names("abbreviated", locale=language)
            return " ".join([f"{step.time:%H:%M}", ", ".join(days[day] for day in sorted(step.weekdays))])
        case TagStep():
            return ("+ " if step.added else "− ") + step.tag
        case SetStep():
            return ", ".join(f"{name} = {_value(value)}" for name, value in step.fields)
        case GoalStep():
            return step.goal
        case _:
            assert_never(step)


def way_words(way: FunnelWay, step: FunnelStep | None, language: str) -> str:
    """Empty if a way needs no caption."""
    match way.kind:
        case "yes" | "no" | "answer":
            return say(f"funnels.picture_{way.kind}", language)
        case "silence" if isinstance(step, SendStep | QuestionStep):
            return say("funnels.picture_silence", language, length=length_words(step.within, language))
        case "branch":
            return f"{way.caption} · {way.share} %"
        case _:
            return way.caption


def condition_words(condition: FunnelCondition, language: str) -> str:
    match condition:
        case NotHolds(inner):
            return say("funnels.picture_not", language, what=condition_words(inner, language))
        case AllHold(conditions):
            return _join(conditions, "funnels.picture_and", language)
        case AnyHolds(conditions):
            return _join(conditions, "funnels.picture_or", language)
        case _:
            return _question_words(condition, language)


def _question_words(condition: HasTag | HasValue | SpeaksLanguage | DialogIs, language: str) -> str:
    match condition:
        case HasTag(tag):
            return say("funnels.picture_has_tag", language, tag=tag)
        case HasValue():
            return _comparison_words(condition, language)
        case SpeaksLanguage(languages):
            return " / ".join(LANGUAGE_NAMES[one] for one in languages)
        case DialogIs(states):
            return " / ".join(say(f"funnels.picture_dialog_{state}", language) for state in states)
        case _:
            assert_never(condition)


def _join(conditions: Sequence[FunnelCondition], key: str, language: str) -> str:
    return f" {say(key, language)} ".join(condition_words(one, language) for one in conditions)


def _comparison_words(condition: HasValue, language: str) -> str:
    words = [" / ".join(_value(value) for value in condition.values)] if condition.values else []
    words += [f"> {condition.above:g}"] if condition.above is not None else []
    words += [f"< {condition.below:g}"] if condition.below is not None else []
    if not words:
        return say("funnels.picture_has_value", language, name=condition.name)
    return f"{condition.name}: {' '.join(words)}"


def _value(value: object) -> str:
    if value is None or value == "":
        return "–"
    return str(value).lower() if isinstance(value, bool) else str(value)
