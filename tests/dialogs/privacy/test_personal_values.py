"""What identifies a person in texts and in stored JSON, and what remains after an erasure."""

from typing import Any

import pytest

from holdline.dialogs.privacy.personal_values import (
    contacts_in,
    forms_of,
    forms_of_value,
    names_person,
    without_words,
)


@pytest.mark.parametrize(
    ("texts", "contacts"),
    [
        (["Write to a.b+c@x-y.example.com."], ["a.b+c@x-y.example.com"]),
        (["Call +48 (600) 100-200 or 600100200"], ["+48 (600) 100-200", "600100200"]),
        (["a@x.example", "again a@x.example, 600100200"], ["a@x.example", "600100200"]),
        (["On 2026-12-24 and 24-12-2026", "order 12345"], []),
        ([], []),
    ],
)
def test_contacts_are_found_and_dates_are_not_contacts(texts: list[str], contacts: list[str]) -> None:
    assert contacts_in(texts) == contacts


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"customer_id": 9}, True),
        ({"customer": 9}, True),
        ({"customer": {"id": 9}}, True),
        ({"telegram_id": 109}, True),
        ({"deep": [{"more": {"dialog_id": 5}}]}, True),
        ({"dialog": {"id": 6}}, True),
        ([[{"dialog": 6}]], True),
        ({"customer_id": 10}, False),
        ({"customer_id": "9"}, False),
        ({"customer_id": 109}, False),
        ({"dialog": {"id": 9}}, False),
        ({"id": 9}, False),
        ({"customer": [9]}, False),
        ({"customer_id": True}, False),
        ({"text": "customer_id 9"}, False),
        ({"message": {"id": 9}}, False),
        (9, False),
    ],
)
def test_only_an_id_in_its_own_field_names_a_person(value: Any, names: bool) -> None:
    found = names_person(value, customer_id=9, telegram_id=109, dialog_ids={5, 6})
    assert found is names


def test_true_is_not_mistaken_for_the_id_1() -> None:
    assert not names_person({"customer_id": True}, customer_id=1, telegram_id=109, dialog_ids=set())


def test_a_personal_value_is_found_in_its_usual_spellings() -> None:
    assert forms_of_value('Łą "<3') == {
        'Łą "<3',
        r"\u0141\u0105 \"<3",
        r"Łą \"<3",
        "Łą &quot;&lt;3",
    }
    assert forms_of(["Anna", "Celina", "a&b&c"]) == sorted(["Celina", "a&b&c", "a&amp;b&amp;c"])


def test_json_keeps_its_structure_and_loses_its_texts() -> None:
    value = {
        "name": "Celina",
        "at": "2026-03-01T12:00:00Z",
        "until": "2026-03-01 12:00:00.5+01:00",
        "about": "on 2026-03-01T12:00:00Z",
        "ids": [109, 9, True, None, 1.5],
        "deep": {"x": ["y"]},
    }
    assert without_words(value, telegram_id=109) == {
        "name": "—",
        "at": "2026-03-01T12:00:00Z",
        "until": "2026-03-01 12:00:00.5+01:00",
        "about": "—",
        "ids": [0, 9, True, None, 1.5],
        "deep": {"x": ["—"]},
    }
    assert without_words([True, 1], telegram_id=1) == [True, 0]
