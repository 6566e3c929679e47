"""A rule being edited. It is kept in the form until it is saved, and each part is validated at once."""

import itertools
from typing import Any

from holdline.desk.automation.rules import add_rule, change_rule, free_rule_name, refuse_bad_part
from holdline.dialogs.decisions.rule import MOST_STEPS, Conditions, Rule
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.splitting import truncate
from holdline.screens.forms.automation import rule_values
from holdline.screens.forms.form import Form
from holdline.store.tx import Tx
from holdline.texts import say

_EDIT = "rules/edit/"
STAGES = ("when", "if", "then", "name", "try")
_NAME_LENGTH = 60


def is_open(form: Form) -> bool:
    return form.step.startswith(_EDIT)


def begin(form: Form, rule: Rule | None) -> None:
    """Starts with an empty rule, or with a copy of a stored one, which changes only on saving."""
    draft: dict[str, Any] = {"id": 0, "name": "", "on": "", "if": {}, "then": []}
    if rule is not None:
        draft = {"id": rule.id, "name": rule.name, "on": rule.trigger}
        draft |= {"if": rule.conditions.given, "then": list(rule.steps)}
    form.values["rule"] = draft
    go_to(form, "when")


def stage_of(form: Form) -> tuple[str, str]:
    """The stage of the wizard, and the condition or step whose value it asks for."""
    stage, _, chosen = form.step.removeprefix(_EDIT).partition("/")
    return stage, chosen


def go_to(form: Form, where: str) -> None:
    form.step, form.values["first"] = f"{_EDIT}{where}", 0


def go_if_ready(form: Form, stage: str) -> None:
    """Checks that the stage is ready, because an old window may offer it too early."""
    draft = form.values["rule"]
    if not draft["on"]:
        stage = "when"
    elif stage in ("name", "try") and not draft["then"]:
        raise BadInput("then", "rule_steps")
    elif stage == "try" and not draft["name"]:
        stage = "name"
    go_to(form, stage)


def parts_of(form: Form, action: str) -> tuple[str, ...]:
    trigger = form.values["rule"]["on"]
    return rule_values.conditions_for(trigger) if action == "cond" else rule_values.steps_for(trigger)


def set_trigger(form: Form, trigger: str) -> None:
    """Drops conditions and steps that do not apply to this trigger."""
    draft = form.values["rule"]
    draft["on"] = trigger
    conditions, steps = rule_values.conditions_for(trigger), rule_values.steps_for(trigger)
    draft["if"] = {name: value for name, value in draft["if"].items() if name in conditions}
    draft["then"] = [step for step in draft["then"] if set(step) <= set(steps)]
    go_to(form, "if")


def turn_hours(tx: Tx, form: Form) -> None:
    """Cycles through outside hours, within hours, and any time."""
    conditions = form.values["rule"]["if"]
    after = {None: True, True: False, False: None}[conditions.get("outside_hours")]
    conditions.pop("outside_hours", None)
    if after is not None:
        set_value(tx, form, "if", "outside_hours", after)


def set_value(tx: Tx, form: Form, stage: str, name: str, value: Any) -> None:
    """A value that could not be stored is refused here, and nothing changes."""
    draft = form.values["rule"]
    if stage == "if":
        conditions = {**draft["if"], name: value}
        refuse_bad_part(tx, conditions=Conditions.of(conditions), steps=())
        draft["if"] = conditions
    else:
        step = {name: rule_values.step_value(name, value)}
        refuse_bad_part(tx, conditions=Conditions(), steps=[step])
        if len(draft["then"]) >= MOST_STEPS:
            raise BadInput("then", "rule_too_many_steps", most=MOST_STEPS)
        draft["then"] = [*draft["then"], step]
    go_to(form, stage)


def lacks_dialog(form: Form) -> bool:
    """Whether a step needs a dialog before one is opened: a first message belongs to none."""
    draft = form.values["rule"]
    before = itertools.takewhile(lambda step: "open_dialog" not in step, draft["then"])
    return draft["on"] == "first_message" and any("answer" not in step for step in before)


def set_name(tx: Tx, form: Form, name: str) -> None:
    draft = form.values["rule"]
    draft["name"] = free_rule_name(tx, name, rule_id=draft["id"])
    go_if_ready(form, "try")


def propose_name(form: Form, language: str) -> str:
    """From its words, or else from its trigger."""
    draft = form.values["rule"]
    words = ", ".join(draft["if"].get("text_contains", ())) or say(f"rules.on_{draft['on']}", language)
    return truncate(words, _NAME_LENGTH)


def rule_of(form: Form) -> Rule:
    draft = form.values["rule"]
    conditions = Conditions.of(draft["if"])
    return Rule(draft["id"], draft["name"], draft["on"], conditions, tuple(draft["then"]), active=False)


def save_rule(tx: Tx, form: Form, manager: Manager, *, active: bool) -> None:
    rule = rule_of(form)
    if rule.id:
        changes = {"name": rule.name, "trigger": rule.trigger, "conditions": rule.conditions}
        changes |= {"steps": rule.steps, "active": active}
        change_rule(tx, manager=manager, rule_id=rule.id, changes=changes)
        stored_id = rule.id
    else:
        unnumbered = Rule(0, rule.name, rule.trigger, rule.conditions, rule.steps, active)
        stored_id = add_rule(tx, manager=manager, rule=unnumbered).id
    form.values.pop("rule", None)
    form.step = f"rules/{stored_id}"
