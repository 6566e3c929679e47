"""What a forward may contain, and how its results are described."""

from dataclasses import replace
from typing import Any

import pytest

from holdline.dialogs.decisions.forwards import (
    MOST_RECIPIENTS,
    Forward,
    ForwardOrder,
    ForwardRecipient,
    forward_event,
    recipient_sign,
    refuse_too_many,
    require_sound,
)
from holdline.dialogs.event import EventKind
from tests.dialogs.examples import ANNA, example_dialog, person_of_desk, refusal_of

ORDER = ForwardOrder("Parcel 12", roles=("agent",))
QUEUED = ForwardRecipient("anna@x.example", None, "Anna")
FAILED = ForwardRecipient(None, 102, "Boris", status="failed", reason="blocked")


def test_a_forward_request_loses_its_duplicates() -> None:
    order = ForwardOrder(
        " Parcel 12 ",
        message=" Please look. ",
        parts=("notes", "info", "notes"),
        emails=("A@x.example", "b@x.example", "a@X.example"),
        telegram_ids=(102, 101, 102),
        roles=("manager", "agent", "manager"),
    )
    assert require_sound(order, has_mail=True) == ForwardOrder(
        "Parcel 12",
        message="Please look.",
        parts=("info", "notes"),
        emails=("b@x.example", "A@x.example"),
        telegram_ids=(102, 101),
        roles=("manager", "agent"),
    )


@pytest.mark.parametrize(
    "order",
    [
        ORDER,
        replace(ORDER, roles=(), telegram_ids=(101,)),
        replace(ORDER, roles=(), emails=("a@x.example",)),
    ],
)
def test_one_recipient_of_any_kind_is_enough(order: ForwardOrder) -> None:
    assert require_sound(order, has_mail=True) == order


@pytest.mark.parametrize(
    ("changes", "field", "mend"),
    [
        ({"roles": ()}, "to", "forwarding.mend_nobody"),
        ({"emails": ("a@x.example",)}, "to", "forwarding.mend_no_mail"),
        ({"roles": ("boss",)}, "to", "mends.one_of"),
        ({"parts": ("info", "rumours")}, "parts", "mends.one_of"),
        ({"subject": "Parcel\nBcc: x@x.example"}, "subject", "forwarding.mend_subject"),
        ({"subject": " "}, "subject", "mends.empty"),
        ({"subject": "x" * 5000}, "subject", "mends.too_long"),
        ({"message": "x" * 5000}, "message", "mends.too_long"),
    ],
)
def test_an_impossible_forward_request_is_refused(changes: dict[str, Any], field: str, mend: str) -> None:
    order = replace(ORDER, **changes)
    assert refusal_of(lambda: require_sound(order, has_mail=False))[:2] == (field, mend)


def test_an_invalid_address_of_a_forward_is_refused() -> None:
    order = replace(ORDER, emails=("nobody",))
    assert refusal_of(lambda: require_sound(order, has_mail=True))[0] == "to"


@pytest.mark.parametrize(
    ("recipient", "sign", "told"),
    [
        (QUEUED, "⏳ Anna", {"to": "anna@x.example", "status": "queued"}),
        (replace(QUEUED, status="sent"), "✅ Anna", {"to": "anna@x.example", "status": "sent"}),
        (FAILED, "⚠️ Boris: blocked", {"to": 102, "status": "failed", "reason": "blocked"}),
    ],
)
def test_the_results_of_a_forward_are_described(
    recipient: ForwardRecipient, sign: str, told: dict[str, Any]
) -> None:
    written = recipient_sign(recipient)
    assert "".join(char for char in written if char not in "\u2068\u2069") == sign
    assert recipient.told == told


def test_a_forward_needs_a_recipient_and_has_a_maximum() -> None:
    assert refusal_of(lambda: refuse_too_many([])) == ("to", "forwarding.mend_nobody", {})
    refuse_too_many([QUEUED] * MOST_RECIPIENTS)
    many = ("to", "forwarding.mend_too_many", {"limit": MOST_RECIPIENTS})
    assert refusal_of(lambda: refuse_too_many([QUEUED] * (MOST_RECIPIENTS + 1))) == many


def test_history_records_what_was_forwarded_to_whom() -> None:
    dialog, by = example_dialog(), person_of_desk(ANNA).as_actor()
    event = forward_event(dialog, Forward(3, 5, "Parcel 12", (QUEUED, FAILED)), parts=("info",), by=by)
    assert (event.kind, event.actor, event.customer_id, event.dialog_id) == (
        EventKind.DIALOG_FORWARDED,
        by,
        9,
        5,
    )
    assert (event.text, event.before) == ("Parcel 12", dialog)
    assert event.data == {"forward_id": 3, "parts": ["info"], "recipients": [QUEUED.told, FAILED.told]}
