"""Lists come in pages: a limit, an order, and a cursor that says where the page before ended."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Query

from holdline.web.errors import bad_field

DEFAULT_LIMIT = 50
MOST = 200
_BIGGEST = 2**63 - 1
T = TypeVar("T")
Order = Literal["newest", "oldest"]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str | None, Query(max_length=64, description="`next` of the page before; nothing for the first page.")
]


@dataclass(frozen=True, slots=True)
class Page:
    """One more row is asked for than shown: its presence is what makes `next`."""

    limit: int
    order: Order
    after: int | None

    @property
    def asked(self) -> dict[str, Any]:
        """For the questions of desk/reading.py."""
        return {"order": self.order, "after": self.after, "limit": self.limit + 1}

    def cut(self, found: Sequence[T], id_of: Callable[[T], int]) -> tuple[list[T], str | None]:
        """What is shown, and the cursor of what follows."""
        shown = list(found[: self.limit])
        return shown, _cursor(self.order, id_of(shown[-1])) if len(found) > self.limit else None


async def _newest_first(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None, order: Order = "newest") -> Page:
    return Page(limit, order, _after(cursor, order))


async def _oldest_first(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None, order: Order = "oldest") -> Page:
    return Page(limit, order, _after(cursor, order))


async def _rising(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page:
    return Page(limit, "oldest", _after(cursor, "oldest"))


NewestFirst = Annotated[Page, Depends(_newest_first)]
OldestFirst = Annotated[Page, Depends(_oldest_first)]
Rising = Annotated[Page, Depends(_rising)]


def _cursor(order: Order, last: int) -> str:
    return base64.urlsafe_b64encode(f"{order[0]}{last}".encode()).decode().rstrip("=")


def _after(cursor: str | None, order: Order) -> int | None:
    """A cursor of the other order would skip or repeat, so it is refused like a made-up one."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        said = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error) as refused:
        raise bad_field("cursor", "mend_cursor") from refused
    if said[:1] != order[0] or not (said[1:].isascii() and said[1:].isdigit()) or int(said[1:]) > _BIGGEST:
        raise bad_field("cursor", "mend_cursor")
    return int(said[1:])
