"""What becomes of an Inbox item, in each of its states."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from holdline.dialogs.decisions.inbox_items import (
    InboxItem,
    ItemDecision,
    answer,
    arrival_at,
    ignore,
    move,
    put_back,
)
from holdline.dialogs.event import Actor, EventKind, InboxArrival
from holdline.dialogs.refusal import NotFound
from tests.dialogs.examples import ANNA, example_customer, example_dialog, person_of_desk

BY_ANNA, BY_CUSTOMER = person_of_desk(ANNA).as_actor(), example_customer().as_actor()
Act = Callable[..., ItemDecision | None]
STATES = ("new", "answered", "ignored", "moved")


def item(state: str = "new", *, id_: int = 4) -> InboxItem:
    handled_by = None if state == "new" else 2
    dialog_id = 3 if state == "moved" else None
    return InboxItem(id_, 9, state, 2, first_message_id=30, handled_by=handled_by, dialog_id=dialog_id)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("act", "after", "kind"),
    [
        (answer, "answered", EventKind.INBOX_ITEM_ANSWERED),
        (ignore, "ignored", EventKind.INBOX_ITEM_IGNORED),
    ],
)
def test_only_a_waiting_item_can_be_answered_or_ignored(
    state: str, act: Act, after: str, kind: EventKind
) -> None:
    decision = act(item(state), by=BY_ANNA)
    assert (decision is None) is (state != "new")
    if decision is not None:
        assert decision.item == replace(item(), state=after, handled_by=ANNA.id)
        assert (decision.event.kind, decision.event.actor, decision.event.customer_id) == (kind, BY_ANNA, 9)
        assert decision.event.data == {"inbox_item_id": 4, "messages": 2}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("active_dialog_id", [None, 5])
@pytest.mark.parametrize("waiting", [None, item(id_=6)])
def test_an_ignored_item_is_put_back_only_if_no_item_or_active_dialog_exists(
    state: str, active_dialog_id: int | None, waiting: InboxItem | None
) -> None:
    decision = put_back(item(state), by=BY_ANNA, active_dialog_id=active_dialog_id, waiting=waiting)
    is_put_back = state == "ignored" and active_dialog_id is None and waiting is None
    assert (decision is not None) is is_put_back
    if decision is not None:
        assert decision.item == item("new")
        assert decision.event.kind is EventKind.INBOX_ITEM_RETURNED
        assert decision.event.data == {"inbox_item_id": 4, "messages": 2}


@pytest.mark.parametrize(("by", "handled_by"), [(BY_ANNA, ANNA.id), (BY_CUSTOMER, None)])
@pytest.mark.parametrize("state", STATES)
def test_a_dialog_takes_every_item_that_is_in_no_other_dialog(
    state: str, by: Actor, handled_by: int | None
) -> None:
    decision = move(item(state), example_dialog(), by=by)
    assert (decision is None) is (state == "moved")
    if decision is not None:
        assert decision.item == replace(item(), state="moved", handled_by=handled_by, dialog_id=5)
        assert (decision.event.kind, decision.event.dialog_id) == (EventKind.INBOX_ITEM_MOVED, 5)


@pytest.mark.parametrize("state", STATES)
def test_another_customers_item_is_not_found(state: str) -> None:
    with pytest.raises(NotFound):
        move(item(state), example_dialog(customer_id=10), by=BY_ANNA)


@pytest.mark.parametrize(
    ("last", "arrival"),
    [
        (None, None),
        (item("new"), InboxArrival(4)),
        (item("ignored"), InboxArrival(4, returns=True)),
        (item("answered"), None),
        (item("moved"), None),
    ],
)
def test_a_message_joins_the_waiting_item_and_reopens_an_ignored_one(
    last: InboxItem | None, arrival: InboxArrival | None
) -> None:
    assert arrival_at(last) == arrival
