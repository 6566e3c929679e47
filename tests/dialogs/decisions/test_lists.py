"""What the desk's lists may contain, and which entries may be removed."""

import pytest

from holdline.dialogs.decisions.lists import (
    ListValue,
    default_type,
    refuse_taken_name,
    valid_category,
    valid_kind,
    value_to_remove,
)
from holdline.dialogs.refusal import BadInput, NotFound

NEW, OWN = ListValue(1, "New", is_system=True), ListValue(2, "At the bank")


@pytest.mark.parametrize(
    ("kind", "given", "category"),
    [
        ("stages", None, "open"),
        ("stages", "waiting", "waiting"),
        ("types", None, None),
        ("types", "waiting", None),
        ("types", "nonsense", None),
    ],
)
def test_only_stages_have_a_category(kind: str, given: str | None, category: str | None) -> None:
    assert valid_category(kind, given) == category


@pytest.mark.parametrize("category", ["", "nonsense"])
def test_a_category_is_one_of_three(category: str) -> None:
    with pytest.raises(BadInput) as refused:
        valid_category("stages", category)
    assert (refused.value.field, refused.value.mend) == ("category", "mends.one_of")
    assert refused.value.mend_words == {"choices": "open, waiting, resolved"}


def test_a_list_is_one_of_the_desks_own() -> None:
    assert valid_kind("root_causes") == "root_causes"
    with pytest.raises(BadInput) as refused:
        valid_kind("colours")
    assert (refused.value.field, refused.value.mend) == ("kind", "mends.one_of")


def test_a_name_is_unique_in_its_list() -> None:
    refuse_taken_name("Refund", is_taken=False)
    with pytest.raises(BadInput) as refused:
        refuse_taken_name("Refund", is_taken=True)
    assert (refused.value.field, refused.value.mend_words) == ("name", {"name": "Refund"})


@pytest.mark.parametrize(
    ("kind", "living", "removed"),
    [
        ("stages", [NEW, OWN], OWN),
        ("stages", [OWN], OWN),
        ("types", [ListValue(1, "Support"), OWN], OWN),
        ("reasons", [OWN], OWN),
    ],
)
def test_entries_of_a_list_may_be_removed(kind: str, living: list[ListValue], removed: ListValue) -> None:
    assert value_to_remove(kind, living, removed.id) == removed


@pytest.mark.parametrize(
    ("kind", "living", "mend"),
    [
        ("stages", [NEW, OWN], "mends.system_stage"),
        ("types", [ListValue(1, "Support")], "mends.last_type"),
    ],
)
def test_system_stages_and_the_last_type_cannot_be_removed(
    kind: str, living: list[ListValue], mend: str
) -> None:
    with pytest.raises(BadInput) as refused:
        value_to_remove(kind, living, 1)
    assert (refused.value.field, refused.value.mend) == (kind, mend)
    assert refused.value.mend_words == {"name": living[0].name}


def test_an_unknown_entry_cannot_be_removed_from_a_list() -> None:
    with pytest.raises(NotFound) as refused:
        value_to_remove("types", [ListValue(1, "Support")], 3)
    assert refused.value.words == {"what": "type", "which": 3}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Refund", "Support"], "Support"),
        (["Refund", "Complaint"], "Refund"),
        ([], "Support"),  # a desk that has not started yet
    ],
)
def test_a_dialog_without_a_choice_has_the_first_type(names: list[str], expected: str) -> None:
    assert default_type(names) == expected
