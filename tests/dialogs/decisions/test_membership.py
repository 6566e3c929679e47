"""Whose rights end with the staff group, and whose come back."""

from datetime import timedelta

import pytest

from holdline.dialogs.decisions.membership import GroupLeave, is_refuted, leave_group
from holdline.dialogs.manager import Manager
from tests.dialogs.examples import ANNA, AT, person_of_desk

MEMBER, FORMER = person_of_desk(ANNA), person_of_desk(ANNA, active=False)
ENDS = GroupLeave(ends_rights=True, notice="left_group")
DOUBTFUL = GroupLeave(ends_rights=True, is_doubtful=True, notice="left_group")
STAYS = GroupLeave(ends_rights=False, notice="left_group_configured")
NOTHING = GroupLeave(ends_rights=False)


@pytest.mark.parametrize(
    ("person", "is_configured", "was_removed", "leave"),
    [
        (MEMBER, False, True, ENDS),
        (MEMBER, False, False, DOUBTFUL),
        (MEMBER, True, True, STAYS),
        (MEMBER, True, False, STAYS),
        (FORMER, False, True, NOTHING),
        (FORMER, False, False, NOTHING),
        (FORMER, True, True, STAYS),
        (FORMER, True, False, STAYS),
    ],
)
def test_leaving_the_group_ends_rights_unless_the_configuration_gives_them(
    person: Manager, is_configured: bool, was_removed: bool, leave: GroupLeave
) -> None:
    assert leave_group(person, is_configured=is_configured, was_removed=was_removed) == leave


@pytest.mark.parametrize(("seconds", "refuted"), [(-1, False), (0, False), (1, True)])
def test_a_message_after_a_leave_update_proves_it_wrong(seconds: int, refuted: bool) -> None:
    assert is_refuted(AT, wrote_at=AT + timedelta(seconds=seconds)) is refuted
