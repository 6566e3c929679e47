"""The first messages of a dialog being opened: a reply to the customer, a note for colleagues (W-29)."""

from holdline.desk.conversation.drafts import write_or_draft
from holdline.desk.conversation.notes import add_note
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, ellipsize
from holdline.store.tx import Tx
from holdline.texts import say

_KINDS = ("reply", "note")
ACTION = "first"


def word_rows(form: Form, language: str) -> ButtonRows:
    """One button for each. Nothing is sent before the dialog is created."""
    return [[form.button(say(f"templates.first_{kind}", language), ACTION, kind) for kind in _KINDS]]


def word_lines(form: Form, language: str) -> list[str]:
    """What will be sent, and what is being asked for."""
    lines = [say(f"templates.done_{kind}", language, text=ellipsize(_words(form, kind))) for kind in _KINDS
             if _words(form, kind)]  # fmt: skip
    return [*lines, *([say("templates.ask_first", language)] if form.awaits else [])]


def ask_for_words(form: Form, kind: str) -> None:
    """The next typed message is that reply or that note."""
    form.values["asks_for"] = kind if kind in _KINDS else _KINDS[0]
    form.awaits = True


def take_words(form: Form, text: str) -> None:
    form.values[f"first_{form.values.pop('asks_for')}"] = text
    form.awaits = False


def say_first_words(tx: Tx, form: Form, manager: Manager, *, dialog_id: int) -> None:
    """Sends them after the dialog was created."""
    if reply := _words(form, "reply"):
        write_or_draft(tx, manager=manager, dialog_id=dialog_id, content=Content(text=reply))
    if note := _words(form, "note"):
        add_note(tx, manager=manager, dialog_id=dialog_id, text=note)


def _words(form: Form, kind: str) -> str:
    return str(form.values.get(f"first_{kind}") or "").strip()
