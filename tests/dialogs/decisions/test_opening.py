"""With what a dialog may be opened, and what is recorded of it."""

from dataclasses import replace

import pytest

from holdline.dialogs.decisions.opening import (
    Opening,
    event_of_opening,
    first_participants,
    refuse_second_dialog,
    valid_opening,
    valid_title,
)
from holdline.dialogs.dialog import TITLE_LIMIT
from holdline.dialogs.event import EventKind
from holdline.dialogs.refusal import BadInput, NotFound, WrongState
from tests.dialogs.examples import ANNA, BORIS, example_dialog, person_of_desk


def test_the_refusal_of_a_second_active_dialog_names_the_first() -> None:
    active = example_dialog()
    with pytest.raises(WrongState) as refused:
        refuse_second_dialog(active)
    assert (refused.value.code, refused.value.allowed) == ("active_dialog_exists", ("pause", "close"))
    assert refused.value.obj == active.as_object
    refuse_second_dialog(None)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Parcel", "Parcel"), ("  Lost \n parcel ", "Lost parcel"), ("x" * TITLE_LIMIT, "x" * TITLE_LIMIT)],
)
def test_a_title_is_one_line(typed: str, stored: str) -> None:
    assert valid_title(typed) == stored


@pytest.mark.parametrize(
    ("typed", "mend"), [("", "title_empty"), (" \n ", "title_empty"), ("x" * (TITLE_LIMIT + 1), "too_long")]
)
def test_a_title_unsuitable_for_a_topic_is_refused(typed: str, mend: str) -> None:
    with pytest.raises(BadInput) as refused:
        valid_title(typed)
    assert refused.value.field == "title" and refused.value.mend.endswith(mend)


def test_a_dialog_can_follow_only_a_dialog_of_the_same_customer() -> None:
    opening = Opening(customer_id=9, title=" Again ", follow_up_of=5)
    assert valid_opening(opening, follows=example_dialog()) == replace(opening, title="Again")
    assert valid_opening(opening, follows=None).title == "Again"
    with pytest.raises(NotFound, match="not_found"):
        valid_opening(opening, follows=example_dialog(customer_id=10))


def test_the_manager_who_opens_a_dialog_is_its_first_participant_and_nobody_is_listed_twice() -> None:
    anna, boris = person_of_desk(ANNA), person_of_desk(BORIS)
    assert first_participants(boris, [anna, boris]) == [boris, anna]
    assert first_participants(anna, []) == [anna]


def test_history_records_the_values_a_dialog_was_opened_with() -> None:
    anna, boris = person_of_desk(ANNA), person_of_desk(BORIS)
    dialog = example_dialog(reasons=("Delivery",), follow_up_of=3)
    event = event_of_opening(dialog, by=anna, participants=[anna, boris], begun_with=["priority"])
    assert (event.kind, event.actor.id, event.text) == (EventKind.DIALOG_OPENED, ANNA.id, "Late parcel")
    assert event.data == {
        "title": "Late parcel",
        "type": "Support",
        "participants": [101, 102],
        "reasons": ["Delivery"],
        "components": [],
        "follow_up_of": 3,
        "description": "",
        "priority": "normal",
    }
