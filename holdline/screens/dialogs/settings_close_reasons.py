"""Settings → Close reasons: a typed line adds one. A button beside each sets the outcome it states."""

from holdline.desk.settings.close_reasons import (
    KIND,
    add_close_reason,
    change_close_reason,
    close_reasons,
    remove_close_reason,
)
from holdline.dialogs.closing import OUTCOMES, CloseReason
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.dialogs.close_reasons import outcome_text
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import Button, ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK
_NEXT_OUTCOME = dict(zip((None, *OUTCOMES), (*OUTCOMES, None), strict=True))


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is close_reasons, or close_reasons/12 while asking whether to delete that one."""
    language, reasons = manager.language, close_reasons(tx)
    head = say(f"windows.settings_{KIND}", language)
    to_delete = form.step.partition("/")[2]
    for reason in reasons:
        if str(reason.id) == to_delete:
            sure = form.button(say("windows.delete_yes", language), "delete!", reason.id)
            keep = form.button(say("windows.keep", language), "keep")
            ask = say("windows.delete_ask", language, name=inline(reason.name))
            return screen_with_title(head, ask, rows=[[sure, keep]])
    form.awaits = True
    rows: ButtonRows = [_buttons(form, reason, language) for reason in reasons]
    rows.append([form.button(say("windows.menu", language), "menu")])
    hint = say("windows.close_reasons_hint" if reasons else "windows.close_reasons_none", language)
    return screen_with_title(head, hint, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    """Does nothing if a colleague has deleted the reason in the meantime."""
    form.step = KIND
    reason = next((each for each in close_reasons(tx) if each.id == parse_number(arg)), None)
    if reason is None:
        return
    if action == "delete":
        form.step = f"{KIND}/{reason.id}"
    elif action == "delete!":
        remove_close_reason(tx, manager=manager, reason_id=reason.id)
    elif action == "outcome":
        after = {"outcome": _NEXT_OUTCOME[reason.outcome]}
        change_close_reason(tx, manager=manager, reason_id=reason.id, values=after)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    form.step = KIND
    add_close_reason(tx, manager=manager, values={"name": content.text})


def _buttons(form: Form, reason: CloseReason, language: str) -> list[Button]:
    says = outcome_text(reason.outcome, language) if reason.outcome else say("windows.outcome_open", language)
    return [
        form.button(f"🗑 {reason.name}", "delete", reason.id),
        form.button(says, "outcome", reason.id),
    ]
