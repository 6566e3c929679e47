"""✍️ on a row: the manager's next message is the answer to that customer, under the same rules as in the dialog."""

from dataclasses import asdict

from holdline.desk.conversation.drafts import write_or_draft
from holdline.desk.conversation.replies import Crossing, Origin
from holdline.desk.notices.updatable_notices import redraw_form
from holdline.desk.notices.views import Line
from holdline.dialogs.decisions.conversation import refuse_unless_active
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.draft import Draft
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.screens.forms import resend
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
    save_form,
)
from holdline.screens.keyboards import ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.conversation import conversation, messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "answer"
_SHOWN = 3
_WORDS = 300


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int) -> Form:
    """Refused at once if no reply could be sent. Opening the form assigns nobody; the answer does."""
    dialog = dialogs.by_id(tx, dialog_id)
    refuse_unless_active(dialog)
    values = {
        "dialog_id": dialog.id,
        "seen": messages.newest_of_customer(tx, dialog.id),
        "answered": _colleagues_answer(tx, dialog.id, manager)[0],
    }
    form = open_form(tx, manager, FormKind(KIND), spot=spot, values=values)
    form.awaits = True
    return form


def takes(form: Form, content: Content) -> bool:
    """Accepts a single message, no album."""
    return content.album_id is None


def customer_of_form(tx: Tx, form: Form) -> int | None:
    """The customer who would get the answer, or None for any other form."""
    return dialogs.by_id(tx, form.values["dialog_id"]).customer_id if form.kind == KIND else None


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    dialog, language = dialogs.by_id(tx, form.values["dialog_id"]), manager.language
    name = resend.customer_name(tx, dialog.customer_id)
    head = say("lists.answer_head", language, id=dialog.id, title=inline(ellipsize(dialog.title)), name=name)
    lines = _last_words(tx, dialog, name)
    if "content" not in form.values:
        key = "lists.answer_ask" if is_allowed(manager, Act.REPLY) else "lists.answer_ask_draft"
        asks = say(key, language, name=name)
        return screen_with_title(head, *lines, asks, rows=footer_rows(form, manager))
    rows = [[form.button(say("manager.send_anyway", language), "anyway")], *footer_rows(form, manager)]
    return screen_with_title(head, *lines, f"⚠️ {form.values['problem']}", rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return cancel_form(form, manager)
    if action == "anyway" and "content" in form.values:
        content = resend.content_from_json(form.values["content"])
        return _send(tx, form, manager, content, anyway=True)
    raise NotFound("button", action)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    return _send(tx, form, manager, content, anyway=False)


def end_where_refused(tx: Tx, form: Form) -> None:
    """The refused message is kept at the message itself. The form ends, because later text is not meant for that
    customer.
    """
    if form.kind != KIND or form.done:
        return
    dialog = dialogs.by_id(tx, form.values["dialog_id"])
    words = {"id": dialog.id, "name": resend.customer_name(tx, dialog.customer_id)}
    form.done, form.awaits = True, False
    save_form(tx, form)
    line: Line = {"key": "lists.answer_refused", "words": words}
    of_manager = {"id": form.id, "manager_id": form.manager_id, "chat_id": form.chat_id}
    redraw_form(tx, of_manager, [line], dialog_id=dialog.id)


def _send(tx: Tx, form: Form, manager: Manager, content: Content, *, anyway: bool) -> Screen:
    """If the customer or a colleague has written since the form was opened, it shows the message and asks again."""
    dialog_id = form.values["dialog_id"]
    dialogs.load_locked(tx, dialog_id)  # a colleague's answer comes either before this one or after it
    answered, colleague = _colleagues_answer(tx, dialog_id, manager)
    if not anyway and answered > form.values.get("answered", answered):
        form.values["answered"] = answered
        problem = say("lists.answer_by_colleague", manager.language, who=inline(colleague))
        return _ask_again(tx, form, manager, content, problem)
    try:
        sent = write_or_draft(
            tx,
            manager=manager,
            dialog_id=dialog_id,
            content=content,
            origin=Origin.of(content, dialog_chosen=True),
            crossing=Crossing(form.values["seen"], anyway),
        )
    except DeskError as refused:
        if refused.code != "newer_message":
            raise
        form.values["seen"] = messages.newest_of_customer(tx, dialog_id)
        return _ask_again(tx, form, manager, content, refused.sentence(manager.language))
    form.awaits = False
    if isinstance(sent, Draft):
        return end_form(form, say("lists.draft", manager.language, draft=sent.id))
    name = resend.customer_name(tx, dialogs.by_id(tx, dialog_id).customer_id)
    return end_form(form, say("windows.goes_to_dialog", manager.language, name=name, id=dialog_id))


def _ask_again(tx: Tx, form: Form, manager: Manager, content: Content, problem: str) -> Screen:
    form.values |= {"content": asdict(content), "problem": problem}
    return screen(tx, form, manager)


def _colleagues_answer(tx: Tx, dialog_id: int, manager: Manager) -> tuple[int, str]:
    """The id of the newest answer of somebody else, 0 if there is none, and their name."""
    newest = messages.newest_of_colleagues(tx, dialog_id, manager_id=manager.id)
    return (newest["id"], newest["manager_name"]) if newest is not None else (0, "")


def _last_words(tx: Tx, dialog: Dialog, name: str) -> list[str]:
    """“Anna: Where is it?”: the messages being answered."""
    lines = []
    for message in conversation.newest(tx, dialog.id, before=None, limit=_SHOWN):
        icon = f"👤 {name}" if message.direction == "in" else "💬"
        lines.append(f"{icon}: {inline(ellipsize(message.content.text or '📎', _WORDS))}")
    return lines
