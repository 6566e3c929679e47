"""Items that a desk puts in its own order: its rules, and the fields of its dialogs."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar


class Placed(Protocol):
    """A dataclass with a position among others of its kind. 1 is the first."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> int: ...

    @property
    def position(self) -> int: ...


T = TypeVar("T", bound=Placed)


def move(items: Iterable[T], moved: T, *, to: int) -> list[T]:
    """All items in their new order. `to` is 1 for the first place; a value beyond the end means the last place."""
    others = [item for item in items if item.id != moved.id]
    others.insert(to - 1, moved)
    return [replace(item, position=place) for place, item in enumerate(others, 1)]
