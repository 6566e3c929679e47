"""All kinds of outbox items, and how to find the kind of a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from holdline.dialogs.outbox.changes import Change
from holdline.dialogs.outbox.item import Item, Traits, Worth
from holdline.dialogs.outbox.messages import NewMessage


@dataclass(frozen=True, slots=True)
class UnknownItem(Item):
    """An item of a kind that this version does not know, left by a newer version before a downgrade."""

    kind = ""
    traits = Traits(Worth.VIEW)


OutboxItem = NewMessage | Change | UnknownItem

KINDS: dict[str, type[OutboxItem]] = {kind.kind: kind for kind in get_args(NewMessage | Change)}


def kind_of(row: Mapping[str, Any]) -> type[OutboxItem]:
    """The kind that the row names."""
    return KINDS.get(row["kind"], UnknownItem)


def traits_of(row: Mapping[str, Any]) -> Traits:
    """The traits of the row's kind."""
    return kind_of(row).traits


def item_of(row: Mapping[str, Any]) -> OutboxItem:
    """The item stored in the row."""
    return kind_of(row).of(row)


def is_change(row: Mapping[str, Any]) -> bool:
    """Whether the item only changes something already there."""
    return traits_of(row).worth is Worth.CHANGE


def names_where(is_true_of: Callable[[Traits], object]) -> tuple[str, ...]:
    """The names of the kinds whose traits match, for lists in SQL."""
    return tuple(name for name, kind in KINDS.items() if is_true_of(kind.traits))
