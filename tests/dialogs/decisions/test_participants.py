"""Who takes part in a dialog, and who is notified of changes."""

import pytest

from holdline.dialogs.decisions.decision import PersonalNotice
from holdline.dialogs.decisions.participants import (
    JoinNotice,
    ParticipantsChange,
    change_participants,
    join,
    leave,
    notice_of_joining,
    notice_of_leaving,
)
from holdline.dialogs.dialog import Person
from holdline.dialogs.event import SYSTEM, Actor, EventKind
from holdline.dialogs.refusal import BadInput
from tests.dialogs.examples import ANNA, BORIS, example_dialog, person_of_desk

BY_ANNA, BY_BORIS = person_of_desk(ANNA).as_actor(), person_of_desk(BORIS).as_actor()


@pytest.mark.parametrize(
    ("assignee", "present", "chosen", "change"),
    [
        (ANNA, (ANNA,), [102], ParticipantsChange((102,), ())),  # the assignee stays, named or not
        (ANNA, (ANNA, BORIS), [], ParticipantsChange((), (BORIS,))),
        (None, (ANNA,), [104, 103, 104], ParticipantsChange((103, 104), (ANNA,))),
        (ANNA, (BORIS,), [102], ParticipantsChange((101,), ())),
        (None, (ANNA, BORIS), [102, 101], ParticipantsChange((), ())),
    ],
)
def test_added_and_removed_participants(
    assignee: Person | None, present: tuple[Person, ...], chosen: list[int], change: ParticipantsChange
) -> None:
    assert change_participants(example_dialog(assignee=assignee, participants=present), chosen) == change


def test_the_last_participant_cannot_be_removed() -> None:
    with pytest.raises(BadInput) as refused:
        change_participants(example_dialog(assignee=None), [])
    assert (refused.value.field, refused.value.mend) == ("participants", "participants_empty")


def test_a_participant_does_not_join_again() -> None:
    dialog = example_dialog()
    assert join(dialog, ANNA, by=BY_BORIS).events == ()
    decision = join(dialog, BORIS, by=BY_ANNA, above=8)
    assert decision.dialog.participants == (ANNA, BORIS)
    (event,) = decision.events
    assert (event.kind, event.person, event.before) == (EventKind.PARTICIPANT_JOINED, BORIS, dialog)
    assert event.data == {"above": 8, "told": JoinNotice.ADDED_PERSON, "is_shown": True}


@pytest.mark.parametrize(
    ("by", "assignee", "stays", "quiet", "notice"),
    [
        (BY_ANNA, ANNA, False, False, PersonalNotice(102, "added_to_dialog", who="Anna")),
        (BY_ANNA, None, True, False, PersonalNotice(102, "added_to_dialog", who="Anna")),
        (SYSTEM, ANNA, False, False, PersonalNotice(102, "added_to_dialog", who="system")),
        (BY_BORIS, ANNA, True, False, PersonalNotice(101, "joined_your_dialog", who="Boris")),
        (BY_BORIS, ANNA, False, False, None),
        (BY_BORIS, None, True, False, None),
        (BY_ANNA, ANNA, True, True, None),
    ],
)
def test_a_new_participant_is_announced_to_those_concerned(
    by: Actor, assignee: Person | None, stays: bool, quiet: bool, notice: PersonalNotice | None
) -> None:
    dialog = example_dialog(assignee=assignee)
    told = JoinNotice.NOBODY if quiet else JoinNotice.ADDED_PERSON
    (event,) = join(dialog, BORIS, by=by, told=told).events
    assert notice_of_joining(event, by_setting=stays) == notice
    told = JoinNotice.ASSIGNEE_TOO if stays and not quiet else told
    (event,) = join(dialog, BORIS, by=by, told=told).events
    assert notice_of_joining(event, by_setting=False) == notice


@pytest.mark.parametrize(
    ("by", "leaves_desk", "notice"),
    [
        (BY_ANNA, False, PersonalNotice(102, "removed_from_dialog", who="Anna")),
        (BY_BORIS, False, None),
        (BY_ANNA, True, None),
    ],
)
def test_a_removed_participant_is_announced_to_those_concerned(
    by: Actor, leaves_desk: bool, notice: PersonalNotice | None
) -> None:
    dialog = example_dialog(participants=(ANNA, BORIS))
    decision = leave(dialog, BORIS, by=by, leaves_desk=leaves_desk)
    assert decision.dialog.participants == (ANNA,)
    assert notice_of_leaving(decision.events[0]) == notice
