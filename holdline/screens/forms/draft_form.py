"""What is typed about a draft: the text sent instead, the reason for returning it, or its author's new text."""

from holdline.desk.conversation.drafts import approve_draft, load_draft, return_draft, submit_draft
from holdline.desk.conversation.replies import Crossing
from holdline.desk.notices.draft_forms import KIND, SUBMIT, end_own_forms
from holdline.dialogs.decisions import drafts as rules
from holdline.dialogs.draft import Draft
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.splitting import inline, truncate
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

APPROVE, RETURN = "approve", "return"
_SHOWN = 1500


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, draft: Draft, step: str) -> Form:
    """Refused at once if the act would be refused in the end."""
    if step != SUBMIT:
        require_allowed(manager, Act.DECIDE_ON_DRAFT)
        rules.refuse_own(draft, by=manager)
    rules.refuse_unless_undecided(draft)
    if step != RETURN:
        rules.refuse_words_without_room(draft)
    form = open_form(
        tx,
        manager,
        FormKind(KIND, step),
        spot=spot,
        values={"draft_id": draft.id, "dialog_id": draft.dialog_id},
    )
    form.awaits = True
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    draft, language = load_draft(tx, draft_id=form.values["draft_id"]), manager.language
    head = say(
        "windows.draft_head", language, draft=draft.id, id=draft.dialog_id, who=inline(draft.author.name)
    )
    rows = footer_rows(form, manager)
    if "text" in form.values:  # the customer has written in the meantime
        rows = [[form.button(say("manager.draft_send_anyway", language), "anyway")], *rows]
        return screen_with_title(head, form.values["text"], f"⚠️ {form.values['problem']}", rows=rows)
    goes_with_file = form.step != RETURN and draft.content.kind != "text"
    asks = say(f"windows.draft_{form.step}{'_caption' if goes_with_file else ''}", language)
    words = [truncate(draft.content.text, _SHOWN)] if draft.content.text.strip() else []
    return screen_with_title(head, *words, asks, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return cancel_form(form, manager)
    if action == "anyway" and "text" in form.values:
        return _approve(tx, form, manager, form.values["text"], anyway=True)
    raise NotFound("button", action)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    draft_id, language = form.values["draft_id"], manager.language
    match form.step:
        case "return":
            draft = return_draft(tx, manager=manager, draft_id=draft_id, reason=content.text)
            end_own_forms(tx, draft, manager_id=manager.id, but=form.id)
            return _end(form, say("windows.draft_returned", language, draft=draft_id))
        case "submit":
            submit_draft(tx, manager=manager, draft_id=draft_id, text=content.text)
            return _end(form, say("windows.draft_submitted", language, draft=draft_id))
        case _:
            return _approve(tx, form, manager, content.text, anyway=False)


def _approve(tx: Tx, form: Form, manager: Manager, text: str, *, anyway: bool) -> Screen:
    try:
        draft = approve_draft(
            tx, manager=manager, draft_id=form.values["draft_id"], text=text, crossing=Crossing(anyway=anyway)
        )
    except DeskError as refused:
        if refused.code != "newer_message":
            raise
        form.values |= {"text": text, "problem": refused.sentence(manager.language)}
        return screen(tx, form, manager)
    end_own_forms(tx, draft, manager_id=manager.id, but=form.id)
    return _end(form, say("manager.draft_sent", manager.language, id=draft.dialog_id))


def _end(form: Form, text: str) -> Screen:
    form.awaits = False
    return end_form(form, text)
