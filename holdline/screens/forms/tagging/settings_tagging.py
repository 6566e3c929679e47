"""Settings → Automatic tags: the sources of automatic tags, how often they were right, and a button for each."""

from types import ModuleType

from holdline.desk.tagging.choices import is_service_on, model_in_use
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.tagging.model_state import Correctness
from holdline.screens.forms.form import Form
from holdline.screens.forms.tagging import tagging_model, tagging_rules, tagging_service
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tagging import examples, tag_rules
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK
_PARTS: dict[str, ModuleType] = {
    "rules": tagging_rules,
    "model": tagging_model,
    "service": tagging_service,
}


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is tagging, tagging/model, tagging/rules/12 …"""
    part = _part(form)
    if part is not None:
        shown: Screen = part.screen(tx, form, manager)
        return shown
    language = manager.language
    rules = tag_rules.all_rules(tx)
    states = {
        "rules": say("robots.rules_count", language, count=sum(rule.enabled for rule in rules)),
        "model": _on_or_off(model_in_use(tx) is not None, language),
        "service": _on_or_off(is_service_on(tx), language),
    }
    rows = [
        [form.button(f"{say(f'robots.{name}', language)}: {state}", "part", name)]
        for name, state in states.items()
    ]
    rows.append([form.button(say("windows.menu", language), "menu")])
    right = [_line_of_correctness(each, language) for each in examples.correctness(tx)]
    return screen_with_title(
        say("windows.settings_tagging", language),
        say("robots.about", language),
        *([say("robots.how_right", language), *right] if right else []),
        rows=rows,
    )


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    part = _part(form)
    if action == "part" and arg in _PARTS:
        form.step, form.values["first"] = f"tagging/{arg}", 0
    elif action == "up" or part is None:
        form.step = "tagging"
    else:
        part.handle_press(tx, form, manager, action, arg)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    part = _part(form)
    if part is tagging_rules:
        tagging_rules.handle_text(tx, form, manager, content)


def _part(form: Form) -> ModuleType | None:
    return _PARTS.get([*form.step.split("/"), ""][1])


def _on_or_off(is_on: bool, language: str) -> str:
    return say("robots.is_on" if is_on else "robots.is_off", language)


def _line_of_correctness(each: Correctness, language: str) -> str:
    share = f"{each.share_right or 0:.0%}"
    return say(
        f"robots.right_{each.source}", language, share=share, placed=each.placed, corrected=each.corrected
    )
