"""Settings → My time zone: the time zone in which a manager reads times and sets due dates."""

from holdline.desk.people.time_zones import set_time_zone, time_zone_of
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.screens.forms.form import Form
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.KEEP_OWN_SETTINGS


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    form.awaits = True
    zone = time_zone_of(tx, manager)
    rows = [
        [form.button(say("time.zone_of_desk", language, name=tx.rules.time_zone), "desk")],
        [form.button(say("windows.menu", language), "menu")],
    ]
    return screen_with_title(
        say("windows.settings_time_zone", language), say("time.zone_hint", language, name=zone), rows=rows
    )


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    if action == "desk":
        set_time_zone(tx, manager=manager, name=None)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    set_time_zone(tx, manager=manager, name=content.text.strip())
