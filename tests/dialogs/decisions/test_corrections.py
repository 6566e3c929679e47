"""Which of their messages managers may remove or correct, and until when."""

from datetime import timedelta

import pytest

from holdline.dialogs.decisions.corrections import (
    REMOVABLE_FOR,
    UNDO_GRACE,
    Removal,
    first_removal,
    is_edit_shown,
    later_removal,
    refuse_edit_of_removed,
    refuse_late_undo,
    refuse_words_for_desk,
)
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, DeskError, WrongState
from tests.dialogs.examples import AT, example_dialog

MOMENT = timedelta(seconds=1)
HERE, THERE = (Content("location", data={"latitude": place, "longitude": 0}) for place in (1, 2))
OLD, NEW = Content(text="Tomorrow"), Content(text="Today")


def test_undo_is_possible_only_in_the_first_seconds() -> None:
    last = timedelta(seconds=10) + UNDO_GRACE
    refuse_late_undo(since=AT, at=AT + last, undo_seconds=10)
    with pytest.raises(BadInput) as refused:
        refuse_late_undo(since=AT, at=AT + last + MOMENT, undo_seconds=10)
    assert (refused.value.field, refused.value.mend) == ("undo", "undo_too_late")


@pytest.mark.parametrize(
    ("arrived_ago", "is_leaving", "removal"),
    [
        (None, False, Removal.NOT_SENT),
        (None, True, Removal.BEING_REMOVED),
        (MOMENT, False, Removal.BEING_REMOVED),
        (REMOVABLE_FOR, False, Removal.BEING_REMOVED),
        (REMOVABLE_FOR + MOMENT, False, None),
        (REMOVABLE_FOR + MOMENT, True, None),
    ],
)
def test_a_message_older_than_two_days_cannot_be_removed(
    arrived_ago: timedelta | None, is_leaving: bool, removal: Removal | None
) -> None:
    arrived_at = AT - arrived_ago if arrived_ago is not None else None
    if removal is not None:
        assert first_removal(at=AT, arrived_at=arrived_at, is_leaving=is_leaving) is removal
        return
    with pytest.raises(BadInput) as refused:
        first_removal(at=AT, arrived_at=arrived_at, is_leaving=is_leaving)
    assert (refused.value.field, refused.value.mend) == ("/delete", "delete_too_late")


@pytest.mark.parametrize(
    ("has_copy", "is_leaving", "removal"),
    [
        (True, True, Removal.BEING_REMOVED),
        (False, True, Removal.BEING_REMOVED),
        (False, False, Removal.REMOVED_BEFORE),
    ],
)
def test_a_second_removal_states_the_result_of_the_first(
    has_copy: bool, is_leaving: bool, removal: Removal
) -> None:
    assert later_removal(has_copy=has_copy, is_leaving=is_leaving) is removal


def test_a_copy_that_telegram_no_longer_deletes_is_refused_as_too_late() -> None:
    with pytest.raises(BadInput) as refused:
        later_removal(has_copy=True, is_leaving=False)
    assert refused.value.mend == "delete_too_late"


def test_an_edit_of_a_removed_message_is_refused() -> None:
    refuse_edit_of_removed(OLD, OLD, message_id=8)
    refuse_edit_of_removed(HERE, THERE, message_id=8)
    with pytest.raises(DeskError) as refused:
        refuse_edit_of_removed(OLD, NEW, message_id=8)
    assert (refused.value.code, refused.value.obj) == (
        "message_taken_back",
        {"type": "message", "id": 8},
    )


@pytest.mark.parametrize(
    ("text", "mend"),
    [("Today", None), ("/note he pays", "edited_into_note"), ("/close", "edited_into_command")],
)
def test_a_sent_message_cannot_be_edited_into_a_note_or_command(text: str, mend: str | None) -> None:
    if mend is None:
        refuse_words_for_desk(Content(text=text))
        return
    with pytest.raises(BadInput) as refused:
        refuse_words_for_desk(Content(text=text))
    assert refused.value.mend == mend


@pytest.mark.parametrize(
    ("state", "before", "after", "shown"),
    [
        (None, OLD, NEW, True),
        (None, HERE, THERE, True),
        ("active", OLD, NEW, True),
        ("active", HERE, THERE, True),
        ("paused", HERE, THERE, False),
        ("closed", HERE, THERE, False),
    ],
)
def test_where_an_edit_is_shown(state: str | None, before: Content, after: Content, shown: bool) -> None:
    assert is_edit_shown(before, after, example_dialog(state=state) if state else None) is shown


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_a_message_can_be_edited_only_in_an_active_dialog(state: str) -> None:
    with pytest.raises(WrongState) as refused:
        is_edit_shown(OLD, NEW, example_dialog(state=state))
    assert refused.value.code == f"dialog_{state}"
