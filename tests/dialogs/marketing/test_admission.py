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
def test_unsubscribed_or_unreachable_customers_get_no_marketing(
    customer: Customer | None, reason: str
) -> None:
    assert admit_to_customer(customer) == Ended("cancelled", reason)


def test_other_customers_get_marketing() -> None:
    assert admit_to_customer(example_customer()) is None


@pytest.mark.parametrize(
    ("choice", "verdict"), [(True, None), (None, None), (False, Ended("cancelled", "opted_out"))]
)
def test_only_a_refusal_of_the_topic_stops_its_marketing(choice: bool | None, verdict: Ended | None) -> None:
    assert admit_topic(choice) == verdict
