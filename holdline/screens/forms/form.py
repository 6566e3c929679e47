"""A form that somebody has open: loaded for one press or typed message, changed, and saved in the same unit of work."""

from dataclasses import dataclass, field
from typing import Any

from holdline.desk.dialogs import forms
from holdline.dialogs.manager import Manager
from holdline.dialogs.verbs import Argument, DeskVerb
from holdline.screens.keyboards import Button, ButtonRows, callback_button
from holdline.screens.screen import Screen, UiResponse
from holdline.store.screens import form_messages
from holdline.store.tx import Tx
from holdline.texts import say


@dataclass(slots=True)
class Form:
    """`values` survive a restart. `awaits` means that the next message typed there is the answer.

    `beside` is another window that changes with the press.
    """

    id: int
    manager_id: int
    chat_id: int
    thread_id: int | None
    kind: str
    step: str
    values: dict[str, Any] = field(default_factory=dict)
    awaits: bool = False
    tg_message_id: int | None = None
    done: bool = False
    beside: UiResponse | None = None

    def button(self, text: str, action: str, *about: Argument) -> Button:
        return callback_button(text, DeskVerb.PRESS_FORM, self.id, action, *map(str, about))

    def toggle(self, name: str, value: object) -> None:
        """Adds the value if it is missing, removes it if it is there."""
        chosen = self.values.setdefault(name, [])
        chosen.remove(value) if value in chosen else chosen.append(value)


@dataclass(frozen=True, slots=True)
class FormKind:
    """The kind of form, and its first step."""

    name: str
    step: str = "main"


@dataclass(frozen=True, slots=True)
class FormPosition:
    """The chat and the thread of a form. Text typed elsewhere is not for it."""

    chat_id: int
    thread_id: int | None = None


def open_form(
    tx: Tx, manager: Manager, kind: FormKind, *, spot: FormPosition, values: dict[str, Any] | None = None
) -> Form:
    """A new form. The caller shows it and saves it as shown."""
    form_id = forms.open_form(
        tx,
        manager=manager,
        chat_id=spot.chat_id,
        kind=kind.name,
        step=kind.step,
        values={**(values or {}), "thread_id": spot.thread_id},
    )
    return load_form(tx, form_id)


def load_form(tx: Tx, form_id: int) -> Form:
    """Locked until the end of the unit of work, for any owner, even if finished. NotFound if there is none."""
    row = forms.form_by_id(tx, form_id=form_id)
    return Form(
        id=row["id"],
        manager_id=row["manager_id"],
        chat_id=row["chat_id"],
        thread_id=row["thread_id"],
        kind=row["kind"],
        step=row["step"],
        values=dict(row["values_json"]),
        awaits=bool(row["awaits_text"]),
        tg_message_id=form_messages.message_id_of(tx, row),
        done=row["done_at"] is not None,
    )


def save_form(tx: Tx, form: Form, *, asks: bool = True) -> None:
    """Saves the current state. A form that no longer `asks` takes only replies to its own message."""
    forms.save_form(
        tx,
        form_id=form.id,
        step=form.step,
        values=form.values,
        awaits_text=form.awaits,
        asks=asks,
        tg_message_id=form.tg_message_id,
    )
    if form.done:
        forms.finish_form(tx, form_id=form.id)


def end_form(form: Form, text: str) -> Screen:
    """The last text of the window, without buttons."""
    form.done = True
    return Screen(text)


def cancel_form(form: Form, manager: Manager) -> Screen:
    return end_form(form, say("windows.cancelled", manager.language))


def footer_rows(form: Form, manager: Manager, *, back: bool = False) -> ButtonRows:
    """◀ and ✖, below every step."""
    buttons = [form.button(say("windows.back", manager.language), "back")] if back else []
    return [[*buttons, form.button(say("windows.cancel", manager.language), "cancel")]]
