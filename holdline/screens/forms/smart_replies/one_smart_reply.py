"""Smart replies → one reply: its triggers, its answer, how often it helped, and buttons to change it."""

from holdline.desk.smart_replies.smart_replies import (
    CountedReply,
    change_smart_reply,
    find_smart_reply,
    move_smart_reply,
    remove_smart_reply,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.smart_replies.smart_reply import SmartReply
from holdline.dialogs.smart_replies.typed import occasion_lines, valid_occasions
from holdline.dialogs.text.splitting import inline, truncate
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import calendars
from holdline.store.tx import Tx
from holdline.texts import say

ACTIONS = frozenset({"switch", "move", "ask", "hours", "when", "delete!", "one"})
_ASKED = ("occasions", "answer", "name", "hours", "delete")
_SHOWN, _LONG = 8, 600


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is smart_replies/12, or …/12 and one of `_ASKED`."""
    counted = find_smart_reply(tx, _reply_id(form))
    asked = [*form.step.split("/"), "", ""][2]
    if asked == "hours":
        return _hours(tx, form, manager, counted[0])
    if asked == "delete":
        return _delete_question(form, manager, counted[0])
    if asked:
        return _text_question(form, manager, counted[0], asked)
    return _one(form, manager, counted)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    reply_id = _reply_id(form)
    home = f"smart_replies/{reply_id}"
    reply, _ = find_smart_reply(tx, reply_id)
    form.step = home
    match action:
        case "switch":
            _change(tx, manager, reply, {"active": not reply.active})
        case "move":
            move_smart_reply(tx, manager=manager, reply_id=reply_id, up=arg == "up")
        case "ask" if arg in _ASKED:
            form.step = f"{home}/{arg}"
        case "hours":
            chosen = next((each.name for each in calendars.all_calendars(tx) if str(each.id) == arg), None)
            _change(tx, manager, reply, {"hours": chosen})
        case "when":
            _change(tx, manager, reply, {"when": "outside" if reply.when == "inside" else "inside"})
            form.step = f"{home}/hours"
        case "delete!":
            remove_smart_reply(tx, manager=manager, reply_id=reply_id)
            form.step, form.values["deleted"] = "smart_replies", reply_id


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    reply, _ = find_smart_reply(tx, _reply_id(form))
    asked = [*form.step.split("/"), "", ""][2]
    if asked == "occasions":
        _change(tx, manager, reply, valid_occasions(content.text))
    elif asked in ("answer", "name"):
        _change(tx, manager, reply, {asked: content.text})
    form.step = f"smart_replies/{reply.id}"


def _change(tx: Tx, manager: Manager, reply: SmartReply, values: dict[str, object]) -> None:
    change_smart_reply(tx, manager=manager, reply_id=reply.id, values=values)


def _reply_id(form: Form) -> int:
    return int(form.step.split("/")[1])


def _one(form: Form, manager: Manager, counted: CountedReply) -> Screen:
    (reply, counts), language = counted, manager.language
    occasions = [f"• {inline(truncate(line, _LONG))}" for line in occasion_lines(reply)]
    more = len(occasions) - _SHOWN
    numbers = {"answers": counts.answers, "helped": counts.helped, "person": counts.to_person}
    hours = say(f"smart.hours_{reply.when}", language, name=inline(reply.hours)) if reply.hours else ""
    lines = [
        say("smart.is_on" if reply.active else "smart.is_off", language),
        say("smart.answers_to", language),
        *occasions[:_SHOWN],
        *([say("smart.and_more", language, count=more)] if more > 0 else []),
        "",
        truncate(reply.answer, _LONG),
        "",
        *([hours] if hours else []),
        say("smart.numbers", language, **numbers),
    ]
    return screen_with_title(f"🤖 {inline(reply.name)}", *lines, rows=_rows(form, reply, language))


def _rows(form: Form, reply: SmartReply, language: str) -> ButtonRows:
    switch = form.button(say("robots.switch_off" if reply.active else "robots.switch_on", language), "switch")
    asks = [form.button(say(f"smart.change_{name}", language), "ask", name) for name in _ASKED]
    return [
        [switch, form.button("⬆", "move", "up"), form.button("⬇", "move", "down")],
        *arrange_in_rows(asks),
        [form.button(say("windows.back", language), "list")],
    ]


def _hours(tx: Tx, form: Form, manager: Manager, reply: SmartReply) -> Screen:
    language = manager.language
    choices = [(0, say("smart.any_time", language)), *((c.id, c.name) for c in calendars.all_calendars(tx))]
    chosen = (reply.hours or choices[0][1],)
    rows: ButtonRows = picker.keyboard(form, "hours", choices, chosen)
    if reply.hours:
        rows.append([form.button(say(f"smart.switch_{reply.when}", language), "when")])
    rows.append([form.button(say("windows.back", language), "one")])
    ask = "smart.ask_hours" if len(choices) > 1 else "smart.no_calendars"
    return screen_with_title(f"🤖 {inline(reply.name)}", say(ask, language), rows=rows)


def _delete_question(form: Form, manager: Manager, reply: SmartReply) -> Screen:
    language = manager.language
    sure = form.button(say("windows.delete_yes", language), "delete!")
    keep = form.button(say("windows.keep", language), "one")
    ask = say("windows.delete_what_acts", language, name=inline(reply.name))
    return screen_with_title(f"🤖 {inline(reply.name)}", ask, rows=[[sure, keep]])


def _text_question(form: Form, manager: Manager, reply: SmartReply, asked: str) -> Screen:
    """Shows the current value, so that it can be copied."""
    form.awaits = True
    language = manager.language
    now = {"occasions": "\n".join(occasion_lines(reply)), "answer": reply.answer, "name": reply.name}
    back = form.button(say("windows.back", language), "one")
    lines = [say(f"smart.ask_{asked}", language), "", truncate(now.get(asked, ""), _LONG)]
    return screen_with_title(f"🤖 {inline(reply.name)}", *lines, rows=[[back]])
