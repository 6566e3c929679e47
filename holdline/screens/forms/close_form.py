"""Closing a dialog: score, rating form, reason, comment and root cause (L-55 to L-57)."""

from typing import Any

from holdline.desk.dialogs.close_requests import request_for
from holdline.desk.dialogs.forms import finish_form
from holdline.desk.dialogs.transition_notices import transition_key
from holdline.desk.dialogs.transitions import close_dialog, refuse_if_closed
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rating import SCALE
from holdline.dialogs.refusal import NotAllowed
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.limits import refuse_too_long
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.dialogs import card_values, close_reasons, lost_words, required_fields
from holdline.screens.dialogs.close_reasons import EXPLANATION_FIELDS
from holdline.screens.forms import picker
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs, history, inbox_items
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "close"
REASON_LIMIT = 1000
EXPLAIN = "explain"
"""The main page with three more buttons. Until one is chosen, typed text is the reason."""


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int) -> Form:
    """Starts with the desk's default for the rating form. A closed dialog is refused at once."""
    dialog = dialogs.by_id(tx, dialog_id)
    refuse_if_closed(tx, dialog)
    waiting = inbox_items.count_unanswered_messages(tx, dialog.customer_id)
    values: dict[str, Any] = {
        "dialog_id": dialog_id,
        "score": None,
        "form": tx.rules.rating_form_default and not waiting,  # no rating form while messages are unanswered
        "waiting": waiting,
        **_values_of_request(tx, manager, dialog_id),
    }
    return open_form(tx, manager, FormKind(KIND), spot=spot, values=values)


def _values_of_request(tx: Tx, manager: Manager, dialog_id: int) -> dict[str, Any]:
    """The initial values from a colleague's request to close, shown openly. Only for managers who may close."""
    request = request_for(tx, dialog_id, None)
    if request is None or not is_allowed(manager, Act.CLOSE_DIALOG):
        return {}
    explained = {name: request.told[name] for name in EXPLANATION_FIELDS if name in request.told}
    request_values = {"id": request.id, "score": request.score, "who": request.by.name}
    return {"score": request.score, "asked": request_values, "explain": bool(explained), **explained}


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    dialog, language = dialogs.by_id(tx, form.values["dialog_id"]), manager.language
    customer = customers.by_id(tx, dialog.customer_id)
    name = inline(customer.name) if customer else "?"
    head = say("windows.close_head", language, id=dialog.id, title=inline(dialog.title), name=name)
    if form.step == "root_cause":
        return screen_with_title(
            head, say("windows.close_root_cause", language), rows=_root_causes(tx, form, manager)
        )
    if card_values.own_field(tx, form.step) is not None:
        return required_fields.question_screen(tx, form, manager, head=head)
    if form.step == close_reasons.STEP:
        rows = [*close_reasons.reason_rows(tx, form), *footer_rows(form, manager, back=True)]
        return screen_with_title(head, close_reasons.question_of(tx, language), rows=rows)
    if form.step not in ("main", EXPLAIN):
        return screen_with_title(
            head, say(f"windows.close_{form.step}", language), rows=footer_rows(form, manager, back=True)
        )
    scores = _scores(form, dialog, manager)
    lines = _request_lines(form, language)
    lines += [say("windows.close_score", language)] if dialog.is_handled_by(manager.id) else []
    if form.values.pop("score_gone", False):
        lines.append(say("windows.close_score_gone", language))
    lines += close_reasons.explanation_lines(tx, form, language)
    lines += required_fields.value_lines(tx, form, language)
    if waiting := reply_pending_line(tx, dialog, language):
        lines += [waiting, say("windows.close_rating_waits", language)]
    lines += lost_words.lines_about_lost_words(tx, dialog.id, language)
    if not is_allowed(manager, Act.CLOSE_DIALOG):
        lines.append(say("windows.close_request", language))
    if form.step == EXPLAIN:
        lines.append(say("windows.close_explain", language))
    return screen_with_title(head, *lines, rows=_main_rows(tx, form, manager, scores=scores))


def _scores(form: Form, dialog: Dialog, manager: Manager) -> tuple[int, ...]:
    """A manager who did not handle the dialog gives no score (L-56): they can only keep the request's score or leave it
    out.
    """
    if dialog.is_handled_by(manager.id):
        return tuple(SCALE)
    requested = form.values.get("asked") or {}
    return (requested["score"],) if requested.get("score") else ()


def _request_lines(form: Form, language: str) -> list[str]:
    requested = form.values.get("asked")
    if not requested:
        return []
    who = inline(requested["who"])
    if requested["score"]:
        return [say("windows.close_asked_score", language, who=who, value="⭐" * requested["score"])]
    return [say("windows.close_asked", language, who=who)]


def score_giver_line(tx: Tx, dialog: Dialog, manager: Manager) -> str:
    """Who gave the recorded score, if not this manager; empty if there is none."""
    last = history.last_close(tx, dialog.id)
    scorer = last["data_json"].get("customer_score_by") if last is not None else None
    if not scorer or scorer["telegram_id"] == manager.telegram_id:
        return ""
    value = "⭐" * (dialog.customer_score or 0)
    return say("windows.close_score_kept", manager.language, value=value, who=inline(scorer["name"]))


def reply_pending_line(tx: Tx, dialog: Dialog, language: str) -> str:
    """Says that the customer's messages outside the dialog are unanswered; empty if there are none."""
    count, customer = (
        inbox_items.count_unanswered_messages(tx, dialog.customer_id),
        customers.by_id(tx, dialog.customer_id),
    )
    if not count or customer is None:
        return ""
    return say("windows.close_waiting", language, name=inline(customer.name), count=count)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    match action:
        case "cancel":
            return cancel_form(form, manager)
        case "close":
            return _close(tx, form, manager)
        case "score":
            form.values["score"] = _score_pressed(tx, form, manager, parse_number(arg))
        case "form":
            form.values["form"] = not form.values["form"]
        case "explain":
            form.values["explain"], form.step = (
                True,
                close_reasons.STEP if close_reasons.has_any(tx) else EXPLAIN,
            )
        case "reason" | "comment" | "root_cause":
            form.step = action
        case "cause":
            form.values["root_cause"] = picker.name_of_choice(picker.list_choices(tx, "root_causes"), arg)
            form.step = "main"
        case "outcome":
            close_reasons.toggle_outcome(tx, form, arg)
            form.step = "main"
        case close_reasons.ACTION if close_reasons.choose(tx, form, arg):
            form.step = "main"
        case "page":
            form.values["first"] = parse_number(arg)
        case _ if card_values.own_field(tx, action) is not None:
            required_fields.take_choice(tx, form, manager, key=action, arg=arg)
        case _:
            form.step = "main"
    form.awaits = form.step in (EXPLAIN, "reason", "comment") or card_values.is_written(tx, form.step)
    return screen(tx, form, manager)


def _score_pressed(tx: Tx, form: Form, manager: Manager, score: int) -> int | None:
    if score not in SCALE:
        return None
    if score not in _scores(form, dialogs.by_id(tx, form.values["dialog_id"]), manager):
        raise NotAllowed("dialog.score", because="not_handler")
    return score


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """The reason or the comment, whichever was asked for."""
    if card_values.own_field(tx, form.step) is not None:
        required_fields.take_text(tx, form, manager, text=content.text)
        return screen(tx, form, manager)
    written, field = content.text.strip(), "reason" if form.step == EXPLAIN else form.step
    refuse_too_long(written, REASON_LIMIT, field=field)
    form.values[field] = written
    close_reasons.settle_outcome(tx, form)
    form.step, form.awaits = "main", False
    return screen(tx, form, manager)


def _main_rows(tx: Tx, form: Form, manager: Manager, *, scores: tuple[int, ...]) -> ButtonRows:
    language, values = manager.language, form.values
    rows: ButtonRows = []
    if scores:
        stars = [
            form.button(_with_check_mark(_score_caption(form, n, scores), values["score"] == n), "score", n)
            for n in scores
        ]
        rows.append(
            [
                *stars,
                form.button(
                    _with_check_mark(say("windows.no_score", language), not values["score"]), "score", 0
                ),
            ]
        )
    tick = "☑️" if values["form"] else "⬜️"
    rows.append([form.button(f"{tick} {say('windows.send_form', language)}", "form")])
    rows += close_reasons.explanation_rows(tx, form, language)
    rows.append([form.button(say("windows.close", language, id=values["dialog_id"]), "close")])
    return [*rows, *footer_rows(form, manager)]


def _score_caption(form: Form, score: int, scores: tuple[int, ...]) -> str:
    """Stars if the manager gives the score. A score that can only be kept names who gave it."""
    return "⭐" * score if scores == tuple(SCALE) else f"{score} · {form.values['asked']['who']}"


def _has_more_waiting(tx: Tx, form: Form) -> bool:
    """Whether the customer wrote after the form was shown. If so, the form says so and unticks the rating form."""
    values = form.values
    waiting = inbox_items.count_unanswered_messages(tx, dialogs.by_id(tx, values["dialog_id"]).customer_id)
    more = bool(waiting > values.get("waiting", 0))
    values["waiting"] = waiting
    if more:
        values["form"] = False
    return more


def _with_check_mark(text: str, chosen: bool) -> str:
    return f"✔ {text}" if chosen else text


def _root_causes(tx: Tx, form: Form, manager: Manager) -> ButtonRows:
    choices = picker.list_choices(tx, "root_causes")
    chosen = {form.values.get("root_cause") or ""}
    return [*picker.keyboard(form, "cause", choices, chosen), *footer_rows(form, manager, back=True)]


def _close(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Without the right to close, it becomes a request to those who have it."""
    if _has_more_waiting(tx, form) or _has_lost_the_score(tx, form, manager):
        return screen(tx, form, manager)
    if is_allowed(manager, Act.CLOSE_DIALOG) and required_fields.ask_for_missing(tx, form):
        return screen(tx, form, manager)
    required_fields.save_fields(tx, form, manager)
    finish_form(tx, form_id=form.id)  # before the close, which ends every form that is still open
    dialog = close_dialog(
        tx, manager=manager, dialog_id=form.values["dialog_id"], closing=_to_closing(form.values)
    )
    key = "windows.closed" if dialog.state == "closed" else "manager.close_requested"
    return end_form(form, say(key, manager.language, id=dialog.id, title=inline(dialog.title)))


def why_over(tx: Tx, form: Form, manager: Manager) -> str:
    """Who has moved the dialog since the form was shown; empty if nobody has."""
    last = history.last_transition(tx, form.values["dialog_id"])
    if last is None:
        return ""
    dialog = dialogs.by_id(tx, form.values["dialog_id"])
    words = {"id": dialog.id, "title": inline(dialog.title), "who": inline(last["actor_name"])}
    return say(transition_key(dialog), manager.language, **words)


def _has_lost_the_score(tx: Tx, form: Form, manager: Manager) -> bool:
    """Whether the manager was removed from the dialog while the form was open, so that the score no longer counts."""
    values, dialog = form.values, dialogs.by_id(tx, form.values["dialog_id"])
    lost = bool(values["score"]) and values["score"] not in _scores(form, dialog, manager)
    if lost:
        values["score"], values["score_gone"] = None, True
    return lost


def _to_closing(values: dict[str, Any]) -> Closing:
    """Exactly what the form shows. If the request's score was kept, it stays its author's."""
    requested = values.get("asked") or {}
    keeps = values["score"] is not None and values["score"] == requested.get("score")
    return Closing(
        customer_score=None if keeps else values["score"],
        send_rating_form=values["form"],
        reason=values.get("reason"),
        comment=values.get("comment"),
        root_cause=values.get("root_cause"),
        outcome=values.get("outcome"),
        request_id=requested["id"] if keeps else 0,
    )
