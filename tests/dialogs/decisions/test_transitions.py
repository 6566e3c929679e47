"""How a pause, a resume and a close change a dialog, in every state, and what they refuse."""

from dataclasses import replace
from typing import Any

import pytest

from holdline.dialogs.closing import CloseRequest, Closing
from holdline.dialogs.decisions.transitions import (
    EarlierClose,
    close,
    pause,
    refuse_closed,
    refuse_second_close,
    require_may_score,
    resume,
)
from holdline.dialogs.event import EventKind
from holdline.dialogs.refusal import BadInput, ClosedBefore, NotAllowed, WrongState
from tests.dialogs.examples import ANNA, AT, BORIS, example_dialog, person_of_desk

BY = person_of_desk(ANNA).as_actor()
ASKED_BY = person_of_desk(BORIS).as_actor()


def test_a_pause_changes_only_the_state() -> None:
    before = example_dialog(assignee=BORIS)
    decision = pause(before, by=BY)
    assert decision.dialog == replace(before, state="paused"), "who has it then follows from the event"
    (event,) = decision.events
    assert (event.kind, event.actor, event.before) == (EventKind.DIALOG_PAUSED, BY, before)
    assert event.data == {"from": "active", "to": "paused"}


def test_a_pause_may_end_by_itself() -> None:
    decision = pause(example_dialog(), by=BY, until=AT)
    assert (decision.dialog.state, decision.dialog.paused_until_at) == ("paused", AT)
    (event,) = decision.events
    assert event.data == {"from": "active", "to": "paused", "until": "2026-03-01T12:00:00Z"}


def test_a_resume_makes_a_paused_dialog_active() -> None:
    before = example_dialog(state="paused")
    decision = resume(before, by=BY, active=None)
    assert decision.dialog == replace(before, state="active")
    assert [(event.kind, event.data) for event in decision.events] == [
        (EventKind.DIALOG_RESUMED, {"from": "paused", "to": "active"})
    ]


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_only_what_is_active_can_be_paused(state: str) -> None:
    with pytest.raises(WrongState):
        pause(example_dialog(state=state), by=BY)


@pytest.mark.parametrize(
    ("state", "active", "code"),
    [
        ("active", None, "wrong_state"),
        ("closed", None, "dialog_closed"),
        ("paused", 6, "active_dialog_exists"),
        ("closed", 6, "dialog_closed"),  # what is true of the dialog itself is said first
    ],
)
def test_a_resume_is_refused(state: str, active: int | None, code: str) -> None:
    other = example_dialog(id=active) if active else None
    with pytest.raises(WrongState) as refused:
        resume(example_dialog(state=state), by=BY, active=other)
    assert refused.value.code == code


@pytest.mark.parametrize("state", ["active", "paused"])
def test_a_close_ends_the_dialog_and_records_its_values(state: str) -> None:
    before = example_dialog(state=state, customer_score=1)
    closing = Closing(
        customer_score=3, send_rating_form=True, reason="Solved", root_cause="Courier", outcome="success"
    )
    decision = close(before, closing, by=BY, at=AT, request=None)
    after = decision.dialog
    assert (after.state, after.stage, after.closed_at) == ("closed", "Closed", AT)
    assert (after.customer_score, after.close_reason, after.root_cause) == (3, "Solved", "Courier")
    (event,) = decision.events
    assert (event.kind, event.text, event.before) == (EventKind.DIALOG_CLOSED, "Solved", before)
    assert event.data == {
        "from": state,
        "to": "closed",
        "customer_score": 3,
        "customer_score_by": {"telegram_id": 101, "name": "Anna"},
        "rating_form": True,
        "reason": "Solved",
        "comment": None,
        "root_cause": "Courier",
        "outcome": "success",
    }


def test_a_close_keeps_the_values_it_does_not_set() -> None:
    before = example_dialog(customer_score=2, close_comment="said before")
    decision = close(before, Closing(send_rating_form=False), by=BY, at=AT, request=None)
    assert (decision.dialog.customer_score, decision.dialog.close_comment) == (2, "said before")
    assert decision.events[0].data["customer_score"] == 2
    assert decision.events[0].data["customer_score_by"] is None, "nobody has scored by this close"


@pytest.mark.parametrize(
    ("given", "score", "scorer", "reason"),
    [
        (Closing(), 1, "Boris", "asked"),
        (Closing(customer_score=3), 3, "Anna", "asked"),
        (Closing(reason="own"), 1, "Boris", "own"),
    ],
)
def test_a_close_takes_missing_values_from_the_close_request(
    given: Closing, score: int, scorer: str, reason: str
) -> None:
    request = CloseRequest(4, ASKED_BY, {"customer_score": 1, "reason": "asked"}, at=AT, asked=())
    decision = close(example_dialog(), given, by=BY, at=AT, request=request)
    data = decision.events[0].data
    assert (decision.dialog.customer_score, decision.dialog.close_reason) == (score, reason)
    assert (data["customer_score_by"]["name"], data["reason"]) == (scorer, reason)


def test_a_closed_dialog_refuses_and_offers_the_remaining_acts() -> None:
    closed = example_dialog(state="closed")
    for refused in (
        lambda: refuse_closed(closed),
        lambda: refuse_second_close(closed, None, time_zone="UTC"),
        lambda: close(closed, Closing(), by=BY, at=AT, request=None),
    ):
        with pytest.raises(WrongState) as error:
            refused()
        assert (error.value.code, error.value.allowed) == ("dialog_closed", ("write_general", "new_dialog"))
    refuse_closed(example_dialog(state="paused"))


def test_a_late_close_is_refused_with_who_closed_and_when() -> None:
    earlier = EarlierClose("Maria\nK.", AT)
    with pytest.raises(ClosedBefore) as refused:
        refuse_second_close(example_dialog(state="closed"), earlier, time_zone="Europe/Warsaw")
    assert refused.value.words["at"] == "2026-03-01 13:00"
    assert "\n" not in str(refused.value.words["who"])
    refuse_second_close(example_dialog(), earlier, time_zone="UTC")


@pytest.mark.parametrize(
    ("handlers", "score", "refusal"),
    [
        ({"assignee": ANNA, "participants": ()}, 3, None),
        ({"assignee": BORIS, "participants": (BORIS, ANNA)}, 3, None),
        ({"assignee": BORIS, "participants": (BORIS,)}, 3, NotAllowed),
        ({"assignee": BORIS, "participants": (BORIS,)}, None, None),
        ({"assignee": ANNA, "participants": ()}, 4, BadInput),
        ({"assignee": BORIS, "participants": ()}, 4, BadInput),
    ],
)
def test_only_a_handler_of_the_dialog_scores_the_customer(
    handlers: dict[str, Any], score: int | None, refusal: type[Exception] | None
) -> None:
    dialog, closing = example_dialog(**handlers), Closing(customer_score=score)
    if refusal is None:
        require_may_score(dialog, closing, manager_id=ANNA.id)
        return
    with pytest.raises(refusal) as refused:
        require_may_score(dialog, closing, manager_id=ANNA.id)
    if isinstance(refused.value, NotAllowed):
        assert (refused.value.permission, refused.value.because) == ("dialog.score", "not_handler")
    else:
        assert isinstance(refused.value, BadInput) and refused.value.field == "customer_score"
