"""A message that could not be sent at once, kept so that one tap sends it.

It goes to the general chat, or to a dialog that is active now. Notes and commands are never kept.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from holdline.desk.conversation.drafts import write_or_draft
from holdline.desk.conversation.replies import Origin, write_in_general
from holdline.dialogs.draft import Draft
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.marks import is_for_desk_only
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import SEND_IN_DIALOG, DeskVerb, parse_button_data, parse_number
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    end_form,
    load_form,
    open_form,
    save_form,
)
from holdline.screens.keyboards import Button, ButtonRows, ellipsize, verb_on
from holdline.screens.screen import Screen
from holdline.store.delivery import album_parts
from holdline.store.delivery.album_parts import album_key
from holdline.store.dialogs import dialogs
from holdline.store.people import customers, managers
from holdline.store.screens import forms
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "kept"
IN_GENERAL = "general"
_IN_DIALOG = "dialog"  # the dialog in which it was written; only buttons of earlier versions
_TO = "to"
_DROP = "drop"
_SENDS = (IN_GENERAL, _IN_DIALOG, SEND_IN_DIALOG, _TO, "send")
HOLD_WORDS = (KIND, "line")
"""Kinds of forms that hold a message for a customer; see form_line."""
OFFER_PERIOD = timedelta(hours=1)
"""A new dialog offers messages refused within this time. An older one is only sent by its own button."""


def keep(
    tx: Tx,
    manager: Manager,
    content: Content,
    *,
    customer_id: int,
    meaning: dict[str, Any],
    refused: str | None = None,
) -> Form | None:
    """Stored, so it survives a restart. Parts of an album are kept and sent together. None for messages for the desk
    only.

    `refused` is the code of the refusal.
    """
    if content.chat_id is None or is_for_desk_only(content.text):
        return None
    form = album_form(tx, manager, content) or open_form(
        tx,
        manager,
        FormKind(KIND, "kept"),
        spot=FormPosition(content.chat_id, content.thread_id),
        values={"customer_id": customer_id, "meaning": meaning, "refused": refused, "contents": []},
    )
    if content.album_id is not None:
        form.values["album"] = album_key(content.chat_id, content.album_id)
    form.values["contents"].append(asdict(content))
    save_form(tx, form)
    return form


def album_form(tx: Tx, manager: Manager, content: Content) -> Form | None:
    """The form that holds the earlier parts of the same album."""
    if content.album_id is None or content.chat_id is None:
        return None
    row = album_parts.earlier_form(tx, manager.id, content.chat_id, content.album_id)
    return load_form(tx, row["id"]) if row else None


def form_of_message(tx: Tx, manager: Manager, chat_id: int, tg_message_id: int) -> Form | None:
    """The manager's open form that holds this message."""
    row = forms.find_by_kept_message(tx, manager.id, chat_id, tg_message_id)
    return load_form(tx, row["id"]) if row else None


def replace_message(tx: Tx, form: Form, content: Content) -> str:
    """The kept message was edited, so the new text will be sent. Returns the old text."""
    before = ""
    for at, stored in enumerate(form.values["contents"]):
        if stored["tg_message_id"] == content.tg_message_id:
            before = stored["text"]
            stays = {"reply_to_tg_id": stored["reply_to_tg_id"], "album_id": stored["album_id"]}
            form.values["contents"][at] = {**asdict(content), **stays}
    save_form(tx, form)
    return before


def remove_message(tx: Tx, form: Form, tg_message_id: int) -> None:
    """Removes that message from the form. The form ends with its last message."""
    contents = form.values["contents"]
    form.values["contents"] = [content for content in contents if content["tg_message_id"] != tg_message_id]
    form.done = not form.values["contents"]
    save_form(tx, form)


def send_buttons(tx: Tx, form: Form, language: str) -> list[Button]:
    """Where it can be sent now: to the customer's active dialog, or else to the general chat, which takes no drafts."""
    active = dialogs.active_of(tx, form.values["customer_id"])
    if active is not None:
        return [send_in_dialog_button(form, say("manager.send_in", language, id=active.id), active.id)]
    author = managers.by_id(tx, form.manager_id)
    if author is None or not is_allowed(author, Act.REPLY):
        return []
    return [form.button(say("manager.write_general", language), IN_GENERAL)]


def send_anyway_rows(form: Form, language: str) -> ButtonRows:
    """After a colleague's answer: send it too, or drop it."""
    return [[form.button(say("manager.send_anyway", language), IN_GENERAL)], [drop_button(form, language)]]


def send_in_dialog_button(form: Form, caption: str, dialog_id: int) -> Button:
    return form.button(caption, SEND_IN_DIALOG, dialog_id)


def send_to_customer_button(form: Form, caption: str, customer_id: int) -> Button:
    """Sends it outside any dialog."""
    return form.button(caption, _TO, customer_id)


def drop_button(form: Form, language: str) -> Button:
    return form.button(say("manager.drop", language), _DROP)


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    return Screen(
        say("windows.kept", language), [send_buttons(tx, form, language), [drop_button(form, language)]]
    )


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    """Works once: a second press finds the form finished."""
    match action:
        case "drop":
            form.values["ended"] = _DROP
            return end_form(form, why_over(tx, form, manager))
        case "in":
            dialog_id: int | None = parse_number(arg)
        case "to":
            form.values["customer_id"], dialog_id = parse_number(arg), None
        case "dialog":
            dialog_id = form.values["meaning"]["dialog_id"]
        case _:
            dialog_id = None
    return end_form(form, send(tx, form, manager, dialog_id=dialog_id))


def send(tx: Tx, form: Form, manager: Manager, *, dialog_id: int | None) -> str:
    """Sends everything kept, in the dialog or in the general chat. Returns a sentence that says where.

    `sent_notices` confirms the delivery at the manager's own message once the customer has it.
    """
    customer_id = (
        form.values["customer_id"] if dialog_id is None else dialogs.by_id(tx, dialog_id).customer_id
    )
    is_draft = False
    for stored in form.values["contents"]:
        content = content_from_json(stored)
        origin = Origin.of(content, dialog_chosen=True)
        if dialog_id is not None:
            written = write_or_draft(tx, manager=manager, dialog_id=dialog_id, content=content, origin=origin)
            is_draft = isinstance(written, Draft)
        else:
            write_in_general(
                tx, manager=manager, customer_id=customer_id, content=content, origin=origin, anyway=True
            )
    form.values["ended"] = [customer_id, dialog_id, is_draft]
    return why_over(tx, form, manager)


def why_over(tx: Tx, form: Form, manager: Manager) -> str:
    """What became of the message; the offer that was pressed late may still say that it was not sent. Empty if it is
    unknown.
    """
    ended = form.values.get("ended")
    if ended is None:
        return ""
    if ended == _DROP:
        return say("windows.not_sent", manager.language)
    customer_id, dialog_id, is_draft = ended
    name = customer_name(tx, customer_id)
    if dialog_id is None:
        return say("windows.goes_to_general", manager.language, name=name)
    key = "windows.goes_to_draft" if is_draft else "windows.goes_to_dialog"
    return say(key, manager.language, name=name, id=dialog_id)


def send_into_new_dialog(tx: Tx, words: list[Form], manager: Manager, *, dialog_id: int) -> list[str]:
    """Sends the kept messages in the order they were written. Returns a line for each."""
    for form in words:
        send(tx, form, manager, dialog_id=dialog_id)
        form.done = True
        save_form(tx, form)
    return [say("windows.open_sent", manager.language, text=first_words(form)) for form in words]


def customer_name(tx: Tx, customer_id: int) -> str:
    """The customer's name, safe to show in our own text."""
    customer = customers.by_id(tx, customer_id)
    return inline(customer.name) if customer else "?"


def form_under_buttons(tx: Tx, rows: ButtonRows) -> Form | None:
    """The open form that one of these buttons belongs to, or None."""
    for button in (button for row in rows for button in row):
        if verb_on(button) is not DeskVerb.PRESS_FORM:
            continue
        carried = parse_button_data(button["data"])
        if carried.word(1) in _SENDS:
            form = load_form(tx, carried.number())
            return form if form.kind in HOLD_WORDS and not form.done else None
    return None


def forms_for_new_dialog(
    tx: Tx, manager: Manager, *, customer_id: int, chat_id: int, pressed: Form | None = None
) -> list[Form]:
    """The manager's own messages for this customer: those under the button, and those refused recently. Nothing is sent
    before the manager has seen them named.

    Edits are left out, because the customer has an earlier version: a refused edit is only sent by its own button.
    """
    if not is_allowed(manager, Act.REPLY):
        return []
    ids = forms.open_ids(tx, manager.id, chat_id, KIND, tx.at - OFFER_PERIOD)
    lately = [form for form in (load_form(tx, form_id) for form_id in ids) if form.values.get("refused")]
    mine = {
        form.id: form for form in (*lately, *([pressed] if pressed else [])) if form.manager_id == manager.id
    }
    new = [mine[form_id] for form_id in sorted(mine) if not mine[form_id].values.get("edited")]
    return [form for form in new if form.values["customer_id"] == customer_id]


def first_words(form: Form) -> str:
    """The first text among its messages, on one line; a file sign if there is none."""
    words = next((stored["text"] for stored in form.values["contents"] if stored["text"].strip()), "📎")
    return ellipsize(words)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    return screen(tx, form, manager)


def content_from_json(stored: dict[str, Any]) -> Content:
    """Converts lists back to tuples, which JSON does not have."""
    return Content(**{**stored, "entities": tuple(stored["entities"])})
