"""Who may submit, approve and return a draft, and what is recorded."""

from collections.abc import Callable
from typing import Any

import pytest

from holdline.dialogs.decisions.drafts import (
    DraftDecided,
    OwnDraft,
    approve,
    note_event,
    require_may_remove_note,
    return_to_author,
    submit,
)
from holdline.dialogs.draft import Draft, DraftNote, DraftState
from holdline.dialogs.event import EventKind
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotAllowed, WrongState
from tests.dialogs.examples import ANNA, AT, BORIS, example_dialog, person_of_desk, refusal_of

AUTHOR, LEAD = person_of_desk(ANNA, role="restricted"), person_of_desk(BORIS, role="manager")
DIALOG = example_dialog()
WORDS = Content(text="We found it.")


def a_draft(**other: Any) -> Draft:
    fields: dict[str, Any] = {"state": DraftState.WAITING, "seen_message_id": 3}
    return Draft(4, DIALOG.id, ANNA, WORDS, **{**fields, **other})


@pytest.mark.parametrize(
    ("before", "revised"),
    [
        (a_draft(), False),
        (a_draft(cards=((1, "k"),)), True),
        (
            a_draft(state=DraftState.RETURNED, cards=((1, "k"),), reason="too short", decided_by=BORIS),
            False,
        ),
    ],
)
def test_the_author_submits_a_draft(before: Draft, revised: bool) -> None:
    decision = submit(before, DIALOG, by=AUTHOR)
    after, event = decision.draft, decision.event
    assert (after.state, after.reason, after.decided_by) == (DraftState.WAITING, None, None)
    assert (event.kind, event.actor, event.text) == (
        EventKind.DRAFT_SUBMITTED,
        AUTHOR.as_actor(),
        WORDS.text,
    )
    assert (event.customer_id, event.dialog_id, event.before) == (9, 5, DIALOG)
    assert event.data == {
        "draft_id": 4,
        "author": {"telegram_id": ANNA.telegram_id, "name": "Anna"},
        "revised": revised,
    }


def test_a_colleagues_draft_cannot_be_submitted() -> None:
    with pytest.raises(NotAllowed) as refused:
        submit(a_draft(), DIALOG, by=LEAD)
    assert (refused.value.permission, refused.value.text_key) == ("draft.submit", "refusals.not_your_draft")


@pytest.mark.parametrize("edited", [True, False])
def test_a_colleague_approves(edited: bool) -> None:
    content = Content(text="We found it!" if edited else WORDS.text)
    decision = approve(a_draft(), DIALOG, by=LEAD, content=content)
    after = decision.draft
    assert (after.state, after.content, after.decided_by) == (DraftState.SENT, content, BORIS)
    assert (decision.event.kind, decision.event.text) == (EventKind.DRAFT_APPROVED, content.text)
    assert (decision.event.data["draft_id"], decision.event.data["edited"]) == (4, edited)


def test_a_colleague_returns_it_with_a_reason() -> None:
    decision = return_to_author(a_draft(), DIALOG, by=LEAD, reason=" Say when. ")
    after = decision.draft
    assert (after.state, after.reason, after.decided_by) == (DraftState.RETURNED, "Say when.", BORIS)
    assert (decision.event.kind, decision.event.text) == (EventKind.DRAFT_RETURNED, "Say when.")
    empty = ("reason", "reason_empty", {})
    assert refusal_of(lambda: return_to_author(a_draft(), DIALOG, by=LEAD, reason=" \n")) == empty


DECISIONS = [
    lambda draft, dialog, by: approve(draft, dialog, by=by, content=WORDS),
    lambda draft, dialog, by: return_to_author(draft, dialog, by=by, reason="Say when."),
]


@pytest.mark.parametrize("decide", DECISIONS, ids=["approve", "return"])
@pytest.mark.parametrize(
    ("state", "dialog_state", "refusal", "key"),
    [
        (DraftState.SENT, "active", DraftDecided, "refusals.draft_sent"),
        (DraftState.RETURNED, "active", DraftDecided, "refusals.draft_returned"),
        (DraftState.DROPPED, "active", DraftDecided, "refusals.draft_dropped"),
        (DraftState.DROPPED, "closed", WrongState, "refusals.dialog_closed"),
    ],
)
def test_a_draft_is_approved_or_returned_once(
    decide: Callable[..., Any], state: DraftState, dialog_state: str, refusal: type[WrongState], key: str
) -> None:
    with pytest.raises(WrongState) as refused:
        decide(a_draft(state=state, decided_by=BORIS), example_dialog(state=dialog_state), LEAD)
    assert (type(refused.value), refused.value.text_key) == (refusal, key)


def test_the_refusal_names_the_manager_who_decided() -> None:
    with pytest.raises(DraftDecided) as refused:
        submit(a_draft(state=DraftState.SENT, decided_by=BORIS), DIALOG, by=AUTHOR)
    assert refused.value.words["who"] == "Boris" and refused.value.code == "wrong_state"
    assert refused.value.obj == {"type": "draft", "id": 4, "state": "sent", "dialog_id": 5}
    with pytest.raises(DraftDecided) as refused:
        submit(a_draft(state=DraftState.DROPPED), DIALOG, by=AUTHOR)
    assert refused.value.words["who"] == ""


@pytest.mark.parametrize("decide", DECISIONS, ids=["approve", "return"])
def test_a_manager_cannot_decide_on_their_own_draft_or_without_the_permission(
    decide: Callable[..., Any],
) -> None:
    with pytest.raises(OwnDraft) as own:
        decide(a_draft(), DIALOG, person_of_desk(ANNA, role="manager"))
    assert (own.value.code, own.value.text_key) == ("own_draft", "refusals.own_draft")
    assert own.value.obj == {"type": "draft", "id": 4, "state": "waiting", "dialog_id": 5}
    with pytest.raises(NotAllowed) as lacking:
        decide(a_draft(), DIALOG, person_of_desk(BORIS))
    assert lacking.value.permission == "draft.approve"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda dialog: submit(a_draft(), dialog, by=AUTHOR), "dialog_paused"),
        (lambda dialog: approve(a_draft(), dialog, by=LEAD, content=WORDS), "dialog_paused"),
        (lambda dialog: return_to_author(a_draft(), dialog, by=LEAD, reason="No."), None),
    ],
)
def test_a_paused_dialog_takes_no_reply(act: Callable[..., Any], code: str | None) -> None:
    paused = example_dialog(state="paused")
    if code is None:
        act(paused)
        return
    with pytest.raises(WrongState, match=code):
        act(paused)


def test_a_note_is_removed_by_its_author_or_a_manager_who_approves_drafts() -> None:
    note = DraftNote(8, ANNA, "Is it true?", AT)
    event = note_event(EventKind.DRAFT_NOTE_ADDED, a_draft(), DIALOG, note, by=AUTHOR)
    assert (event.kind, event.text) == (EventKind.DRAFT_NOTE_ADDED, "Is it true?")
    assert (event.data["note_id"], event.data["draft_id"]) == (8, 4)
    require_may_remove_note(note, by=AUTHOR)
    require_may_remove_note(note, by=LEAD)
    with pytest.raises(NotAllowed):
        require_may_remove_note(note, by=person_of_desk(BORIS))
