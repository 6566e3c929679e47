"""Whom a customer rates, and which answer counts."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions.ratings import (
    RatedPeople,
    RatingAnswer,
    RatingOffer,
    answer,
    is_bad,
    people_to_rate,
)
from holdline.dialogs.dialog import Person
from holdline.dialogs.event import EventKind
from holdline.dialogs.rating import ANSWER_WINDOW
from holdline.dialogs.refusal import BadInput, NotFound
from tests.dialogs.examples import ANNA, AT, BORIS, example_customer, example_dialog

CELINA = example_customer()


def offer(*, value: int | None = None, ago: timedelta = timedelta()) -> RatingOffer:
    return RatingOffer(
        id=3, customer_id=CELINA.id, dialog_id=5, assignee_id=ANNA.id, value=value, sent_at=AT - ago
    )


@pytest.mark.parametrize(
    ("assignee", "present", "rated"),
    [
        (ANNA, (ANNA, BORIS), RatedPeople(1, (1, 2))),
        (ANNA, (BORIS,), RatedPeople(1, (2,))),
        (None, (BORIS,), RatedPeople(None, (2,))),
        (None, (), RatedPeople(None, ())),
    ],
)
def test_a_rating_form_rates_the_participants_at_the_time_of_the_offer(
    assignee: Person | None, present: tuple[Person, ...], rated: RatedPeople
) -> None:
    assert people_to_rate(example_dialog(assignee=assignee, participants=present)) == rated


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        (offer(), "counts"),
        (offer(ago=ANSWER_WINDOW), "counts"),
        (offer(ago=ANSWER_WINDOW + timedelta(seconds=1)), "too_late"),
        (offer(value=1), "already"),
        (offer(value=3), "already"),
        (offer(value=1, ago=2 * ANSWER_WINDOW), "already"),
    ],
)
def test_the_first_answer_of_a_week_counts(sent: RatingOffer, verdict: str) -> None:
    given = answer(sent, 3, by=CELINA, at=AT)
    assert given.verdict == verdict
    assert (given.event is not None) is (verdict == "counts")


def test_history_records_the_rating_and_the_assignee() -> None:
    event = answer(offer(), 2, by=CELINA, at=AT).event
    assert event is not None
    assert (event.kind, event.customer_id, event.dialog_id) == (EventKind.RATING_ANSWERED, 9, 5)
    assert event.actor == CELINA.as_actor()
    assert event.data == {"value": 2, "survey_id": 3, "assignee_id": 1}


@pytest.mark.parametrize("sent", [offer(), offer(value=1), offer(ago=2 * ANSWER_WINDOW)])
def test_another_customers_rating_form_is_not_found(sent: RatingOffer) -> None:
    stranger: Customer = example_customer(id=10)
    with pytest.raises(NotFound):
        answer(sent, 3, by=stranger, at=AT)


@pytest.mark.parametrize("value", [0, 4, -1, True, "3", None])
def test_a_rating_is_one_of_three_values(value: Any) -> None:
    for sent in (offer(), offer(value=1)):
        with pytest.raises(BadInput) as refused:
            answer(sent, value, by=CELINA, at=AT)
        assert refused.value.field == "rating"


def test_a_second_rating_records_no_event() -> None:
    assert answer(offer(value=2), 1, by=CELINA, at=AT) == RatingAnswer("already")


@pytest.mark.parametrize(("value", "bad"), [(1, True), (2, False), (3, False)])
def test_only_the_lowest_rating_asks_what_went_wrong(value: int, bad: bool) -> None:
    assert is_bad(value) is bad
