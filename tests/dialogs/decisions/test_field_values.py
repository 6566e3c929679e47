"""Fields that a desk adds to its dialogs: what they take, what they refuse, and what is recorded."""

from typing import Any

import pytest

from holdline.dialogs.decisions.desk_fields import (
    DeskField,
    field_by_name,
    field_changes,
    fields_to_fill_in,
    parse_value,
    require_fields,
    split_choices,
    valid_choices,
    valid_value,
)
from tests.dialogs.examples import example_dialog, refusal_of

TEXT, NUMBER, DAY, YES_NO = (
    DeskField(number, kind.title(), kind)
    for number, kind in enumerate(("text", "number", "date", "yes_no"), 1)
)
COLOUR = DeskField(5, "Colour", "choice", choices=("Red", "Dark blue"))


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ("red, blue", ["red", "blue"]),
        (" red ,, blue ,", ["red", "blue"]),
        ("red, light\nblue", ["red, light", "blue"]),
        ("\n red \n\n blue\n", ["red", "blue"]),
        ("red", ["red"]),
        ("  ", []),
    ],
)
def test_choices_are_separated_by_lines_or_commas(typed: str, choices: list[str]) -> None:
    assert split_choices(typed) == choices


def test_only_a_choice_field_has_choices_without_duplicates() -> None:
    assert valid_choices("choice", ["red", "Blue", "RED"]) == ("RED", "Blue")
    assert valid_choices("text", []) == ()
    assert refusal_of(lambda: valid_choices("choice", [])) == ("choices", "field_choices", {})
    assert refusal_of(lambda: valid_choices("date", ["red"])) == ("choices", "field_no_choices", {})


@pytest.mark.parametrize(
    ("field", "given", "stored"),
    [
        (TEXT, None, None),
        (NUMBER, "  ", None),
        (TEXT, " two \nlines ", "two \nlines"),
        (NUMBER, 10**15, 10**15),
        (NUMBER, -2.5, -2.5),
        (NUMBER, 0, 0),
        (DAY, "2026-02-28", "2026-02-28"),
        (COLOUR, " DARK BLUE ", "Dark blue"),
        (COLOUR, "red", "Red"),
        (YES_NO, False, False),
    ],
)
def test_a_value_is_stored(field: DeskField, given: Any, stored: Any) -> None:
    assert valid_value(field, given) == stored


@pytest.mark.parametrize(
    ("field", "given", "mend"),
    [
        (NUMBER, "7", "field_number"),
        (NUMBER, True, "field_number"),
        (NUMBER, 10**15 + 1, "field_number_range"),
        (NUMBER, -(10**15) - 1, "field_number_range"),
        (NUMBER, float("inf"), "field_number_range"),
        (NUMBER, float("nan"), "field_number_range"),
        (DAY, "2026-02-30", "field_date"),
        (DAY, "20260228", "field_date"),
        (DAY, 20260228, "field_date"),
        (COLOUR, "green", "one_of"),
        (COLOUR, 1, "one_of"),
        (YES_NO, "yes", "field_yes_no"),
        (YES_NO, 1, "field_yes_no"),
        (TEXT, 7, "mends.text"),
        (TEXT, "x" * 1001, "mends.too_long"),
    ],
)
def test_the_refusal_of_an_invalid_value_names_the_field(field: DeskField, given: Any, mend: str) -> None:
    name, key, _ = refusal_of(lambda: valid_value(field, given))
    assert (name, key) == (field.name, mend)


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (NUMBER, " 12 ", 12),
        (NUMBER, "+1 000 000", 1_000_000),
        (NUMBER, "-3,5", -3.5),
        (NUMBER, "1\u00a0200.25", 1200.25),
        (DAY, "4.2.2026", "2026-02-04"),
        (DAY, "24.12.2026", "2026-12-24"),
        (DAY, "2026-12-24", "2026-12-24"),
        (TEXT, " 1.1.2026 ", "1.1.2026"),
        (COLOUR, "dark blue", "Dark blue"),
    ],
)
def test_typed_numbers_and_dates_are_accepted_in_several_formats(
    field: DeskField, typed: str, stored: Any
) -> None:
    read = parse_value(field, typed)
    assert read == stored and type(read) is type(stored)


@pytest.mark.parametrize(
    ("field", "typed", "mend"),
    [
        (NUMBER, "a dozen", "field_number"),
        (NUMBER, "1.2.3", "field_number"),
        (NUMBER, "1" * 31, "field_number"),
        (NUMBER, "9" * 30, "field_number_range"),
        (DAY, "31.2.2026", "field_date"),
        (DAY, "tomorrow", "field_date"),
    ],
)
def test_a_typed_value_of_the_wrong_kind_is_refused(field: DeskField, typed: str, mend: str) -> None:
    assert refusal_of(lambda: parse_value(field, typed))[:2] == (field.name, mend)


def test_the_refusal_of_an_unknown_choice_lists_the_choices() -> None:
    assert refusal_of(lambda: valid_value(COLOUR, "green"))[2] == {"choices": "Red, Dark blue"}


def test_a_field_is_found_by_its_name_in_any_case() -> None:
    assert field_by_name([TEXT, COLOUR], " cOLOUR ") is COLOUR
    assert refusal_of(lambda: field_by_name([TEXT], "Colour")) == ("Colour", "unknown_field", {})


def test_a_field_is_required_of_some_types_until_it_has_a_value() -> None:
    sum_, paid = (
        DeskField(6, "Sum", "number", required_on_close=("Refund",)),
        DeskField(7, "Paid", "yes_no", required_on_close=("Refund", "Support")),
    )
    refund = example_dialog(type="Refund", fields={"Sum": 0})
    assert fields_to_fill_in([TEXT, sum_, paid], refund) == [paid]
    assert fields_to_fill_in([sum_, paid], example_dialog(type="Support", fields={"Paid": False})) == []
    require_fields([sum_], refund)
    expected = ("Paid", "field_required", {"type": "Refund", "name": "Paid"})
    assert refusal_of(lambda: require_fields([sum_, paid], refund)) == expected


def test_a_change_records_only_what_differs() -> None:
    before, after = {"Size": 1, "Colour": "Red", "Old": "x"}, {"Size": 2, "Colour": "Red", "New": "y"}
    assert field_changes(before, after) == [
        {"Size": 1, "Old": "x", "New": None},
        {"Size": 2, "Old": None, "New": "y"},
    ]
