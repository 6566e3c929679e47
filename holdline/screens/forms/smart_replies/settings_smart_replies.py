"""Settings → Smart replies: the list, a new reply in two typed messages, a trial on a text, and the threshold."""

from holdline.desk.settings.service_days import SMART_REPLIES, service_day
from holdline.desk.smart_replies.choosing import (
    choose_threshold,
    is_model_on,
    switch_model,
    threshold,
    try_text,
)
from holdline.desk.smart_replies.smart_replies import (
    add_smart_reply,
    list_smart_replies,
    restore_smart_reply,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.smart_replies.smart_reply import Trial
from holdline.dialogs.smart_replies.typed import valid_occasions
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.forms.smart_replies import one_smart_reply
from holdline.screens.keyboards import ButtonRows, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_MESSAGES
PAGE = "smart_replies"
_NAME_LENGTH, _CAPTION, _LONG = 40, 50, 600
_PERCENTS = (75, 80, 85, 90, 95)


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is smart_replies, …/occasions, …/answer, …/try, or …/12 and what is asked about it."""
    what = _part_of_step(form)
    if what.isdecimal():
        return one_smart_reply.screen(tx, form, manager)
    if what in ("occasions", "answer", "try"):
        return _question(form, manager, what)
    return _list(tx, form, manager)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    deleted = form.values.pop("deleted", None)
    form.values.pop("tried", None)
    if _part_of_step(form).isdecimal() and action in one_smart_reply.ACTIONS:
        one_smart_reply.handle_press(tx, form, manager, action, arg)
        return
    match action:
        case "show":
            form.step = f"{PAGE}/{parse_number(arg)}"
        case "add":
            form.step = f"{PAGE}/occasions"
        case "try":
            form.step = f"{PAGE}/try"
        case "sure":
            choose_threshold(tx, manager=manager, share=parse_number(arg) / 100)
        case "service" if tx.rules.smart_reply_service:
            switch_model(tx, manager=manager)
        case "undo" if deleted is not None:
            restore_smart_reply(tx, manager=manager, reply_id=int(deleted))
            form.step = f"{PAGE}/{deleted}"
        case _:
            form.step = PAGE


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """The triggers, then the answer; or a text for a trial."""
    match _part_of_step(form):
        case "try":
            form.values["tried"] = _lines_of_trial(
                content.text, try_text(tx, text=content.text), manager.language
            )
        case "occasions":
            valid_occasions(content.text)
            form.values["occasions"] = content.text
            form.step = f"{PAGE}/answer"
        case "answer":
            typed = str(form.values.get("occasions", ""))
            first = typed.strip().partition("\n")[0]
            values = {"name": truncate(first, _NAME_LENGTH) or "…", "answer": content.text}
            added, _ = add_smart_reply(tx, manager=manager, values=values | valid_occasions(typed))
            form.step = f"{PAGE}/{added.id}"
        case what if what.isdecimal():
            one_smart_reply.handle_text(tx, form, manager, content)


def _part_of_step(form: Form) -> str:
    return [*form.step.split("/"), ""][1]


def _list(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    replies = list_smart_replies(tx)
    choices = [
        (reply.id, ellipsize(f"{'✅' if reply.active else '⏸'} {reply.name}", _CAPTION))
        for reply, _ in replies
    ]
    rows: ButtonRows = [
        *([button] for row in picker.keyboard(form, "show", choices, ()) for button in row),
        [form.button(say("smart.add", language), "add"), form.button(say("smart.try", language), "try")],
        [_sure_button(form, percent, threshold(tx)) for percent in _PERCENTS],
        *_service_rows(tx, form, language),
        [form.button(say("windows.menu", language), "menu")],
    ]
    lines = [say("smart.hint" if replies else "smart.none", language), say("smart.sure_hint", language)]
    lines[1:1] = _service_lines(tx, language)
    if form.values.get("deleted") is not None:
        rows.insert(0, [form.button(say("smart.undo", language), "undo")])
        lines.insert(0, say("smart.deleted", language))
    return screen_with_title(say("windows.settings_smart_replies", language), *lines, rows=rows)


def _service_rows(tx: Tx, form: Form, language: str) -> ButtonRows:
    """Empty if no language model is configured."""
    if not tx.rules.smart_reply_service:
        return []
    caption = say("smart.service_on" if is_model_on(tx) else "smart.service_off", language)
    return [[form.button(caption, "service")]]


def _service_lines(tx: Tx, language: str) -> list[str]:
    name, today = tx.rules.smart_reply_service, service_day(tx, service=SMART_REPLIES)
    if not name:
        return []
    words = {"name": inline(name), "count": today["calls"]}
    problem = (
        say("robots.last_problem", language, problem=inline(today["problem"])) if today["problem"] else ""
    )
    return [say("smart.service_hint", language, **words), *([problem] if problem else [])]


def _sure_button(form: Form, percent: int, share: float) -> dict[str, str]:
    caption = f"{percent} %"
    return form.button(f"✅ {caption}" if percent == round(share * 100) else caption, "sure", percent)


def _question(form: Form, manager: Manager, what: str) -> Screen:
    form.awaits = True
    language, tried = manager.language, form.values.get("tried")
    lines = [*([str(tried)] if tried else []), say(f"smart.ask_{what}", language)]
    back = form.button(say("windows.back", language), "list")
    return screen_with_title(say("windows.settings_smart_replies", language), *lines, rows=[[back]])


def _lines_of_trial(text: str, trial: Trial, language: str) -> str:
    """Includes the text, so that a second trial with the same result is visibly a new one."""
    found, share = trial.suggestion, f"{trial.score * 100:.0f} %"
    tried = say("smart.tried_text", language, text=inline(truncate(text, _CAPTION)))
    if found is None:
        return f"{tried}\n{say('smart.tried_none', language, share=share)}"
    words = {
        "name": inline(found.reply.name),
        "share": share,
        "answer": truncate(found.reply.answer, _LONG),
    }
    return f"{tried}\n{say('smart.tried', language, **words)}"
