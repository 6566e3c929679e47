"""Automatic tags → Service: an outside service that is asked if the model suggests nothing. Off by default."""

from holdline.desk.settings.service_days import TAGS, service_day
from holdline.desk.tagging.choices import is_service_on, switch_service
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, name = manager.language, tx.rules.tag_service
    head = say("robots.service", language)
    back = [form.button(say("windows.back", language), "up")]
    if not name:
        return screen_with_title(head, say("robots.no_service", language), rows=[back])
    is_on, today = is_service_on(tx), service_day(tx, service=TAGS)
    lines = [
        say("robots.service_is_on" if is_on else "robots.service_is_off", language, name=inline(name)),
        say("robots.service_warning", language),
        say("robots.calls_today", language, count=today["calls"]),
    ]
    if today["problem"]:
        lines.append(say("robots.last_problem", language, problem=inline(today["problem"])))
    switch = say("robots.switch_off" if is_on else "robots.switch_on", language)
    rows: ButtonRows = [[form.button(switch, "switch")], back]
    return screen_with_title(head, *lines, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    if action == "switch" and tx.rules.tag_service:
        switch_service(tx, manager=manager)
    else:
        form.step = "tagging/service"
