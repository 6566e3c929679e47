"""A line that a form took, or may take, though it could be meant for a customer: said at the line itself.

A form that only collects takes it at once, and one tap sends it to the customer instead. A form that acts on what is
typed is asked about first.
"""

import copy
from dataclasses import asdict
from types import ModuleType

from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.screens.forms import card_form, close_form, open_wizard, resend, settings
from holdline.screens.forms.form import Form, FormSpot, Kind, ended, loaded, opened, saved
from holdline.screens.keyboards import Button, Rows
from holdline.screens.screen import Reaction, Window
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "line"
_COLLECT: dict[str, ModuleType] = {form.KIND: form for form in (open_wizard, close_form, card_form)}
_NAMED = {close_form.EXPLAIN: "reason", "reason": "reason", "comment": "comment", "title": "title"}
"""Step → what a line typed there was saved as."""


def acts_at_once(form: Form) -> bool:
    """What is typed there changes the desk; nothing could take that back."""
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
    """`answered` is the form as it was before the line.

    `readers`, caption, dialog and customer of each, between whom the manager chooses where the place leaves it open.
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
    return opened(tx, manager, Kind(KIND), spot=FormSpot(content.chat_id, content.thread_id), values=values)


def window(tx: Tx, form: Form, manager: Manager) -> Window:
    language, step = manager.language, form.values["answered"]["step"]
    readers = form.values.get("readers") or []
    name = " / ".join(one[0] for one in readers) or resend.name_of(tx, form.values["customer_id"])
    rows: Rows = [[_to_reader(form, language, *one)] for one in readers]
    rows = rows or [[form.button(say("windows.line_send", language, name=name), "send")]]
    if form.values["asks"]:
        rows.insert(0, [form.button(say("windows.line_answer", language), "answer")])
        return Window(say("windows.line_ask", language, name=name), rows)
    taken = form.values.get("taken", True)
    what = _NAMED.get(step, "answer") if taken else "nothing"
    return Window(say(f"windows.line_took_{what}", language), rows)


def _to_reader(form: Form, language: str, caption: str, dialog_id: int | None, customer_id: int) -> Button:
    words = say("windows.line_send", language, name=caption)
    if dialog_id is None:
        return resend.to_customer(form, words, customer_id)
    return resend.in_dialog(form, words, dialog_id)


def pressed(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Window:
    if action == "answer":
        return _answer(tx, form, manager)
    give_back(tx, form, manager)
    if action != "send":  # to a reader chosen, or a way out that the refusal of the first tap has offered
        return resend.pressed(tx, form, manager, action, arg)
    return ended(form, resend.send(tx, form, manager, dialog_id=form.values["dialog_id"]))


def typed(tx: Tx, form: Form, manager: Manager, content: Content) -> Window:
    return window(tx, form, manager)


def _answer(tx: Tx, form: Form, manager: Manager) -> Window:
    """It was for the form after all."""
    asked = loaded(tx, form.values["answered"]["id"])
    if asked.done:
        return ended(form, say("windows.form_over", manager.language))
    shown = settings.typed(tx, asked, manager, resend.content_of(form.values["contents"][0]))
    saved(tx, asked)
    form.beside = _redrawn(asked, shown)
    return ended(form, say("windows.line_took_answer", manager.language))


def retyped(tx: Tx, form: Form, manager: Manager, content: Content, *, before: str) -> Reaction | None:
    """The line was edited: the form has the new words in place of those from before.

    None where it has not: it is saved or dropped, was answered otherwise since, or cannot use the new words.
    """
    asked = loaded(tx, form.values["answered"]["id"])
    if asked.done or not _holds(asked, before):
        return None
    step, awaits = asked.step, asked.awaits
    asked.step = form.values["answered"]["step"]
    _COLLECT[asked.kind].typed(tx, asked, manager, content)
    asked.step, asked.awaits = step, awaits
    if not _holds(asked, content.text):
        return None
    saved(tx, asked)
    return _redrawn(asked, _COLLECT[asked.kind].window(tx, asked, manager)) or Reaction()


def _holds(asked: Form, words: str) -> bool:
    values = [*asked.values.values(), *asked.values.get("changes", {}).values()]
    return " ".join(words.split()) in [" ".join(one.split()) for one in values if isinstance(one, str)]


def give_back(tx: Tx, form: Form, manager: Manager) -> None:
    """The line is no answer any more."""
    if not form.values["asks"]:
        _take_back(tx, form, manager)


def _take_back(tx: Tx, form: Form, manager: Manager) -> None:
    """The form is again what it was; it waits for a reply to its own message now, not for the next line."""
    before = form.values["answered"]
    asked = loaded(tx, before["id"])
    if asked.done:
        return
    asked.step, asked.values, asked.awaits = before["step"], before["values"], True
    shown = _COLLECT[asked.kind].window(tx, asked, manager)
    saved(tx, asked, asks=False)
    form.beside = _redrawn(asked, shown)


def _redrawn(asked: Form, shown: Window) -> Reaction | None:
    if asked.tg_message_id is None:
        return None
    return Reaction(window=shown, at=(asked.chat_id, asked.tg_message_id))
