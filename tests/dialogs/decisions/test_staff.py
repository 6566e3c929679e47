"""Who may be added to the desk, and what may be changed of a person there."""

from typing import Any

import pytest

from holdline.dialogs.decisions.staff import (
    change_person,
    changes_by_adding,
    is_own_setting,
    outcome_of_adding,
    presence_fields,
    refuse_if_configured,
    refuse_without_editor,
    valid_changes,
    valid_permission,
    valid_telegram_id,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from tests.dialogs.examples import ANNA, AT, BORIS, person_of_desk

BOT = 70
MEMBER, FORMER = person_of_desk(ANNA), person_of_desk(ANNA, active=False)
ADMIN = person_of_desk(BORIS, role="admin")
GONE = {"ready": False, "away_at": None, "entered_dialog_id": None}


@pytest.mark.parametrize("telegram_id", [1, 101, 2**52 - 1])
def test_a_valid_telegram_id_is_accepted(telegram_id: int) -> None:
    assert valid_telegram_id(telegram_id, bot_id=BOT) == telegram_id


@pytest.mark.parametrize(
    ("telegram_id", "mend"),
    [
        (0, "mends.telegram_id"),
        (-101, "mends.telegram_id"),
        (2**52, "mends.telegram_id"),
        (True, "mends.telegram_id"),
        ("101", "mends.telegram_id"),
        (None, "mends.telegram_id"),
        (BOT, "mends.bot_as_manager"),
        (777000, "mends.bot_as_manager"),
        (1087968824, "mends.bot_as_manager"),
        (136817688, "mends.bot_as_manager"),
    ],
)
def test_an_invalid_telegram_id_is_refused(telegram_id: object, mend: str) -> None:
    with pytest.raises(BadInput) as refused:
        valid_telegram_id(telegram_id, bot_id=BOT)
    assert (refused.value.field, refused.value.mend) == ("telegram_id", mend)


@pytest.mark.parametrize(("before", "outcome"), [(None, "added"), (MEMBER, "already"), (FORMER, "back")])
def test_adding_a_manager_distinguishes_new_present_and_former_people(
    before: Manager | None, outcome: str
) -> None:
    assert outcome_of_adding(before) == outcome


def test_a_configured_administrator_keeps_their_rights_when_added_again() -> None:
    wanted = {"name": "Anna", "role": "agent"}
    assert changes_by_adding(wanted, is_configured=False) == {"name": "Anna", "role": "agent", "active": True}
    assert changes_by_adding(wanted, is_configured=True) == {"name": "Anna"}


@pytest.mark.parametrize(
    ("fields", "by", "own"),
    [
        (["ready", "language"], MEMBER, True),
        (["ready"], MEMBER, True),
        ([], MEMBER, True),
        (["ready"], ADMIN, False),
        (["ready", "name"], MEMBER, False),
        (["role"], MEMBER, False),
        (["ready"], None, False),
    ],
)
def test_managers_may_set_their_own_readiness_and_language(
    fields: list[str], by: Manager | None, own: bool
) -> None:
    assert is_own_setting(fields, manager_id=MEMBER.id, by=by) is own


@pytest.mark.parametrize("field", ["role", "permissions", "active"])
def test_configured_rights_can_be_changed_only_in_the_configuration(field: str) -> None:
    for fields in ([field], ["name", field]):
        with pytest.raises(BadInput) as refused:
            refuse_if_configured(MEMBER, fields, admins=(ANNA.telegram_id,))
        assert (refused.value.mend, refused.value.mend_words) == ("mends.configured_admin", {"id": 101})
        refuse_if_configured(MEMBER, fields, admins=(BORIS.telegram_id,))


def test_a_configured_administrator_may_be_renamed() -> None:
    refuse_if_configured(MEMBER, ["name", "ready", "language"], admins=(ANNA.telegram_id,))


@pytest.mark.parametrize(
    ("before", "changes", "fields", "follows"),
    [
        (MEMBER, {"name": "Ann"}, {"name": "Ann"}, (False, False, False)),
        (MEMBER, {"ready": True}, {"ready": True, "away_at": None}, (False, False, False)),
        (MEMBER, {"ready": False}, {"ready": False, "away_at": AT}, (False, False, False)),
        (MEMBER, {"role": "admin"}, {"role": "admin"}, (False, False, True)),
        (MEMBER, {"permissions": None}, {"permissions": None}, (False, False, True)),
        (MEMBER, {"active": True}, {"active": True}, (False, False, True)),
        (MEMBER, {"active": False}, {"active": False, **GONE}, (True, False, True)),
        # Whoever leaves is not there any more, whatever else was said of it.
        (MEMBER, {"active": False, "ready": True}, {"active": False, **GONE}, (True, False, True)),
        (FORMER, {"active": False}, {"active": False}, (False, False, True)),
        (FORMER, {"active": True}, {"active": True}, (False, True, True)),
    ],
)
def test_a_change_of_a_manager_is_stored_with_its_consequences(
    before: Manager, changes: dict[str, Any], fields: dict[str, Any], follows: tuple[bool, bool, bool]
) -> None:
    change = change_person(before, changes, at=AT)
    assert change.fields == fields
    assert (change.leaves, change.returns, change.concerns_rights) == follows


def test_away_stores_since_when() -> None:
    assert presence_fields(ready=True, at=AT) == {"ready": True, "away_at": None}
    assert presence_fields(ready=False, at=AT) == {"ready": False, "away_at": AT}


def test_the_last_manager_who_may_edit_rights_stays() -> None:
    refuse_without_editor([ADMIN], by=ADMIN)
    refuse_without_editor([], by=None)  # whoever has a key can make an editor again
    with pytest.raises(BadInput) as refused:
        refuse_without_editor([], by=ADMIN)
    assert (refused.value.field, refused.value.mend) == ("role", "mends.last_editor")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"name": "  Anna \n P. "}, {"name": "Anna P."}),
        ({"role": "agent", "active": False}, {"role": "agent", "active": False}),
        ({"language": "pl", "ready": True}, {"language": "pl", "ready": True}),
        ({"permissions": ["report.view", "report.view"]}, {"permissions": frozenset({"report.view"})}),
        ({"permissions": []}, {"permissions": frozenset()}),
        ({"permissions": None}, {"permissions": None}),
    ],
)
def test_valid_changes_are_stored(given: dict[str, object], stored: dict[str, object]) -> None:
    assert valid_changes(given) == stored


@pytest.mark.parametrize(
    ("given", "field", "mend"),
    [
        ({"role": "boss"}, "role", "mends.one_of"),
        ({"ready": "yes"}, "ready", "mends.yes_or_no"),
        ({"active": 1}, "active", "mends.yes_or_no"),
        ({"language": "de"}, "language", "mends.one_of"),
        ({"permissions": "report.view"}, "permissions", "mends.list"),
        ({"permissions": ["dialog.eat"]}, "permission", "mends.one_of"),
        ({"name": ""}, "name", "mends.empty"),
        ({"name": 5}, "name", "mends.text"),
        ({"salary": 5}, "salary", "mends.one_of"),
        ({"ready": True, "role": "boss"}, "role", "mends.one_of"),
    ],
)
def test_invalid_changes_name_their_field(given: dict[str, object], field: str, mend: str) -> None:
    with pytest.raises(BadInput) as refused:
        valid_changes(given)
    assert (refused.value.field, refused.value.mend) == (field, mend)


def test_an_unknown_permission_is_refused() -> None:
    assert valid_permission("dialog.close") == "dialog.close"
    with pytest.raises(BadInput):
        valid_permission("dialog.eat")
