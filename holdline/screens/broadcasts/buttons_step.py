"""The buttons under a broadcast: one per line, a text and a target."""

from holdline.desk.broadcasts.funnel_buttons import refuse_dead_buttons
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.button_link import is_button_link
from holdline.dialogs.text.limits import fits_button
from holdline.dialogs.text.splitting import inline, is_blank
from holdline.screens.broadcasts.broadcast_draft import Values
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

_MOST, _LABEL = 20, 64
_DASHES, _EQUALS = (" - ", " – ", " — "), " = "


def screen(form: Form, manager: Manager) -> Screen:
    language, rows = manager.language, form.values["buttons"]
    lines = [_line(row[0]) for row in rows] or [say("composing.no_buttons", language)]
    taps = [form.button(say("composing.drop_button", language), "drop_button")] if rows else []
    done = [form.button(say("windows.back", language), "back")]
    head, hint = say("composing.buttons_head", language), say("composing.buttons_hint", language)
    return screen_with_title(head, *lines, "", hint, rows=[*([taps] if taps else []), done])


def add_buttons(tx: Tx, values: Values, text: str) -> None:
    """`Look - https://example.org`, `Yes = yes` or `Join = funnel:welcome`, one per line. BadInput says how."""
    added = [[_button(line)] for line in text.splitlines() if line.strip()]
    refuse_dead_buttons(tx, added)
    if not added:
        raise BadInput("text", "composing.mend_button", line="…")
    if len(values["buttons"]) + len(added) > _MOST:
        raise BadInput("text", "composing.mend_many_buttons", most=_MOST)
    values["buttons"] = [*values["buttons"], *added]


def drop_last(values: Values) -> None:
    values["buttons"] = values["buttons"][:-1]


def _button(line: str) -> dict[str, str]:
    sign = max((*_DASHES, _EQUALS), key=line.rfind)
    label, _, target = line.rpartition(sign)
    label, target = label.strip(), target.strip()
    if is_blank(label) or not target or len(label) > _LABEL:
        raise BadInput("text", "composing.mend_button", line=inline(ellipsize(line)))
    if sign in _DASHES or "://" in target:
        if not is_button_link(target):
            raise BadInput("text", "composing.mend_link")
        return {"text": label, "url": target}
    if not fits_button(target):
        raise BadInput("text", "composing.mend_payload")
    return {"text": label, "data": target}


def _line(button: dict[str, str]) -> str:
    return f"▫️ {inline(ellipsize(button['text']))} → {inline(ellipsize(button.get('url') or button['data'], 80))}"
