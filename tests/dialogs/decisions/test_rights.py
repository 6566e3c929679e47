"""Who may do what at the desk: each act with its permission, and the acts about what colleagues wrote."""

from dataclasses import replace
from typing import Any

import pytest

from holdline.dialogs.conversation.template import Template
from holdline.dialogs.manager import PERMISSIONS, ROLES
from holdline.dialogs.refusal import NotAllowed
from holdline.dialogs.rights import (
    NEEDED,
    Act,
    act_of_assigning,
    act_of_assigning_to_team,
    is_allowed,
    may_use_template,
    require_allowed,
    require_may_take_back,
)
from tests.dialogs.examples import ANNA, BORIS, person_of_desk


def test_every_permission_is_needed_by_an_act_and_exists() -> None:
    assert set(PERMISSIONS) == NEEDED


@pytest.mark.parametrize("act", Act)
def test_each_act_needs_all_of_its_permissions(act: Act) -> None:
    nobody = replace(person_of_desk(ANNA), permissions=frozenset())
    assert is_allowed(replace(nobody, permissions=frozenset(act.needs)), act)
    for missing in act.needs:
        short = replace(nobody, permissions=frozenset(PERMISSIONS) - {missing})
        with pytest.raises(NotAllowed) as refused:
            require_allowed(short, act)
        assert (refused.value.permission, refused.value.because) == (missing, "not_allowed")


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", ROLES)
def test_a_former_manager_may_do_nothing(act: Act, role: str) -> None:
    former = person_of_desk(ANNA, role=role, active=False)
    assert not is_allowed(former, *Act)
    with pytest.raises(NotAllowed):
        require_allowed(former, act)


def test_a_permission_for_one_of_several_acts_is_enough() -> None:
    agent = person_of_desk(ANNA)
    assert is_allowed(agent, Act.EDIT_PEOPLE, Act.REPLY)
    assert not is_allowed(agent, Act.EDIT_PEOPLE, Act.VIEW_REPORTS)


def test_assigning_a_dialog_to_a_colleague_needs_another_permission_than_taking_it() -> None:
    anna, boris = person_of_desk(ANNA), person_of_desk(BORIS)
    assert act_of_assigning(boris, by=anna) is act_of_assigning_to_team("Billing") is Act.GIVE_DIALOG
    assert act_of_assigning(anna, by=anna) is act_of_assigning(None, by=anna) is Act.TAKE_DIALOG
    assert act_of_assigning_to_team(None) is Act.TAKE_DIALOG


@pytest.mark.parametrize(
    ("person", "role", "may"),
    [(ANNA, "agent", True), (ANNA, "restricted", True), (BORIS, "agent", False), (BORIS, "manager", True)],
)
def test_removing_a_colleagues_message_needs_its_own_permission(person: Any, role: str, may: bool) -> None:
    by = person_of_desk(person, role=role)
    if may:
        require_may_take_back(ANNA.id, by=by)
        return
    with pytest.raises(NotAllowed) as refused:
        require_may_take_back(ANNA.id, by=by)
    assert (refused.value.permission, refused.value.because) == ("dialog.assign", "words_of_colleague")


@pytest.mark.parametrize(
    ("team", "role", "team_ids", "team_of_dialog", "may"),
    [
        (None, "restricted", (), None, True),
        ("Billing", "agent", (), None, False),
        ("Billing", "agent", (4,), None, True),
        ("Billing", "agent", (5,), "Billing", True),
        ("Billing", "agent", (5,), "Sales", False),
        ("Billing", "manager", (), None, False),
        ("Billing", "admin", (), None, True),
    ],
)
def test_a_template_of_a_team(
    team: str | None, role: str, team_ids: tuple[int, ...], team_of_dialog: str | None, may: bool
) -> None:
    template = Template(1, "Hello", "reply", "Hello", team_id=4 if team else None, team=team)
    by = person_of_desk(ANNA, role=role)
    assert may_use_template(template, by=by, team_ids=team_ids, team_of_dialog=team_of_dialog) is may
