"""Forms: a press or a typed message changes one, in the same unit of work as its effect."""

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType

from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.screens.broadcasts import broadcast_form, plan_form, words_form
from holdline.screens.console.recipient_question import find_ambiguity
from holdline.screens.console.reply_position import ReplyPosition, reply_position_of, show
from holdline.screens.dialogs import bulk_form, merge_form
from holdline.screens.forms import (
    card_form,
    close_form,
    draft_form,
    form_line,
    late_wizard,
    open_wizard,
    resend,
    settings,
)
from holdline.screens.forms.form import Form, end_form, load_form, save_form
from holdline.screens.forms.templates import template_form
from holdline.screens.forms.timing import postpone_form, scheduled_form
from holdline.screens.lists import answer_form, customer_choice, mute_form
from holdline.screens.marketing import profile_form
from holdline.screens.notices import forward_form, notify_form
from holdline.screens.screen import Screen, UiResponse
from holdline.store.dialogs import dialogs
from holdline.store.screens import form_messages
from holdline.store.tx import Tx
from holdline.texts import say

KINDS: dict[str, ModuleType] = {
    kind.KIND: kind
    for kind in (
        answer_form,
        broadcast_form,
        words_form,
        plan_form,
        bulk_form,
        customer_choice,
        mute_form,
        open_wizard,
        close_form,
        card_form,
        draft_form,
        postpone_form,
        scheduled_form,
        template_form,
        settings,
        resend,
        form_line,
        forward_form,
        notify_form,
        merge_form,
        profile_form,
    )
}


def show_form(tx: Tx, form: Form, manager: Manager, *, spot: ReplyPosition) -> None:
    """Sends a new form through the outbox, so that it is not lost."""
    screen = _screen(tx, form, manager)
    save_form(tx, form)
    show(tx, spot, screen, key=form_messages.key_of(form.id))


def handle_form_press(
    tx: Tx, *, manager: Manager, form_id: int, tg_message_id: int | None, action: str, arg: str
) -> UiResponse:
    """Another person's form and a finished one are answered and not changed."""
    form = load_form(tx, form_id)
    if form.manager_id != manager.id:
        return UiResponse(say("windows.not_yours", manager.language), alert=True)
    if form.done:
        return _show_why_over(tx, form, manager)
    form.tg_message_id = tg_message_id
    if form.kind == form_line.KIND and action == form_line.ANSWER:
        screen = _answer_with_line(tx, form, manager)
    else:
        screen = KINDS[form.kind].handle_press(tx, form, manager, action, arg)
    save_form(tx, form)
    return UiResponse(window=screen, beside=form.beside)


def _answer_with_line(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Gives the message to the form that it was asked about."""
    question = load_form(tx, form.values["answered"]["id"])
    if question.done:
        return end_form(form, say("windows.line_too_late", manager.language))
    line = resend.content_from_json(form.values["contents"][0])
    answered: Screen = KINDS[question.kind].handle_text(tx, question, manager, line)
    save_form(tx, question)
    return form_line.end_with_answer(form, manager, question, answered)


def _show_why_over(tx: Tx, form: Form, manager: Manager) -> UiResponse:
    """If something other than a tap ended the form, says what."""
    why = getattr(KINDS[form.kind], "why_over", None)
    reason = why(tx, form, manager) if why is not None else ""
    if not reason:
        return UiResponse(say("windows.form_over", manager.language), rows=[])
    return UiResponse(truncate(reason, TOAST_LIMIT), alert=True, window=Screen(reason))


def _is_text(_: Form, content: Content) -> bool:
    return content.kind == "text"


def handle_form_text(
    tx: Tx, *, manager: Manager, form_id: int, content: Content, album: Sequence[Content] = ()
) -> UiResponse | None:
    """Updates the form's own message in place. If that message is not known, the form is sent again.

    `album`: all parts of the message, for a form that takes albums.
    """
    form = load_form(tx, form_id)
    takes = getattr(KINDS[form.kind], "takes", _is_text)
    if not takes(form, content):
        raise BadInput("text", "text")
    if album and (handle_album := getattr(KINDS[form.kind], "handle_album", None)):
        screen: Screen = handle_album(tx, form, manager, album)
    else:
        screen = KINDS[form.kind].handle_text(tx, form, manager, content)
    save_form(tx, form)
    if form.tg_message_id is not None:
        return UiResponse(window=screen, at=(form.chat_id, form.tg_message_id))
    cause = f"{content.chat_id}:{content.tg_message_id}"
    spot = ReplyPosition(form.chat_id, content.thread_id, content.tg_message_id, cause)
    show(tx, spot, screen, key=f"form:{form.id}:{cause}")
    return None


def handle_form_answer(
    tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content, album: Sequence[Content] = ()
) -> UiResponse | None:
    """If no customer could be meant, only the form shows the result. Otherwise a reply to the message says it too.

    If the wizard is over, the message is treated as one to its customer.
    """
    assert meaning.form_id is not None
    if meaning.dialog_id is None and meaning.customer_id is None:
        form = load_form(tx, meaning.form_id)
        if form.kind != open_wizard.KIND or not late_wizard.is_over(tx, form):
            return handle_form_text(tx, manager=manager, form_id=form.id, content=content, album=album)
        customer_id = form.values["customer_id"]
        active_id = dialogs.active_id(tx, customer_id)
        meaning = replace(meaning, customer_id=customer_id, dialog_id=active_id)
    return _handle_form_line(tx, manager, meaning, content)


def _handle_form_line(tx: Tx, manager: Manager, meaning: ReplyTarget, content: Content) -> UiResponse | None:
    """A form message in a place that also shows a customer's dialog: a reply says what happened to it and offers to
    send it to the customer.

    If it is unclear which customer is meant, there is a button for each.
    """
    assert meaning.form_id is not None
    form, doubt = load_form(tx, meaning.form_id), find_ambiguity(tx, manager, meaning, content)
    line = form_line.begin(
        tx,
        manager,
        content,
        answered=form,
        dialog_id=meaning.dialog_id,
        customer_id=meaning.customer_id,
        readers=[(choice.caption, choice.dialog_id, choice.customer_id) for choice in doubt.choices]
        if doubt
        else [],
    )
    reaction = None
    if not form_line.acts_at_once(form):
        reaction = handle_form_text(tx, manager=manager, form_id=form.id, content=content)
        line.values["taken"] = load_form(tx, form.id).values != line.values["answered"]["values"]
    show_form(tx, line, manager, spot=reply_position_of(content))
    return reaction


def _screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    screen: Screen = KINDS[form.kind].screen(tx, form, manager)
    return screen
