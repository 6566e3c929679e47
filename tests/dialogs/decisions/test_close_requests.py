"""Who is asked to close a dialog, and what the request keeps."""

from datetime import timedelta

import pytest

from holdline.dialogs.closing import CloseRequest, Closing
from holdline.dialogs.decisions.close_requests import ASKED_ONCE_IN, readers_to_ask, request_close
from holdline.dialogs.dialog import Person
from holdline.dialogs.event import EventKind
from tests.dialogs.examples import ANNA, AT, BORIS, example_dialog, person_of_desk

CLARA = Person(3, 103, "Clara")
MAY_CLOSE = [person_of_desk(BORIS, role="manager"), person_of_desk(CLARA, role="admin")]
LATELY, LONG_AGO = ASKED_ONCE_IN - timedelta(seconds=1), ASKED_ONCE_IN


def request(*, ago: timedelta, asked: tuple[int, ...] | None) -> CloseRequest:
    return CloseRequest(4, person_of_desk(ANNA).as_actor(), {}, at=AT - ago, asked=asked)


@pytest.mark.parametrize(
    ("earlier", "asked"),
    [
        ([], (102, 103)),
        ([request(ago=LATELY, asked=(102,))], ()),
        ([request(ago=LONG_AGO, asked=(102,))], (102, 103)),
        # What asked nobody says nothing of when somebody was asked last.
        ([request(ago=LATELY, asked=())], (102, 103)),
        ([request(ago=LATELY, asked=()), request(ago=LONG_AGO, asked=(102,))], (102, 103)),
        ([request(ago=LATELY, asked=()), request(ago=LATELY, asked=(102,))], ()),
        # It was not recorded then whom a request asks, but it did ask.
        ([request(ago=LATELY, asked=None)], ()),
        ([request(ago=LONG_AGO, asked=None)], (102, 103)),
    ],
)
def test_a_manager_asked_recently_is_not_asked_again(
    earlier: list[CloseRequest], asked: tuple[int, ...]
) -> None:
    assert readers_to_ask(earlier, MAY_CLOSE, at=AT) == asked


def test_without_a_manager_who_may_close_nobody_is_asked() -> None:
    assert readers_to_ask([], [], at=AT) == ()


def test_a_close_request_stores_its_values_and_the_managers_it_asks() -> None:
    closing = Closing(customer_score=2, comment="Ready", send_rating_form=True)
    event = request_close(example_dialog(), closing, by=person_of_desk(ANNA), readers=(102, 103))
    assert (event.kind, event.actor.telegram_id, event.dialog_id) == (EventKind.CLOSE_REQUESTED, 101, 5)
    assert event.data == {"customer_score": 2, "comment": "Ready", "asked": [102, 103]}
