"""Closing a dialog: stars for the customer, the rating form's tick, reason, comment and root cause (L-55 to L-57)."""

from typing import Any

from holdline.bot.keyboards import Rows
from holdline.bot.windows import picker
from holdline.bot.windows.form import Form, FormSpot, Kind, cancelled, ended, foot, number, opened
from holdline.bot.windows.window import Window, titled
from holdline.desk.dialogs import Closing, close_dialog
from holdline.desk.moves import refuse_if_closed
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rating import SCALE
from holdline.dialogs.text import inline
from holdline.dialogs.wording import refuse_too_long
from holdline.store import customers, dialogs, inbox_items
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "close"
EXPLAINED = ("reason", "comment", "root_cause")
REASON_LIMIT = 1000


def begin(tx: Tx, manager: Manager, *, spot: FormSpot, dialog_id: int) -> Form:
    """The tick starts as the desk's rules say; what is closed already is refused before anybody fills it in."""
    dialog = dialogs.by_id(tx, dialog_id)
    refuse_if_closed(tx, dialog)
    waiting = inbox_items.waiting_messages(tx, dialog.customer_id)
    values: dict[str, Any] = {
        "dialog_id": dialog_id,
        "score": None,
        "form": tx.rules.rating_form_default and not waiting,  # nobody rates a desk that has not answered yet
        "waiting": waiting,
    }
    return opened(tx, manager, Kind(KIND), spot=spot, values=values)


def window(tx: Tx, form: Form, manager: Manager) -> Window:
    dialog, language = dialogs.by_id(tx, form.values["dialog_id"]), manager.language
    head = say("windows.close_head", language, id=dialog.id, title=inline(dialog.title))
    if form.step == "root_cause":
        return titled(head, say("windows.close_root_cause", language), rows=_root_causes(tx, form, manager))
    if form.step != "main":
        return titled(head, say(f"windows.close_{form.step}", language), rows=foot(form, manager, back=True))
    scores = dialog.handled_by(manager.id)
    lines = [say("windows.close_score", language)] if scores else []
    lines += [
        say(f"windows.line_{name}", language, value=form.values[name])
        for name in EXPLAINED
        if form.values.get(name)
    ]
    if waiting := waiting_line(tx, dialog, language):
        lines += [waiting, say("windows.close_rating_waits", language)]
    if not manager.may("dialog.close"):
        lines.append(say("windows.close_request", language))
    return titled(head, *lines, rows=_main_rows(form, manager, scores=scores))


def waiting_line(tx: Tx, dialog: Dialog, language: str) -> str:
    """That the customer has written since, and nobody has answered; empty where nothing waits."""
    count, customer = (
        inbox_items.waiting_messages(tx, dialog.customer_id),
        customers.by_id(tx, dialog.customer_id),
    )
    if not count or customer is None:
        return ""
    return say("windows.close_waiting", language, name=inline(customer.name), count=count)


def pressed(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Window:
    match action:
        case "cancel":
            return cancelled(form, manager)
        case "close":
            return _close(tx, form, manager)
        case "score":
            form.values["score"] = number(arg) if number(arg) in SCALE else None
        case "form":
            form.values["form"] = not form.values["form"]
        case "explain":
            form.values["explain"] = True
        case "reason" | "comment" | "root_cause":
            form.step = action
        case "cause":
            form.values["root_cause"] = picker.named(picker.of_list(tx, "root_causes"), arg)
            form.step = "main"
        case "page":
            form.values["first"] = number(arg)
        case _:
            form.step = "main"
    form.awaits = form.step in ("reason", "comment")
    return window(tx, form, manager)


def typed(tx: Tx, form: Form, manager: Manager, content: Content) -> Window:
    """Reason or comment, whichever was asked for."""
    written = content.text.strip()
    refuse_too_long(written, REASON_LIMIT, field=form.step)
    form.values[form.step] = written
    form.step, form.awaits = "main", False
    return window(tx, form, manager)


def _main_rows(form: Form, manager: Manager, *, scores: bool) -> Rows:
    """Who did not handle the dialog sees no stars (L-56)."""
    language, values = manager.language, form.values
    rows: Rows = []
    if scores:
        stars = [form.button(_marked("⭐" * n, values["score"] == n), "score", n) for n in SCALE]
        rows.append(
            [*stars, form.button(_marked(say("windows.no_score", language), not values["score"]), "score", 0)]
        )
    tick = "☑️" if values["form"] else "⬜️"
    rows.append([form.button(f"{tick} {say('windows.send_form', language)}", "form")])
    if values.get("explain"):
        reason, comment, cause = (form.button(say(f"windows.{name}", language), name) for name in EXPLAINED)
        rows += [[reason, comment], [cause]]  # three in a row would be cut on a phone
    else:
        rows.append([form.button(say("windows.explain", language), "explain")])
    rows.append([form.button(say("windows.close", language, id=values["dialog_id"]), "close")])
    return [*rows, *foot(form, manager)]


def _has_more_waiting(tx: Tx, form: Form) -> bool:
    """The customer wrote after the form was shown: it says so first, and the tick waits for a second look."""
    values = form.values
    waiting = inbox_items.waiting_messages(tx, dialogs.by_id(tx, values["dialog_id"]).customer_id)
    more = bool(waiting > values.get("waiting", 0))
    values["waiting"] = waiting
    if more:
        values["form"] = False
    return more


def _marked(text: str, chosen: bool) -> str:
    return f"✔ {text}" if chosen else text


def _root_causes(tx: Tx, form: Form, manager: Manager) -> Rows:
    choices = picker.of_list(tx, "root_causes")
    chosen = {form.values.get("root_cause") or ""}
    return [*picker.keyboard(form, "cause", choices, chosen), *foot(form, manager, back=True)]


def _close(tx: Tx, form: Form, manager: Manager) -> Window:
    """Without the right to close it becomes a request to those who have it."""
    values = form.values
    if _has_more_waiting(tx, form):
        return window(tx, form, manager)
    score = values["score"] if dialogs.by_id(tx, values["dialog_id"]).handled_by(manager.id) else None
    dialog = close_dialog(
        tx,
        manager=manager,
        dialog_id=values["dialog_id"],
        closing=Closing(
            customer_score=score,
            send_rating_form=values["form"],
            reason=values.get("reason"),
            comment=values.get("comment"),
            root_cause=values.get("root_cause"),
        ),
    )
    key = "windows.closed" if dialog.state == "closed" else "manager.close_requested"
    return ended(form, say(key, manager.language, id=dialog.id, title=inline(dialog.title)))
