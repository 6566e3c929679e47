"""Automatic tags → Rules: the list, one rule, a new one from a tag and a typed line, and a trial on a text."""

from holdline.desk.tagging.tag_rules import add_rule, list_rules, remove_rule, switch_rule
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.tagging.tag_rules import TagRule, find_fitting, read_rule_line, rule_line
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tagging.tag_rules import rules_in_force
from holdline.store.tx import Tx
from holdline.texts import say

_LIST = "tagging/rules"
_CAPTION, _LONG = 60, 600


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is tagging/rules, …/12, …/12/delete, …/tag, …/words or …/try."""
    what, _, asked = form.step.removeprefix(_LIST).strip("/").partition("/")
    if what == "tag":
        return _tag_choice(tx, form, manager)
    if what in ("words", "try"):
        return _text_question(form, manager, what)
    rule = next((each for each in list_rules(tx) if str(each.id) == what), None)
    if rule is not None:
        return _question(form, manager, rule) if asked else _rule(form, manager, rule)
    return _list(tx, form, manager)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    number = form.step.removeprefix(_LIST).strip("/").partition("/")[0]
    form.values.pop("tried", None)
    match action:
        case "rule":
            _go_to(form, f"/{parse_number(arg)}")
        case "add":
            _go_to(form, "/tag")
        case "try":
            _go_to(form, "/try")
        case "tag":
            form.values["tag"] = parse_number(arg)
            _go_to(form, "/words")
        case "switch" if number.isdecimal():
            switch_rule(tx, manager=manager, rule_id=int(number))
        case "delete" if number.isdecimal():
            _go_to(form, f"/{number}/delete")
        case "keep" if number.isdecimal():
            _go_to(form, f"/{number}")
        case "delete!" if number.isdecimal():
            remove_rule(tx, manager=manager, rule_id=int(number))
            _go_to(form, "")
        case _:
            _go_to(form, "")


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """A line for a new rule, or a text on which the rules are tried."""
    if form.step == f"{_LIST}/try":
        fitting = find_fitting(rules_in_force(tx), content.text)
        form.values["tried"] = [f"{rule.tag} ({rule_line(rule)})" for rule in fitting]
        return
    tag = picker.name_of_choice(picker.list_choices(tx, "tags"), str(form.values.get("tag")))
    if form.step != f"{_LIST}/words" or tag is None:
        _go_to(form, "")
        return
    added = add_rule(tx, manager=manager, values={"tag": tag, **read_rule_line(content.text)})
    _go_to(form, f"/{added.id}")


def _go_to(form: Form, below: str) -> None:
    form.step, form.values["first"] = f"{_LIST}{below}", 0


def _list(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    rules = [
        (rule.id, ellipsize(f"{'✅' if rule.enabled else '⏸'} {rule.tag}: {rule_line(rule)}", _CAPTION))
        for rule in list_rules(tx)
    ]
    rows: ButtonRows = [
        *([button] for row in picker.keyboard(form, "rule", rules, ()) for button in row),
        [
            form.button(say("robots.add_rule", language), "add"),
            form.button(say("robots.try_rules", language), "try"),
        ],
        [form.button(say("windows.back", language), "up")],
    ]
    hint = "robots.rules_hint" if rules else "robots.no_rules"
    return screen_with_title(say("robots.rules", language), say(hint, language), rows=rows)


def _rule(form: Form, manager: Manager, rule: TagRule) -> Screen:
    language = manager.language
    switch = say("robots.switch_off" if rule.enabled else "robots.switch_on", language)
    rows = [
        [form.button(switch, "switch"), form.button(say("robots.delete_rule", language), "delete")],
        [form.button(say("windows.back", language), "list")],
    ]
    lines = [
        say("robots.rule_is_on" if rule.enabled else "robots.rule_is_off", language),
        say("robots.rule_line", language, words=inline(truncate(rule_line(rule), _LONG))),
        say("robots.corrected", language, count=rule.corrected),
    ]
    return screen_with_title(f"🏷 {inline(rule.tag)}", *lines, rows=rows)


def _question(form: Form, manager: Manager, rule: TagRule) -> Screen:
    language = manager.language
    sure = form.button(say("windows.delete_yes", language), "delete!")
    keep = form.button(say("windows.keep", language), "keep")
    name = inline(f"{rule.tag}: {ellipsize(rule_line(rule), _CAPTION)}")
    ask = say("windows.delete_ask", language, name=name)
    return screen_with_title(say("robots.rules", language), ask, rows=[[sure, keep]])


def _tag_choice(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    choices = picker.list_choices(tx, "tags")
    asks = say("robots.choose_tag", language) if choices else picker.empty_list_text(manager, "tags")
    rows = [
        *picker.keyboard(form, "tag", choices, ()),
        *picker.add_value_rows(tx, manager, "tags"),
        [form.button(say("windows.back", language), "list")],
    ]
    return screen_with_title(say("robots.add_rule", language), asks, rows=rows)


def _text_question(form: Form, manager: Manager, what: str) -> Screen:
    """With the result of the previous trial, if there was one."""
    language = manager.language
    form.awaits = True
    tried = form.values.get("tried")
    found: list[str] = []
    if tried is not None:
        fits = "\n".join(f"• {inline(truncate(line, _LONG))}" for line in tried)
        found = [
            say("robots.would_tag", language, tags=fits) if tried else say("robots.nothing_fits", language)
        ]
    head, asks = {
        "words": ("robots.add_rule", "robots.write_words"),
        "try": ("robots.try_rules", "robots.write_text"),
    }[what]
    back = form.button(say("windows.back", language), "list")
    return screen_with_title(say(head, language), *found, say(asks, language), rows=[[back]])
