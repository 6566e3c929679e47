"""Open windows about a draft: once it is decided they say so and take no more words."""

from holdline.desk.notices import views
from holdline.desk.notices.draft_cards import card_lines, redraw_cards
from holdline.desk.notices.updatable_notices import redraw_form
from holdline.dialogs.draft import Draft, DraftState
from holdline.dialogs.event import Event
from holdline.store.conversation import drafts
from holdline.store.screens import forms
from holdline.store.tx import Row, Tx

KIND, SUBMIT = "draft", "submit"
"""The kind of these forms, and the step at which the author writes new words."""


def end_draft_forms(tx: Tx, event: Event) -> None:
    """Ends everybody's windows except that of the manager who decided, who has just answered it."""
    draft, by = drafts.by_id(tx, event.data["draft_id"]), event.actor
    decided_by = by.id if by.kind == "manager" else None
    _end(tx, draft, [form for form in _open_forms(tx, draft) if form["manager_id"] != decided_by])


def end_own_forms(tx: Tx, draft: Draft, *, manager_id: int, but: int | None = None) -> None:
    """Ends other windows of the manager who decided; `but` is the one that they have answered."""
    own = [form for form in _open_forms(tx, draft) if form["manager_id"] == manager_id]
    _end(tx, draft, [form for form in own if form["id"] != but])


def drop_drafts(tx: Tx, event: Event) -> None:
    """Drops the drafts of a closed dialog, which takes no replies; their authors see it on the cards."""
    for draft in drafts.drop_all(tx, event.dialog_id or 0):
        redraw_cards(tx, draft)
        _end(tx, draft, _open_forms(tx, draft))


def _open_forms(tx: Tx, draft: Draft) -> list[Row]:
    """The open forms about the draft; the author's own form stays open if the draft was returned to them."""
    return [
        form
        for form in forms.lock_forms_of_dialog(tx, KIND, draft.dialog_id)
        if form["values_json"]["draft_id"] == draft.id
        and not (draft.state is DraftState.RETURNED and form["step"] == SUBMIT)
    ]


def _end(tx: Tx, draft: Draft, ended: list[Row]) -> None:
    for form in ended:
        forms.finish(tx, form["id"])
        way = [[views.go_to_button(draft.dialog_id)]]
        redraw_form(tx, form, card_lines(tx, draft), dialog_id=draft.dialog_id, buttons=way)
