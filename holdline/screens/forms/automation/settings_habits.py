"""Settings → By itself: what happens in every dialog without anybody's tap."""

from holdline.desk.automation.habits import change_habits, habits_of
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.screens.forms.form import Form
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, habits = manager.language, habits_of(tx)
    state = "on" if habits.answer_ends_pause else "off"
    rows = [
        [form.button(say(f"habits.pause_{state}", language), "pause")],
        [form.button(say("windows.menu", language), "menu")],
    ]
    return screen_with_title(
        say("windows.settings_habits", language), say("habits.pause_hint", language), rows=rows
    )


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    if action == "pause":
        now = habits_of(tx).answer_ends_pause
        change_habits(tx, manager=manager, changes={"answer_ends_pause": not now})


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """Nothing is typed here."""
