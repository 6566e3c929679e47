"""The wizard for a rule: trigger, conditions, steps, name, dry run, and switching it on."""

from typing import Any

from holdline.dialogs.decisions.rule import Conditions
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.automation import rule_draft, rule_values
from holdline.screens.forms.automation.rule_try import dry_run_lines
from holdline.screens.forms.automation.rule_words import condition_line, rule_lines, step_lines
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    stage, chosen = rule_draft.stage_of(form)
    if chosen:
        return _value_screen(tx, form, manager, stage=stage, name=chosen)
    match stage:
        case "if":
            return _conditions_screen(form, manager)
        case "then":
            return _steps_screen(tx, form, manager)
        case "name":
            return _name_screen(tx, form, manager)
        case "try":
            return _dry_run_screen(tx, form, manager)
    return _trigger_screen(form, manager)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    draft, (stage, chosen) = form.values["rule"], rule_draft.stage_of(form)
    match action:
        case "when" if arg in rule_values.TRIGGERS:
            rule_draft.set_trigger(form, arg)
        case "cond" if arg == "outside_hours":
            rule_draft.turn_hours(tx, form)
        case "cond" | "step" if arg in rule_draft.parts_of(form, action):
            rule_draft.go_to(form, f"{'if' if action == 'cond' else 'then'}/{arg}")
        case "set" if chosen:
            rule_draft.set_value(tx, form, stage, chosen, _find_value(tx, chosen, arg, manager.language))
        case "clear" if chosen:
            draft["if"].pop(chosen, None)
            rule_draft.go_to(form, "if")
        case "undo" if stage == "then":
            draft["then"] = draft["then"][:-1]
        case "go" if arg in rule_draft.STAGES:
            rule_draft.go_if_ready(form, arg)
        case "take":
            rule_draft.set_name(tx, form, draft["name"] or rule_draft.propose_name(form, manager.language))
        case "save" if stage == "try":
            rule_draft.save_rule(tx, form, manager, active=arg == "on")
        case "list":
            form.values.pop("rule", None)
            form.step, form.values["first"] = "rules", 0


def handle_text(tx: Tx, form: Form, content: Content) -> None:
    stage, chosen = rule_draft.stage_of(form)
    if stage == "name":
        rule_draft.set_name(tx, form, content.text)
    elif chosen == "text_contains":
        words = [word.strip() for word in content.text.replace("\n", ",").split(",") if word.strip()]
        if not words:
            raise BadInput("if.text_contains", "rule_words")
        rule_draft.set_value(tx, form, stage, chosen, words)
    elif chosen == "after":
        rule_draft.set_value(tx, form, stage, chosen, content.text.strip())
    elif chosen == "answer":
        rule_draft.set_value(tx, form, stage, chosen, content.text)


def _find_value(tx: Tx, name: str, arg: str, language: str) -> Any:
    number = parse_number(arg)
    for choice in rule_values.choices(tx, name, language):
        if choice.number == number:
            return choice.value
    raise NotFound("button", arg)


def _head(form: Form, manager: Manager, stage: str) -> str:
    number = rule_draft.STAGES.index(stage) + 1
    name = form.values["rule"]["name"] or say("rules.a_new_one", manager.language)
    return f"🤖 {inline(name)} · {number}/{len(rule_draft.STAGES)}"


def _footer(form: Form, manager: Manager, *, back: str = "", next_: str = "") -> ButtonRows:
    language = manager.language
    turn = [form.button(say("windows.back", language), "go", back)] if back else []
    if next_:
        turn.append(form.button(say("rules.next", language), "go", next_))
    discard = [form.button(say("rules.discard", language), "list")]
    return [turn, discard] if turn else [discard]


def _trigger_screen(form: Form, manager: Manager) -> Screen:
    language, now = manager.language, form.values["rule"]["on"]
    rows = [
        [form.button(("✅ " if each == now else "") + say(f"rules.on_{each}", language), "when", each)]
        for each in rule_values.TRIGGERS
    ]
    ask = say("rules.ask_when", language)
    return screen_with_title(
        _head(form, manager, "when"), ask, rows=[*rows, *_footer(form, manager, next_="if" if now else "")]
    )


def _conditions_screen(form: Form, manager: Manager) -> Screen:
    language, draft = manager.language, form.values["rule"]
    lines = [
        say("rules.when", language, what=say(f"rules.on_{draft['on']}", language)),
        condition_line(Conditions.of(draft["if"]), language),
        "",
        say("rules.ask_if", language),
    ]
    buttons = [
        form.button(
            ("✅ " if name in draft["if"] else "") + say(f"rules.cond_{name}", language), "cond", name
        )
        for name in rule_values.conditions_for(draft["on"])
    ]
    rows = [*arrange_in_rows(buttons), *_footer(form, manager, back="when", next_="then")]
    return screen_with_title(_head(form, manager, "if"), *lines, rows=rows)


def _steps_screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, draft = manager.language, form.values["rule"]
    buttons = [
        form.button(say(f"rules.step_{name}", language), "step", name)
        for name in rule_values.steps_for(draft["on"])
    ]
    undo = [[form.button(say("rules.drop_last", language), "undo")]] if draft["then"] else []
    footer = _footer(form, manager, back="if", next_="name" if draft["then"] else "")
    return screen_with_title(
        _head(form, manager, "then"),
        *step_lines(tx, draft["then"], language),
        *([say("rules.needs_dialog", language)] if rule_draft.lacks_dialog(form) else []),
        say("rules.ask_then" if not draft["then"] else "rules.ask_then_more", language),
        rows=[*arrange_in_rows(buttons), *undo, *footer],
    )


def _value_screen(tx: Tx, form: Form, manager: Manager, *, stage: str, name: str) -> Screen:
    """Typed, or chosen by a tap. If there is nothing to choose, it says where to add values."""
    language = manager.language
    rows: ButtonRows = []
    ask = say(f"rules.ask_{name}" if name in (*rule_values.WRITTEN, "after") else "rules.ask_one", language)
    form.awaits = name in rule_values.WRITTEN or name == "after"
    if name not in rule_values.WRITTEN:
        found = rule_values.choices(tx, name, language)
        rows = picker.keyboard(form, "set", [(each.number, each.caption) for each in found], ())
        ask = ask if found else say("rules.nothing_to_choose", language)
    if stage == "if" and name in form.values["rule"]["if"]:
        rows = [*rows, [form.button(say("rules.no_condition", language), "clear")]]
    kind = "cond" if stage == "if" else "step"
    head = f"{_head(form, manager, stage)} · {say(f'rules.{kind}_{name}', language)}"
    return screen_with_title(head, ask, rows=[*rows, *_footer(form, manager, back=stage)])


def _name_screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, draft = manager.language, form.values["rule"]
    form.awaits = True
    name = draft["name"] or rule_draft.propose_name(form, language)
    take = [form.button(say("rules.take_name", language, name=name), "take")]
    lines = [*rule_lines(tx, rule_draft.rule_of(form), language), "", say("rules.ask_name", language)]
    return screen_with_title(
        _head(form, manager, "name"), *lines, rows=[take, *_footer(form, manager, back="then")]
    )


def _dry_run_screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, rule = manager.language, rule_draft.rule_of(form)
    found, links = dry_run_lines(tx, rule, manager)
    save = [
        [form.button(say("rules.save_on", language), "save", "on")],
        [form.button(say("rules.save_off", language), "save", "off")],
    ]
    return screen_with_title(
        _head(form, manager, "try"),
        *rule_lines(tx, rule, language),
        "",
        *found,
        say("rules.try_hint", language),
        rows=[*links, *save, *_footer(form, manager, back="name")],
    )
