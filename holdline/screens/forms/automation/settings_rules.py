"""Settings → Rules: the list, one rule, and its dry run. A rule is switched on only after its dry run."""

from holdline.desk.automation.rules import change_rule, delete_rule, move_rule, rule_by_id, rule_page
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.decisions.rule import Rule
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import minute_text
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.automation import rule_draft, rule_wizard
from holdline.screens.forms.automation.rule_try import dry_run_lines
from holdline.screens.forms.automation.rule_words import rule_lines
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK
_ICONS = {True: "✅", False: "⏸"}


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is rules, rules/12, rules/12/try, rules/12/delete, or rules/edit/… of the wizard."""
    if rule_draft.is_open(form):
        return rule_wizard.screen(tx, form, manager)
    number, _, question = form.step.removeprefix("rules").lstrip("/").partition("/")
    rule = _rule(tx, number)
    if rule is None:
        return _list(tx, form, manager)
    if question == "try":
        return _dry_run(tx, form, manager, rule)
    if question == "delete":
        return _delete_question(form, manager, rule)
    return _rule_screen(tx, form, manager, rule)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    number = form.step.removeprefix("rules").lstrip("/").partition("/")[0]
    if action == "new":
        rule_draft.begin(form, None)
    elif action == "rule":
        _show(form, f"rules/{parse_number(arg)}")
    elif rule_draft.is_open(form):
        rule_wizard.handle_press(tx, form, manager, action, arg)
    elif (rule := _rule(tx, number)) is not None:
        _change(tx, form, manager, rule, action)
    else:
        _show(form, "rules")


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """Only the wizard takes typed text."""
    if rule_draft.is_open(form):
        rule_wizard.handle_text(tx, form, content)


def _change(tx: Tx, form: Form, manager: Manager, rule: Rule, action: str) -> None:
    match action:
        case "on!" if form.step.endswith("/try"):
            change_rule(tx, manager=manager, rule_id=rule.id, changes={"active": True})
            form.step = f"rules/{rule.id}"
        case "off":
            change_rule(tx, manager=manager, rule_id=rule.id, changes={"active": False})
        case "up" | "down":
            move_rule(tx, manager=manager, rule_id=rule.id, up=action == "up")
        case "try" | "delete":
            form.step = f"rules/{rule.id}/{action}"
        case "shown":
            form.step = f"rules/{rule.id}"
        case "delete!" if form.step.endswith("/delete"):
            delete_rule(tx, manager=manager, rule_id=rule.id)
            _show(form, "rules")
        case "edit":
            rule_draft.begin(form, rule)
        case "list":
            _show(form, "rules")


def _rule(tx: Tx, number: str) -> Rule | None:
    """None if no rule is open, or if it was deleted in the meantime."""
    try:
        return rule_by_id(tx, int(number)) if number.isdecimal() else None
    except NotFound:
        return None


def _show(form: Form, step: str) -> None:
    form.step, form.values["first"] = step, 0


def _list(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    rules = rule_page(tx)
    first = min(int(form.values.get("first", 0)), max(0, len(rules) - 1))
    lines = [
        f"{number}. {_ICONS[rule.active]} {_summary(rule, language)}"
        for number, rule in enumerate(rules[first : first + picker.PAGE], first + 1)
    ]
    choices = [(rule.id, f"{_ICONS[rule.active]} {rule.name}") for rule in rules]
    rows: ButtonRows = [
        *picker.keyboard(form, "rule", choices, ()),
        [form.button(say("rules.new", language), "new")],
        [form.button(say("windows.menu", language), "menu")],
    ]
    hint = say("rules.hint" if rules else "rules.none_yet", language)
    return screen_with_title(say("windows.settings_rules", language), *lines, hint, rows=rows)


def _summary(rule: Rule, language: str) -> str:
    what = say(f"rules.on_{rule.trigger}", language)
    return f"{inline(rule.name)}: {what} · {say('rules.ran', language, count=rule.runs)}"


def _rule_screen(tx: Tx, form: Form, manager: Manager, rule: Rule) -> Screen:
    language = manager.language
    state = say("rules.is_on" if rule.active else "rules.is_off", language)
    ran = say("rules.ran", language, count=rule.runs)
    if rule.ran_at is not None:
        at = minute_text(rule.ran_at, time_zone_of(tx, manager))
        ran = say("rules.ran_last", language, count=rule.runs, at=at)
    switch = (
        [form.button(say("rules.off", language), "off"), form.button(say("rules.try", language), "try")]
        if rule.active
        else [form.button(say("rules.try_and_on", language), "try")]
    )
    rows = [
        switch,
        [form.button(say(f"rules.{name}", language), name) for name in ("edit", "up", "down")],
        [
            form.button(say("rules.delete", language), "delete"),
            form.button(say("windows.back", language), "list"),
        ],
    ]
    return screen_with_title(
        f"🤖 {inline(rule.name)}", f"{state} · {ran}", "", *rule_lines(tx, rule, language), rows=rows
    )


def _dry_run(tx: Tx, form: Form, manager: Manager, rule: Rule) -> Screen:
    language = manager.language
    lines, links = dry_run_lines(tx, rule, manager)
    on = [] if rule.active else [[form.button(say("rules.on", language), "on!")]]
    rows = [*links, *on, [form.button(say("windows.back", language), "shown")]]
    return screen_with_title(f"🔍 {inline(rule.name)}", *lines, say("rules.try_hint", language), rows=rows)


def _delete_question(form: Form, manager: Manager, rule: Rule) -> Screen:
    language = manager.language
    sure = form.button(say("windows.delete_yes", language), "delete!")
    keep = form.button(say("windows.keep", language), "shown")
    ask = say("windows.delete_what_acts", language, name=inline(rule.name))
    return screen_with_title(say("windows.settings_rules", language), ask, rows=[[sure, keep]])
