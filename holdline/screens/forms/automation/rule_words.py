"""A rule in words."""

from collections.abc import Iterable
from typing import Any

from holdline.dialogs.decisions.rule import Conditions, Rule
from holdline.dialogs.text.splitting import inline
from holdline.screens.dialogs import card_values
from holdline.screens.forms.automation.lengths import length_text
from holdline.screens.keyboards import ellipsize
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.texts import say

_TEXT = 200
_UNITS = {"hours": "h", "days": "d", "months": "mo"}


def rule_lines(tx: Tx, rule: Rule, language: str) -> list[str]:
    """Trigger, conditions and steps, one line each."""
    return [
        say("rules.when", language, what=say(f"rules.on_{rule.trigger}", language)),
        condition_line(rule.conditions, language),
        *step_lines(tx, rule.steps, language),
    ]


def condition_line(conditions: Conditions, language: str) -> str:
    """All conditions on one line, or that the rule always acts."""
    parts = [_condition(name, value, language) for name, value in conditions.given.items()]
    return say("rules.only_if", language, what="; ".join(parts)) if parts else say("rules.always", language)


def step_lines(tx: Tx, steps: Iterable[dict[str, Any]], language: str) -> list[str]:
    """Numbered, in order."""
    return [f"{number}. {_step(tx, step, language)}" for number, step in enumerate(steps, 1)]


def _condition(name: str, value: Any, language: str) -> str:
    if name == "outside_hours":
        return say("rules.is_outside_hours" if value else "rules.is_within_hours", language)
    if name == "text_contains":
        value = " / ".join(say("rules.quoted", language, text=inline(word)) for word in value)
    elif name == "after":
        value = length_text(value, language)
    else:
        value = card_values.value_text(name, value, language)
    return say(f"rules.if_{name}", language, value=value)


def _step(tx: Tx, step: dict[str, Any], language: str) -> str:
    ((name, value),) = step.items()
    if value is None or value == {}:
        return say(f"rules.do_{name}_none", language)
    return say(f"rules.do_{name}", language, value=_value(tx, name, value, language))


def _value(tx: Tx, name: str, value: Any, language: str) -> str:
    match name:
        case "assign" | "notify":
            return ", ".join(_person(tx, each) for each in (value if isinstance(value, list) else [value]))
        case "add_tags" | "remove_tags":
            return inline(", ".join(value))
        case "open_dialog":
            return inline(" · ".join(str(value[key]) for key in ("type", "title") if value.get(key)))
        case "postpone":
            ((unit, number),) = value.items()
            return length_text(f"{number}{_UNITS[unit]}", language)
        case "close":
            return say("rules.with_form" if value.get("send_rating_form") else "rules.as_it_is", language)
    return inline(ellipsize(card_values.value_text(name, value, language), _TEXT))


def _person(tx: Tx, telegram_id: int) -> str:
    person = managers.by_telegram_id(tx, telegram_id)
    return inline(person.name) if person is not None else str(telegram_id)
