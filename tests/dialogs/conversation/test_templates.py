"""How a template is filled in."""

from typing import Any

import pytest

from holdline.dialogs.conversation.template import Template, TemplateUse, fill_in, require_known_variables
from tests.dialogs.examples import ANNA, example_customer, example_dialog, person_of_desk, refusal_of

FIELDS = {"Order": 12.50, "City": " Łódź ", "Paid": True, "Sent": False, "Count": 3, "Empty": ""}
HERE = TemplateUse(person_of_desk(ANNA), example_customer(), example_dialog(fields=FIELDS))
OUTSIDE = TemplateUse(person_of_desk(ANNA), example_customer())


def filled(text: str, use: TemplateUse = HERE) -> str:
    return fill_in(Template(1, "Greeting", "reply", text), use)


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("Hello { customer.name }, I am {manager.name}.", "Hello Celina, I am Anna."),
        ("Case {dialog.id}", "Case 5"),
        ("{field.order} {FIELD}", "12.5 {FIELD}"),
        ("{field. CITY }!", " Łódź !"),
        ("{field.Count}", "3"),
        ("{field.Paid}, {field.Sent}", "yes, no"),
        ("{field.Empty}{field.Nothing}", ""),
        ("{field.Empty| friend }", "friend"),
        ("{field.City|friend}", " Łódź "),
        ("{field.Nothing|}", ""),
    ],
)
def test_a_variable_gets_its_value(text: str, here: str) -> None:
    if "{FIELD}" in text:
        with pytest.raises(KeyError):
            filled(text)
        return
    assert filled(text) == here


def test_yes_and_no_are_written_in_the_customers_language() -> None:
    use = TemplateUse(HERE.manager, example_customer(language="pl"), HERE.dialog)
    assert filled("{field.Paid}, {field.Sent}", use) == "tak, nie"


def test_values_are_not_read_as_variables() -> None:
    use = TemplateUse(HERE.manager, example_customer(name="{dialog.id}"), HERE.dialog)
    assert filled("{customer.name}", use) == "{dialog.id}"


def test_outside_a_dialog_a_dialog_variable_needs_a_fallback() -> None:
    assert filled("{customer.name} {dialog.id|-} {field.City|here}", OUTSIDE) == "Celina - here"
    for name in ("{dialog.id}", "{field.City}"):
        refused = ("template", "templates.mend_needs_dialog", {"name": name})
        assert refusal_of(lambda name=name: filled(name, OUTSIDE)) == refused  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{customer.name} { dialog.id } {field.CITY}", None),
        ("{field.Later|soon}", None),
        ("{not\nclosed", None),
        ("{customer.nam}", "{customer.nam}"),
        ("{customer.nam|you}", "{customer.nam}"),
        ("{field.Later}", "{field.Later}"),
        ("{field.|soon}", "{field.}"),
    ],
)
def test_an_unknown_variable_is_refused(text: str, wrong: Any) -> None:
    if wrong is None:
        require_known_variables(text, fields=["City"])
        return
    choices = "{customer.name}, {dialog.id}, {manager.name}, {field.X|…}"
    refused = ("text", "templates.mend_variable", {"name": wrong, "choices": choices})
    assert refusal_of(lambda: require_known_variables(text, fields=["City"])) == refused
