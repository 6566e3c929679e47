"""A message that could not go out at once, kept so that one tap can send that very one.

In the general chat, or in a dialog that is active now. Notes and commands are never kept.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from holdline.desk.conversation.drafts import write_or_draft
from holdline.desk.conversation.replies import Origin, write_in_general
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
from holdline.store.people import customers
from holdline.store.screens import forms
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "kept"
IN_GENERAL = "general"
_IN_DIALOG = "dialog"  # the one in which it was written; only earlier versions made such buttons
_TO = "to"
_DROP = "drop"
_SENDS = (IN_GENERAL, _IN_DIALOG, SEND_IN_DIALOG, _TO, "send")
HOLD_WORDS = (KIND, "line")
"""Kinds of forms that hold words for a customer; see form_line."""
AUTO_RESEND_PERIOD = timedelta(hours=1)
"""What was refused longer ago goes out only by a tap of its own."""


def keep(
    tx: Tx,
    manager: Manager,
    content: Content,
    *,
    customer_id: int,
    meaning: dict[str, Any],
    refused: str | None = None,
) -> Form | None:
    """It outlives a restart; the parts of an album are kept, and sent, together. None for what is the desk's own.

    `refused` is the code of the refusal that kept it.
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
    """The form that keeps the earlier parts of the same album."""
    if content.album_id is None or content.chat_id is None:
        return None
    row = album_parts.earlier_form(tx, manager.id, content.chat_id, content.album_id)
    return load_form(tx, row["id"]) if row else None


def form_of_message(tx: Tx, manager: Manager, chat_id: int, tg_message_id: int) -> Form | None:
    """The manager's open form that keeps that message until a tap says what becomes of it."""
    row = forms.find_by_kept_message(tx, manager.id, chat_id, tg_message_id)
    return load_form(tx, row["id"]) if row else None


def replace_message(tx: Tx, form: Form, content: Content) -> str:
    """What waits was edited: the tap sends the newest words, or refuses them. The words from before."""
    before = ""
    for at, stored in enumerate(form.values["contents"]):
        if stored["tg_message_id"] == content.tg_message_id:
            before = stored["text"]
            stays = {"reply_to_tg_id": stored["reply_to_tg_id"], "album_id": stored["album_id"]}
            form.values["contents"][at] = {**asdict(content), **stays}
    save_form(tx, form)
    return before


def remove_message(tx: Tx, form: Form, tg_message_id: int) -> None:
    """That message waits no longer; the form ends with the last of its messages."""
    contents = form.values["contents"]
    form.values["contents"] = [content for content in contents if content["tg_message_id"] != tg_message_id]
    form.done = not form.values["contents"]
    save_form(tx, form)


def send_buttons(tx: Tx, form: Form, language: str) -> list[Button]:
    """Where it can go now: into the customer's active dialog, else into the general chat."""
    active = dialogs.active_of(tx, form.values["customer_id"])
    if active is not None:
        return [send_in_dialog_button(form, say("manager.send_in", language, id=active.id), active.id)]
    return [form.button(say("manager.write_general", language), IN_GENERAL)]


def send_anyway_rows(form: Form, language: str) -> ButtonRows:
    """After a colleague's answer: send it too, or do not."""
    return [[form.button(say("manager.send_anyway", language), IN_GENERAL)], [drop_button(form, language)]]


def send_in_dialog_button(form: Form, caption: str, dialog_id: int) -> Button:
    return form.button(caption, SEND_IN_DIALOG, dialog_id)


def send_to_customer_button(form: Form, caption: str, customer_id: int) -> Button:
    """Outside any dialog."""
    return form.button(caption, _TO, customer_id)


def drop_button(form: Form, language: str) -> Button:
    return form.button(say("manager.drop", language), _DROP)


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    return Screen(
        say("windows.kept", language), [send_buttons(tx, form, language), [drop_button(form, language)]]
    )


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    """Once: a second press finds the form finished."""
    match action:
        case "drop":
            return end_form(form, say("windows.not_sent", manager.language))
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
    """Everything kept goes out, in the dialog or in the customer's general chat; the sentence that says where.

    That it was sent is said by `sent_notices`, at the manager's own message, once the customer has it.
    """
    customer_id = (
        form.values["customer_id"] if dialog_id is None else dialogs.by_id(tx, dialog_id).customer_id
    )
    for stored in form.values["contents"]:
        content = content_from_json(stored)
        origin = Origin.of(content, dialog_chosen=True)
        if dialog_id is not None:
            write_or_draft(tx, manager=manager, dialog_id=dialog_id, content=content, origin=origin)
        else:
            write_in_general(
                tx, manager=manager, customer_id=customer_id, content=content, origin=origin, anyway=True
            )
    name = customer_name(tx, customer_id)
    if dialog_id is None:
        return say("windows.goes_to_general", manager.language, name=name)
    return say("windows.goes_to_dialog", manager.language, name=name, id=dialog_id)


def send_into_new_dialog(tx: Tx, words: list[Form], manager: Manager, *, dialog_id: int) -> list[str]:
    """What a new dialog takes along goes out in the order in which it was written; a line for each that names it."""
    for form in words:
        send(tx, form, manager, dialog_id=dialog_id)
        form.done = True
        save_form(tx, form)
    return [say("windows.open_sent", manager.language, text=first_words(form)) for form in words]


def customer_name(tx: Tx, customer_id: int) -> str:
    """The customer's name as a line of ours may show it."""
    customer = customers.by_id(tx, customer_id)
    return inline(customer.name) if customer else "?"


def form_under_buttons(tx: Tx, rows: ButtonRows) -> Form | None:
    """The form whose buttons stand among these; None where there is none, or where it has been sent already."""
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
    """The manager's own words that a new dialog takes along: those under the button, and what was refused lately.

    Not what the customer has in other words: an edit that was refused goes out by a tap of its own.
    """
    if not is_allowed(manager, Act.REPLY):
        return []
    ids = forms.open_ids(tx, manager.id, chat_id, KIND, tx.at - AUTO_RESEND_PERIOD)
    lately = [form for form in (load_form(tx, form_id) for form_id in ids) if form.values.get("refused")]
    mine = {
        form.id: form for form in (*lately, *([pressed] if pressed else [])) if form.manager_id == manager.id
    }
    new = [mine[form_id] for form_id in sorted(mine) if not mine[form_id].values.get("edited")]
    return [form for form in new if form.values["customer_id"] == customer_id]


def first_words(form: Form) -> str:
    """What the first of its messages says, in one line; the sign of a file where it has no words."""
    words = next((stored["text"] for stored in form.values["contents"] if stored["text"].strip()), "📎")
    return ellipsize(words)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    return screen(tx, form, manager)


def content_from_json(stored: dict[str, Any]) -> Content:
    """JSON has no tuples."""
    return Content(**{**stored, "entities": tuple(stored["entities"])})
