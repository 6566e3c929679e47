"""A desk of two people and a dialog, as values for testing decisions."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.gate import Gate
from holdline.dialogs.manager import ROLE_PERMISSIONS, Manager
from holdline.dialogs.refusal import BadInput

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANNA, BORIS = Person(1, 101, "Anna"), Person(2, 102, "Boris")


def person_of_desk(person: Person, *, role: str = "agent", **other: Any) -> Manager:
    return Manager(person.id, 7, person.telegram_id, person.name, role, ROLE_PERMISSIONS[role], **other)


def example_dialog(**other: Any) -> Dialog:
    fields: dict[str, Any] = {
        "id": 5,
        "bot_id": 7,
        "customer_id": 9,
        "title": "Late parcel",
        "state": "active",
        "type": "Support",
        "stage": "New",
        "assignee": ANNA,
        "participants": (ANNA,),
        "created_at": AT,
    }
    return Dialog(**{**fields, **other})


def example_customer(**other: Any) -> Customer:
    fields: dict[str, Any] = {
        "id": 9,
        "bot_id": 7,
        "telegram_id": 109,
        "name": "Celina",
        "username": None,
        "language": "en",
        "gate": Gate.OPEN,
        "reach": "ok",
        "started_at": None,
        "opted_out_at": None,
        "created_at": AT,
    }
    return Customer(**{**fields, **other})


def refusal_of(act: Callable[[], object]) -> tuple[str, str, dict[str, object]]:
    """The field that `act` refuses, the text that says what to write instead, and its words."""
    with pytest.raises(BadInput) as refused:
        act()
    return refused.value.field, refused.value.mend, refused.value.mend_words
