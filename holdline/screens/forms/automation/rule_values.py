"""What a rule can be composed of by buttons: triggers, conditions, steps, and the values of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from holdline.dialogs.decisions.rule import Trigger
from holdline.screens.dialogs import card_values
from holdline.screens.forms import picker
from holdline.screens.forms.automation.lengths import length_text
from holdline.screens.forms.timing.postpone_form import PRESETS
from holdline.store.people import teams
from holdline.store.tx import Tx
from holdline.texts import say

TRIGGERS: tuple[Trigger, ...] = (
    "first_message",
    "message",
    "no_reply",
    "dialog_opened",
    "dialog_changed",
    "overdue",
    "dialog_closed",
)
WRITTEN = frozenset({"text_contains", "answer"})
"""Values that are typed. All others are chosen."""
_OF_DIALOGS = ("type", "stage", "priority", "queue", "tag")
_SILENCES = ("10m", "30m", "1h", "4h", "1d", "3d")
_SAME_AS = {"add_tags": "tag", "remove_tags": "tag", "notify": "assign"}


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """`number` is the number in the button."""

    number: int
    caption: str
    value: Any


def conditions_for(trigger: str) -> tuple[str, ...]:
    """The conditions that can apply to the trigger. A first message belongs to no dialog."""
    of_dialogs = () if trigger == "first_message" else _OF_DIALOGS
    silence = ("after",) if trigger == "no_reply" else ()
    return ("text_contains", *silence, "outside_hours", *of_dialogs)


def steps_for(trigger: str) -> tuple[str, ...]:
    """The usual steps first. Opening a dialog is not offered if there already is one."""
    opens = ("open_dialog",) if trigger in ("first_message", "message", "no_reply", "dialog_closed") else ()
    others = ("assign", "team", "notify", "priority", "stage", "queue", "add_tags", "remove_tags", "postpone")
    if trigger == "dialog_closed":
        return (*opens, "answer", "notify", "add_tags", "remove_tags")
    return (*opens, "answer", *others, "close")


def choices(tx: Tx, name: str, language: str) -> list[RuleChoice]:
    """The values of a condition or step that is chosen."""
    name = _SAME_AS.get(name, name)
    if name in _CHOICES:
        return _CHOICES[name](tx, language)
    named = card_values.choices(tx, name)
    return [
        RuleChoice(number, card_values.value_text(name, value, language), value) for number, value in named
    ]


def _tags(tx: Tx, _: str) -> list[RuleChoice]:
    return [RuleChoice(number, tag, tag) for number, tag in picker.list_choices(tx, "tags")]


def _teams(tx: Tx, _: str) -> list[RuleChoice]:
    return [RuleChoice(team.id, f"👥 {team.name}", team.name) for team in teams.list_all(tx)]


def _people(tx: Tx, _: str) -> list[RuleChoice]:
    return [RuleChoice(each.telegram_id, each.name, each.telegram_id) for each in picker.active_managers(tx)]


def _silences(_: Tx, language: str) -> list[RuleChoice]:
    return [RuleChoice(number, length_text(each, language), each) for number, each in enumerate(_SILENCES)]


def _dialog_types(tx: Tx, language: str) -> list[RuleChoice]:
    usual = RuleChoice(0, say("rules.usual_type", language), {})
    return [
        usual,
        *(RuleChoice(number, each, {"type": each}) for number, each in picker.list_choices(tx, "types")),
    ]


def _shifts(_: Tx, language: str) -> list[RuleChoice]:
    return [
        RuleChoice(number, say(f"time.preset_{key}", language), {shift.unit: shift.number})
        for number, (key, shift) in enumerate(PRESETS.items())
    ]


def _closes(_: Tx, language: str) -> list[RuleChoice]:
    """With or without the rating form."""
    return [
        RuleChoice(number, say(f"rules.close_{word}", language), {"send_rating_form": number == 1})
        for number, word in enumerate(("quietly", "with_form"))
    ]


_CHOICES: dict[str, Callable[[Tx, str], list[RuleChoice]]] = {
    "tag": _tags,
    "team": _teams,
    "assign": _people,
    "after": _silences,
    "open_dialog": _dialog_types,
    "postpone": _shifts,
    "close": _closes,
}


def step_value(name: str, chosen: Any) -> Any:
    """The value in stored form: some steps take a list of one."""
    return [chosen] if name in ("add_tags", "remove_tags", "notify") else chosen
