"""Whom a customer rates, which answer counts, and when the customer is asked what went wrong."""

from dataclasses import dataclass
from datetime import datetime

from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.rating import ANSWER_WINDOW, LOWEST, valid
from holdline.dialogs.refusal import NotFound


@dataclass(frozen=True, slots=True)
class RatedPeople:
    """The ids of the assignee at the close and of the participants."""

    assignee_id: int | None
    participant_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RatingOffer:
    """A rating form as it was sent, with its answer so far."""

    id: int
    customer_id: int
    dialog_id: int
    assignee_id: int | None
    value: int | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class RatingAnswer:
    """`verdict` is counts, already or too_late. There is an event only if it counts."""

    verdict: str
    event: Event | None = None


def people_to_rate(dialog: Dialog) -> RatedPeople:
    """The people at the time the form is offered. Later joins and leaves do not change them."""
    return RatedPeople(
        dialog.assignee.id if dialog.assignee else None,
        tuple(person.id for person in dialog.participants),
    )


def answer(offer: RatingOffer, value: int, *, by: Customer, at: datetime) -> RatingAnswer:
    """The first answer is final. A form expires after a week. Raises NotFound if the form is another customer's."""
    if offer.customer_id != by.id:
        raise NotFound("rating form")
    valid(value, field="rating")
    if offer.value is not None:
        return RatingAnswer("already")
    if at - offer.sent_at > ANSWER_WINDOW:
        return RatingAnswer("too_late")
    # The key survey_id must stay: the API exposes `data`, and older lines of history use it.
    data = {"value": value, "survey_id": offer.id, "assignee_id": offer.assignee_id}
    event = Event(EventKind.RATING_ANSWERED, by.as_actor(), by.id, offer.dialog_id, data=data)
    return RatingAnswer("counts", event)


def is_bad(value: int) -> bool:
    """Whether to ask the customer what went wrong: on the form where it was tapped, or else in a separate message."""
    return value == LOWEST
