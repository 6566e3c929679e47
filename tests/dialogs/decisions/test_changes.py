"""Which fields may be changed when, and what is recorded of it."""

from dataclasses import replace

import pytest

from holdline.dialogs.decisions.changes import FIELDS, change, refuse_changes_of_closed, refuse_unknown_fields
from holdline.dialogs.event import EventKind
from holdline.dialogs.refusal import BadInput, WrongState
from tests.dialogs.examples import ANNA, BORIS, example_dialog, person_of_desk

BY = person_of_desk(ANNA).as_actor()


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("state", ["active", "paused", "closed"])
def test_only_tags_of_a_closed_dialog_can_be_changed(name: str, state: str) -> None:
    dialog = example_dialog(state=state)
    if state != "closed" or name == "tags":
        refuse_changes_of_closed(dialog, [name])
        return
    with pytest.raises(WrongState, match="dialog_closed"):
        refuse_changes_of_closed(dialog, ["tags", name])


def test_the_refusal_of_an_unchangeable_field_names_it() -> None:
    refuse_unknown_fields(FIELDS)
    with pytest.raises(BadInput) as refused:
        refuse_unknown_fields(["title", "state"])
    assert (refused.value.field, refused.value.mend) == ("state", "unknown_field")


def test_one_event_records_every_changed_field() -> None:
    before = example_dialog(tags=("vip",))
    after = replace(before, title="Found parcel", participants=(ANNA, BORIS), tags=(), priority="high")
    decision = change(before, after, by=BY)
    assert decision.dialog == after
    (event,) = decision.events
    assert (event.kind, event.actor) == (EventKind.DIALOG_CHANGED, BY)
    assert event.data == {
        "title": ["Late parcel", "Found parcel"],
        "participants": [["Anna"], ["Anna", "Boris"]],
        "tags": [["vip"], []],
        "priority": ["normal", "high"],
    }


def test_a_change_records_its_cause_and_no_difference_records_nothing() -> None:
    before = example_dialog()
    assert change(before, before, by=BY).events == ()
    (event,) = change(before, replace(before, participants=()), by=BY, cause="left").events
    assert event.data == {"participants": [["Anna"], []], "cause": "left"}
