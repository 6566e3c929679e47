"""Outbox items are loaded as they were stored, whichever version wrote them."""

from dataclasses import fields
from typing import Any

import pytest

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outbox.changes import CopyEdit, CopyRemoval, Markup, TopicName
from holdline.dialogs.outbox.item import Item
from holdline.dialogs.outbox.kinds import KINDS, OutboxItem, UnknownItem, is_change, item_of, names_where
from holdline.dialogs.outbox.messages import (
    Album,
    BotText,
    CustomerNotice,
    DeskNotice,
    InboxCard,
    MessagePart,
    Mirror,
)
from holdline.dialogs.outgoing import Outgoing


def row(kind: str, **payload: Any) -> dict[str, Any]:
    return {"kind": kind, "payload_json": payload}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_an_item_is_the_same_after_storing_and_loading(kind: type[Item]) -> None:
    item = kind(**{one.name: f"a {one.name}" for one in fields(kind)})
    assert item_of({"kind": kind.kind, "payload_json": item.as_payload()}) == item


def test_default_values_are_not_stored() -> None:
    assert Mirror(0, 1).as_payload() == {"parts": 1}
    assert DeskNotice("delivery.refused", {"reason": "x"}).as_payload() == {
        "key": "delivery.refused",
        "words": {"reason": "x"},
    }


@pytest.mark.parametrize(
    ("stored", "item"),
    [
        (row("message", part=1, parts=3, mends=["plain"], pages=2), MessagePart(1, 3)),
        (row("mirror", part=0, parts_before=2), Mirror(0, None)),
        (
            row("inbox_card", part=0, parts=1, inbox_item_id=4, first=True, album=True),
            InboxCard(4, first=True, album=True, parts=1),
        ),
        (
            row("album", part=0, parts=1, inbox_item_id=4, first=True, album=True, message_ids=[7, 8]),
            Album([7, 8], 4),
        ),
        (row("delete_copy", tg_message_id=5, part=0), CopyRemoval(5)),
        (row("customer_notice", key="customer.wait", words={}, buttons=[]), CustomerNotice("customer.wait")),
        (row("desk_notice", key="a", words={}, buttons=[], reply_to_tg_id=None), DeskNotice("a")),
        (
            row("text", text="Hi", entities=[], buttons=[], reply_to_tg_id=None, thread_id=9),
            BotText("Hi"),
        ),
        (row("seen_by", at=1), UnknownItem()),
    ],
)
def test_rows_of_other_versions_are_understood(stored: dict[str, Any], item: OutboxItem) -> None:
    assert item_of(stored) == item


def test_each_kind_has_its_audience_priority_and_class() -> None:
    name = Outgoing(Address(1), TopicName(), "name")
    assert (name.audience, name.class_, name.rank) == (Audience.DESK, MessageClass.DESK, 3)
    edit = Outgoing(Address(1), CopyEdit(5), "edit", audience=Audience.CUSTOMER)
    assert (edit.class_, edit.rank) == (MessageClass.SYSTEM, 0)
    first = Outgoing(Address(1), Markup(5), "markup", rank=0)
    assert first.rank == 0


def test_the_audience_is_required_if_the_kind_does_not_fix_it() -> None:
    with pytest.raises(TypeError, match="edit_copy"):
        Outgoing(Address(1), CopyEdit(5), "edit")


def test_lists_of_kinds_for_sql_follow_from_the_traits() -> None:
    assert set(names_where(lambda traits: traits.shows_customer)) == {"mirror", "inbox_card", "album"}
    assert is_change(row("pin")) and not is_change(row("mirror")) and not is_change(row("seen_by"))
