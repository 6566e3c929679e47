"""Who has a dialog after somebody acted in it."""

from datetime import UTC, datetime

import pytest

from holdline.dialogs.assignment import Takeover, takeover
from holdline.dialogs.dialog import Dialog, Person

ANNA, BORIS = Person(1, 101, "Anna"), Person(2, 102, "Boris")


def dialog(assignee: Person | None, *participants: Person, state: str = "active") -> Dialog:
    return Dialog(
        id=5,
        bot_id=7,
        customer_id=9,
        title="Late parcel",
        state=state,
        type="Support",
        stage="New",
        assignee=assignee,
        participants=participants,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


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
def test_whoever_acts_has_the_dialog_unless_the_desk_keeps_its_assignee(
    before: Dialog, moves: Takeover, keeps: Takeover
) -> None:
    assert takeover(before, ANNA.id, only_if_unassigned=False) is moves
    assert takeover(before, ANNA.id, only_if_unassigned=True) is keeps


@pytest.mark.parametrize("assignee", [None, ANNA, BORIS])
def test_nothing_moves_in_a_closed_dialog(assignee: Person | None) -> None:
    closed = dialog(assignee, state="closed")
    assert takeover(closed, ANNA.id, only_if_unassigned=False) is Takeover.NOTHING
