"""A message that a form took, or may take, although it could be meant for a customer. A reply to the message says so.

A form that only collects values takes the message at once, and one tap sends it to the customer instead. If the form
acts on typed text at once, the manager is asked first.
"""

import copy
from dataclasses import asdict
from types import ModuleType

from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.screens.forms import card_form, close_form, open_wizard, resend
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    end_form,
    load_form,
    open_form,
    save_form,
)
from holdline.screens.forms.templates import template_form
from holdline.screens.forms.timing import postpone_form
from holdline.screens.keyboards import Button, ButtonRows
from holdline.screens.screen import Screen, UiResponse
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "line"
ANSWER = "answer"
"""The press that gives the message to the form. The code that knows all forms carries it out."""
_COLLECT: dict[str, ModuleType] = {
    form.KIND: form for form in (open_wizard, close_form, card_form, postpone_form, template_form)
}
_NAMED = {close_form.EXPLAIN: "reason", "reason": "reason", "comment": "comment", "title": "title"}
"""Step → what the message was saved as."""


def acts_at_once(form: Form) -> bool:
    """Whether typed text changes the desk at once, which cannot be undone."""
    return form.kind not in _COLLECT


def begin(
    tx: Tx,
    manager: Manager,
    content: Content,
    *,
    answered: Form,
    dialog_id: int | None,
    customer_id: int | None,
    readers: list[tuple[str, int | None, int]],
) -> Form:
    """`answered` is the form before the message.

    `readers` are caption, dialog and customer of each candidate, if it is unclear whom the message is for.
    """
    assert content.chat_id is not None
    if customer_id is None:
        assert dialog_id is not None
        customer_id = dialogs.by_id(tx, dialog_id).customer_id
    before = {"id": answered.id, "step": answered.step, "values": copy.deepcopy(answered.values)}
    values = {
        "customer_id": customer_id,
        "dialog_id": dialog_id,
        "contents": [asdict(content)],
        "answered": before,
        "asks": acts_at_once(answered),
        "readers": readers,
    }
    return open_form(
        tx, manager, FormKind(KIND), spot=FormPosition(content.chat_id, content.thread_id), values=values
    )


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, step = manager.language, form.values["answered"]["step"]
    readers = form.values.get("readers") or []
    name = " / ".join(reader[0] for reader in readers) or resend.customer_name(tx, form.values["customer_id"])
    rows: ButtonRows = [[_to_reader(form, language, *reader)] for reader in readers]
    rows = rows or [[form.button(say("windows.line_send", language, name=name), "send")]]
    if form.values["asks"]:
        rows.insert(0, [form.button(say("windows.line_answer", language), "answer")])
        return Screen(say("windows.line_ask", language, name=name), rows)
    taken = form.values.get("taken", True)
    what = _NAMED.get(step, "answer") if taken else "nothing"
    return Screen(say(f"windows.line_took_{what}", language), rows)


def _to_reader(form: Form, language: str, caption: str, dialog_id: int | None, customer_id: int) -> Button:
    words = say("windows.line_send", language, name=caption)
    if dialog_id is None:
        return resend.send_to_customer_button(form, words, customer_id)
    return resend.send_in_dialog_button(form, words, dialog_id)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    withdraw_answer(tx, form, manager)
    if action != "send":  # a chosen customer, or a button offered by an earlier refusal
        return resend.handle_press(tx, form, manager, action, arg)
    return end_form(form, resend.send(tx, form, manager, dialog_id=form.values["dialog_id"]))


def why_over(tx: Tx, form: Form, manager: Manager) -> str:
    """What became of the message; empty if it was for the form."""
    return resend.why_over(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    return screen(tx, form, manager)


def end_with_answer(form: Form, manager: Manager, question: Form, answered: Screen) -> Screen:
    """The message was for the form, which shows the result."""
    form.beside = _redraw(question, answered)
    return end_form(form, say("windows.line_took_answer", manager.language))


def replace_answer(
    tx: Tx, form: Form, manager: Manager, content: Content, *, before: str
) -> UiResponse | None:
    """The message was edited: the form takes the new text instead of the old one.

    None if it cannot: the form was saved or dropped, has another answer by now, or does not accept the new text.
    """
    question = load_form(tx, form.values["answered"]["id"])
    if question.done or not _has_answer(question, before):
        return None
    step, awaits = question.step, question.awaits
    question.step = form.values["answered"]["step"]
    _COLLECT[question.kind].handle_text(tx, question, manager, content)
    question.step, question.awaits = step, awaits
    if not _has_answer(question, content.text):
        return None
    save_form(tx, question)
    return _redraw(question, _COLLECT[question.kind].screen(tx, question, manager)) or UiResponse()


def _has_answer(question: Form, words: str) -> bool:
    values = [*question.values.values(), *question.values.get("changes", {}).values()]
    return " ".join(words.split()) in [" ".join(value.split()) for value in values if isinstance(value, str)]


def withdraw_answer(tx: Tx, form: Form, manager: Manager) -> None:
    """The message is no longer an answer to the form."""
    if not form.values["asks"]:
        _restore_form(tx, form, manager)


def _restore_form(tx: Tx, form: Form, manager: Manager) -> None:
    """Restores the form. From now on it takes only replies to its own message, not the next message."""
    before = form.values["answered"]
    question = load_form(tx, before["id"])
    if question.done:
        return
    question.step, question.values, question.awaits = before["step"], before["values"], True
    screen_after = _COLLECT[question.kind].screen(tx, question, manager)
    save_form(tx, question, asks=False)
    form.beside = _redraw(question, screen_after)


def _redraw(question: Form, shown: Screen) -> UiResponse | None:
    if question.tg_message_id is None:
        return None
    return UiResponse(window=shown, at=(question.chat_id, question.tg_message_id))
