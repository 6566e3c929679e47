"""Presses under a draft: approve it, edit it first, or return it to its author."""

from holdline.desk.conversation.drafts import approve_draft, load_draft
from holdline.desk.conversation.replies import Crossing
from holdline.desk.notices.draft_forms import SUBMIT, end_own_forms
from holdline.dialogs.draft import Draft
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.forms import show_form
from holdline.screens.forms import draft_form
from holdline.screens.keyboards import callback_button
from holdline.screens.screen import UiResponse
from holdline.store.tx import Tx
from holdline.texts import say


def approve(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The card is updated through the outbox. If the customer has written since, a second tap is needed."""
    version = pressed.number(1) if len(pressed.button.args) > 1 else None
    anyway = len(pressed.button.args) > 2
    try:
        draft = approve_draft(
            tx,
            manager=manager,
            draft_id=pressed.number(),
            version=version,
            crossing=Crossing(anyway=anyway),
        )
    except DeskError as refused:
        if refused.code != "newer_message":
            raise
        return _ask_again(tx, manager, pressed, refused)
    end_own_forms(tx, draft, manager_id=manager.id)
    return UiResponse(say("manager.draft_sent", manager.language, id=draft.dialog_id))


def edit(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """✏️ The author submits a new version; another manager sends their own version."""
    draft = load_draft(tx, draft_id=pressed.number())
    step = SUBMIT if draft.author.id == manager.id else draft_form.APPROVE
    return _open(tx, manager, pressed, draft, step)


def send_back(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    return _open(tx, manager, pressed, load_draft(tx, draft_id=pressed.number()), draft_form.RETURN)


def _open(tx: Tx, manager: Manager, pressed: ButtonPress, draft: Draft, step: str) -> UiResponse:
    form = draft_form.begin(tx, manager, spot=pressed.form_spot, draft=draft, step=step)
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def _ask_again(tx: Tx, manager: Manager, pressed: ButtonPress, refused: DeskError) -> UiResponse:
    draft, caption = (
        load_draft(tx, draft_id=pressed.number()),
        say("manager.draft_send_anyway", manager.language),
    )
    anyway = callback_button(caption, DeskVerb.APPROVE_DRAFT, draft.id, draft.version, 1)
    others = [
        [
            button
            for button in row
            if not str(button.get("callback_data", "")).startswith(DeskVerb.APPROVE_DRAFT.value)
        ]
        for row in pressed.shown
    ]
    rows = [[anyway], *(row for row in others if row)]
    return UiResponse(truncate(refused.sentence(manager.language), TOAST_LIMIT), alert=True, rows=rows)
