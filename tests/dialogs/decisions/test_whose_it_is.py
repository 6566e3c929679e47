"""Assigning an Inbox item or a dialog of a team, and what is recorded."""

from typing import Any

import pytest

from holdline.dialogs.decisions.assignment import give_to_team
from holdline.dialogs.decisions.inbox_items import InboxItem, assign_item, refuse_if_moved, refuse_unless_new
from holdline.dialogs.dialog import Person
from holdline.dialogs.event import EventKind
from holdline.dialogs.refusal import WrongState
from tests.dialogs.examples import ANNA, BORIS, example_dialog, person_of_desk

BY = person_of_desk(BORIS).as_actor()


def an_item(**other: Any) -> InboxItem:
    fields: dict[str, Any] = {"state": "new", "message_count": 2}
    return InboxItem(3, 9, **{**fields, **other})


@pytest.mark.parametrize(
    ("item", "target", "team", "from_", "to", "kind"),
    [
        (an_item(), ANNA, None, None, "Anna", EventKind.INBOX_ITEM_ASSIGNED),
        (an_item(assignee=ANNA), BORIS, None, "Anna", "Boris", EventKind.INBOX_ITEM_ASSIGNED),
        (an_item(assignee=ANNA), None, "Parcels", "Anna", "Parcels", EventKind.INBOX_ITEM_ASSIGNED),
        (an_item(team="Parcels"), ANNA, "Parcels", "Parcels", "Anna", EventKind.INBOX_ITEM_ASSIGNED),
        (an_item(assignee=ANNA), None, None, "Anna", None, EventKind.INBOX_ASSIGNMENT_WITHDRAWN),
        (an_item(team="Parcels"), None, None, "Parcels", None, EventKind.INBOX_ASSIGNMENT_WITHDRAWN),
    ],
)
def test_assigning_an_item_is_recorded(
    item: InboxItem, target: Person | None, team: str | None, from_: str, to: str, kind: EventKind
) -> None:
    event = assign_item(item, target, by=BY, team=team)
    assert event is not None and (event.kind, event.actor, event.customer_id) == (kind, BY, 9)
    assert event.data == {
        "inbox_item_id": 3,
        "from": from_,
        "to": to,
        "to_telegram_id": target.telegram_id if target else None,
    }


@pytest.mark.parametrize(
    ("item", "target", "team"),
    [
        (an_item(), None, None),
        (an_item(assignee=ANNA), ANNA, None),
        (an_item(team="Parcels"), None, "Parcels"),
    ],
)
def test_an_unchanged_assignment_of_an_item_is_not_recorded(
    item: InboxItem, target: Person | None, team: str | None
) -> None:
    assert assign_item(item, target, by=BY, team=team) is None


@pytest.mark.parametrize("state", ["answered", "ignored", "moved"])
def test_an_item_that_no_longer_waits_cannot_be_assigned(state: str) -> None:
    item = an_item(state=state)
    with pytest.raises(WrongState) as refused:
        assign_item(item, ANNA, by=BY)
    assert refused.value.obj == {"type": "inbox_item", "id": 3, "state": state}
    assert refused.value.text_key == f"refusals.already_{state}"
    if state == "moved":
        with pytest.raises(WrongState):
            refuse_if_moved(item)
    else:
        refuse_if_moved(item)


def test_a_waiting_item_can_be_assigned() -> None:
    refuse_unless_new(an_item())
    refuse_if_moved(an_item())


def test_a_dialog_given_to_a_team_loses_its_assignee() -> None:
    dialog = example_dialog(team=None)
    decision = give_to_team(dialog, "Parcels", by=BY)
    assert (decision.dialog.team, decision.dialog.assignee) == ("Parcels", None)
    (event,) = decision.events
    assert (event.kind, event.actor, event.customer_id, event.dialog_id) == (
        EventKind.DIALOG_ASSIGNED,
        BY,
        9,
        5,
    )
    assert event.before == dialog
    assert event.data == {
        "from": ANNA.telegram_id,
        "to": None,
        "to_name": None,
        "from_team": None,
        "to_team": "Parcels",
        "cause": "team",
    }


def test_a_dialog_taken_out_of_its_team_keeps_its_assignee() -> None:
    decision = give_to_team(example_dialog(team="Parcels"), None, by=BY)
    assert (decision.dialog.team, decision.dialog.assignee) == (None, ANNA)
    (event,) = decision.events
    assert event.kind == EventKind.ASSIGNMENT_WITHDRAWN
    assert event.data | {"from": None, "from_team": "Parcels", "to_team": None} == event.data
    assert event.before is not None and event.before.assignee is None


@pytest.mark.parametrize(("team", "assignee"), [("Parcels", None), (None, None), (None, ANNA)])
def test_giving_a_dialog_to_its_own_team_changes_nothing(team: str | None, assignee: Person | None) -> None:
    dialog = example_dialog(team=team, assignee=assignee)
    decision = give_to_team(dialog, team, by=BY)
    assert (decision.dialog, decision.events) == (dialog, ())


def test_giving_a_dialog_to_its_own_team_removes_the_assignee() -> None:
    decision = give_to_team(example_dialog(team="Parcels"), "Parcels", by=BY)
    assert decision.dialog.assignee is None and len(decision.events) == 1
