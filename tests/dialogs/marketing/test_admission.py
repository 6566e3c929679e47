"""The last check of a marketing message, when its call begins: who still wants it and can be reached."""

import pytest

from holdline.dialogs.customer import Customer
from holdline.dialogs.marketing.admission import Ended, admit_to_customer, admit_topic
from tests.dialogs.examples import AT, example_customer


@pytest.mark.parametrize(
    ("customer", "reason"),
    [
        (None, "no such customer"),
        (example_customer(opted_out_at=AT), "opted_out"),
        (example_customer(reach="blocked"), "blocked"),
        (example_customer(reach="deactivated"), "deactivated"),
        (example_customer(reach="unknown"), "unknown"),
        (example_customer(reach="blocked", opted_out_at=AT), "opted_out"),
    ],
)
def test_who_wants_nothing_or_cannot_be_reached_gets_nothing(customer: Customer | None, reason: str) -> None:
    assert admit_to_customer(customer) == Ended("cancelled", reason)


def test_everybody_else_gets_it() -> None:
    assert admit_to_customer(example_customer()) is None


@pytest.mark.parametrize(
    ("choice", "verdict"), [(True, None), (None, None), (False, Ended("cancelled", "opted_out"))]
)
def test_only_a_no_to_the_topic_ends_it(choice: bool | None, verdict: Ended | None) -> None:
    assert admit_topic(choice) == verdict
