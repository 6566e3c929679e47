"""The assignee of a dialog after an act in it."""

from typing import Any

import pytest

from holdline.dialogs.decisions.assignment import (
    INTERVENTION,
    LEFT_DESK,
    MOVE,
    Takeover,
    assign,
    notice_to_former_assignee,
    notice_to_new_assignee,
    notices_that_nobody_has_it,
    takeover,
    was_notified_lately,
)
from holdline.dialogs.decisions.decision import PersonalNotice
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import SYSTEM, Actor, EventKind
from tests.dialogs.examples import ANNA, BORIS, example_dialog, person_of_desk

CLARA = Person(3, 103, "Clara")
BY_ANNA, BY_BORIS = person_of_desk(ANNA).as_actor(), person_of_desk(BORIS).as_actor()
GIVEN, TAKEN = {"from": 102, "to": 101, "cause": "assigned"}, {"from": 101, "to": 102, "cause": INTERVENTION}


def dialog(assignee: Person | None, *participants: Person, state: str = "active") -> Dialog:
    return example_dialog(assignee=assignee, participants=participants, state=state)


@pytest.mark.parametrize(
    ("before", "moves", "keeps"),
    [
        (dialog(None), Takeover.OWNS, Takeover.OWNS),
        (dialog(None, ANNA), Takeover.OWNS, Takeover.OWNS),
        (dialog(ANNA, ANNA), Takeover.NOTHING, Takeover.NOTHING),
        (dialog(ANNA), Takeover.JOINS, Takeover.JOINS),
        (dialog(BORIS, BORIS), Takeover.OWNS, Takeover.JOINS),
        (dialog(BORIS, ANNA, BORIS), Takeover.OWNS, Takeover.NOTHING),
    ],
)
def test_a_manager_who_acts_becomes_the_assignee_unless_the_desk_keeps_assignees(
    before: Dialog, moves: Takeover, keeps: Takeover
) -> None:
    assert takeover(before, ANNA.id, only_if_unassigned=False) is moves
    assert takeover(before, ANNA.id, only_if_unassigned=True) is keeps


@pytest.mark.parametrize("assignee", [None, ANNA, BORIS])
def test_a_closed_dialog_keeps_its_assignee(assignee: Person | None) -> None:
    closed = dialog(assignee, state="closed")
    assert takeover(closed, ANNA.id, only_if_unassigned=False) is Takeover.NOTHING


@pytest.mark.parametrize(
    ("had", "gets", "kind"),
    [
        (None, ANNA, EventKind.DIALOG_ASSIGNED),
        (BORIS, ANNA, EventKind.DIALOG_ASSIGNED),
        (BORIS, None, EventKind.ASSIGNMENT_WITHDRAWN),
        (ANNA, ANNA, None),
        (None, None, None),
    ],
)
def test_only_a_changed_assignment_is_recorded(
    had: Person | None, gets: Person | None, kind: EventKind | None
) -> None:
    before = dialog(had)
    decision = assign(before, person_of_desk(gets) if gets else None, by=BY_BORIS, cause="assigned")
    assert decision.dialog.assignee == gets
    assert [event.kind for event in decision.events] == ([kind] if kind else [])
    for event in decision.events:
        assert event.before == before
        assert event.data == {
            "from": had.telegram_id if had else None,
            "to": gets.telegram_id if gets else None,
            "to_name": gets.name if gets else None,
            "cause": "assigned",
        }


@pytest.mark.parametrize(
    ("has", "by", "told"),
    [(ANNA, BY_BORIS, 101), (ANNA, BY_ANNA, None), (ANNA, SYSTEM, 101), (None, BY_ANNA, None)],
)
def test_the_new_assignee_is_notified(has: Person | None, by: Actor, told: int | None) -> None:
    expected = PersonalNotice(told, "assigned_to_you", who=by.name) if told else None
    assert notice_to_new_assignee(dialog(has), by=by) == expected


@pytest.mark.parametrize(
    ("had", "by", "cause", "told"),
    [
        (BORIS, BY_ANNA, INTERVENTION, True),
        (BORIS, BY_ANNA, "assigned", True),
        (BORIS, BY_ANNA, MOVE, False),
        (BORIS, BY_ANNA, LEFT_DESK, False),
        (BORIS, BY_BORIS, "assigned", False),
        (None, BY_ANNA, "assigned", False),
    ],
)
def test_the_former_assignee_is_offered_to_take_the_dialog_back(
    had: Person | None, by: Actor, cause: str, told: bool
) -> None:
    (event,) = assign(dialog(had), person_of_desk(CLARA), by=by, cause=cause).events
    expected = PersonalNotice(102, "assignment_moved", who="Clara", take="take_back") if told else None
    assert notice_to_former_assignee(event) == expected


def test_participants_are_notified_of_a_dialog_without_an_assignee() -> None:
    (event,) = assign(dialog(BORIS, ANNA, BORIS, CLARA), None, by=BY_ANNA, cause="withdrawn").events
    told = notices_that_nobody_has_it(dialog(None, ANNA, BORIS, CLARA), event)
    assert told == [PersonalNotice(103, "nobody_has_it", take="take")]
    assert notice_to_former_assignee(event) == PersonalNotice(102, "assignment_gone", take="take_back")


@pytest.mark.parametrize(
    ("earlier", "told"),
    [
        ([], False),
        ([TAKEN], True),
        ([{**GIVEN, "cause": INTERVENTION}, TAKEN], True),
        ([GIVEN, TAKEN], False),  # it was given to them since, so losing it is news again
        ([{**TAKEN, "from": 103}], False),
    ],
)
def test_managers_who_take_a_dialog_from_each_other_are_notified_once(
    earlier: list[dict[str, Any]], told: bool
) -> None:
    assert was_notified_lately(earlier, 101) is told
