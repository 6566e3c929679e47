"""How fast a broadcast goes: at Telegram's free pace, or faster for Stars within a budget."""

import re

from holdline.dialogs.broadcasts.stars import MOST_STARS, stars_text
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.screens.broadcasts.broadcast_draft import Values
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

_CHOICES = (10, 50, 200)
_WHOLE = re.compile(r"[0-9]{1,7}")


def pace_text(values: Values, language: str) -> str:
    stars = values.get("stars")
    return (
        say("composing.pace_paid", language, stars=stars) if stars else say("composing.pace_free", language)
    )


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """What it costs at most is said before anything is chosen."""
    language, people = manager.language, form.values.get("expected") or 0
    parts = max(1, len(form.values["content"]["media"]))
    hint = say(
        "composing.pace_hint",
        language,
        free=round(tx.rules.per_second),
        most=tx.rules.paid_per_second,
        people=people,
        stars=stars_text(people * parts),
    )
    rows = [
        [form.button(say("composing.pace_free", language), "stars", 0)],
        *arrange_in_rows([form.button(f"⭐ {each}", "stars", each) for each in _CHOICES], 3),
        [form.button(say("windows.back", language), "back")],
    ]
    head, now = say("composing.pace_head", language), pace_text(form.values, language)
    return screen_with_title(head, now, "", hint, rows=rows)


def handle_press(form: Form, action: str, arg: str) -> None:
    if action != "stars" or not arg.isdecimal() or int(arg) not in (0, *_CHOICES):
        raise NotFound("button", action)
    form.values["stars"] = int(arg) or None


def handle_text(form: Form, text: str) -> None:
    """A whole number of Stars."""
    words = text.strip()
    if not _WHOLE.fullmatch(words) or not 1 <= int(words) <= MOST_STARS:
        raise BadInput("text", "composing.mend_stars", most=MOST_STARS)
    form.values["stars"] = int(words)
