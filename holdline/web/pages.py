"""Pages of lists: a limit, an order, and a cursor that marks the end of the previous page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Query

from holdline.web.errors import bad_field

DEFAULT_LIMIT = 50
MOST = 200
T = TypeVar("T")
SortOrder = Literal["newest", "oldest"]
DialogOrder = Literal["newest", "oldest", "due", "changed"]
Limit = Annotated[int, Query(ge=1, le=MOST, description="The maximum number of items on a page.")]
_NEXT = "The value of `next` of the previous page, unchanged; left out for the first page."
Cursor = Annotated[str | None, Query(pattern=r"^[no][0-9]{1,18}$", description=_NEXT)]
RisingCursor = Annotated[str | None, Query(pattern=r"^o[0-9]{1,18}$", description=_NEXT)]
DialogCursor = Annotated[str | None, Query(pattern=r"^[nodc][0-9]{1,18}$", description=_NEXT)]
InDialogOrder = Annotated[
    DialogOrder | None,
    Query(description="Which items come first. With a cursor, the order of the first page is kept."),
]
InOrder = Annotated[
    SortOrder | None,
    Query(description="Which items come first. With a cursor, the order of the first page is kept."),
]


@dataclass(frozen=True, slots=True)
class Page:
    """One row more than the limit is queried; if it exists there is a next page."""

    limit: int
    order: DialogOrder
    after: int | None

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments for the queries of desk/reading/reading.py."""
        return {"order": self.order, "after": self.after, "limit": self.limit + 1}

    def cut(self, rows: Sequence[T], id_of: Callable[[T], int]) -> tuple[list[T], str | None]:
        """Returns the rows to show and the cursor of the next page."""
        page_rows = list(rows[: self.limit])
        return page_rows, _cursor(self.order, id_of(page_rows[-1])) if len(rows) > self.limit else None

    def cut_all(self, rows: Sequence[T], id_of: Callable[[T], int]) -> tuple[list[T], str | None]:
        """Cuts a page out of a complete list sorted by id. For lists that are short enough to be read whole."""
        return self.cut([row for row in rows if self.after is None or id_of(row) > self.after], id_of)


async def _newest_first(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None, order: InOrder = None) -> Page:
    return _page(limit, cursor, order, default="newest")


async def _dialog_page(
    limit: Limit = DEFAULT_LIMIT, cursor: DialogCursor = None, order: InDialogOrder = None
) -> Page:
    return _page(limit, cursor, order, default="newest")


async def _oldest_first(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None, order: InOrder = None) -> Page:
    return _page(limit, cursor, order, default="oldest")


async def _by_rising_id(limit: Limit = DEFAULT_LIMIT, cursor: RisingCursor = None) -> Page:
    return _page(limit, cursor, "oldest", default="oldest")


NewestFirst = Annotated[Page, Depends(_newest_first)]
DialogPage = Annotated[Page, Depends(_dialog_page)]
OldestFirst = Annotated[Page, Depends(_oldest_first)]
Rising = Annotated[Page, Depends(_by_rising_id)]


def _page(limit: int, cursor: str | None, order: DialogOrder | None, *, default: DialogOrder) -> Page:
    """Refuses a cursor from the other order, because it would skip or repeat rows."""
    if cursor is None:
        return Page(limit, order or default, None)
    began = _BEGINS[cursor[0]]
    if order is not None and order != began:
        raise bad_field("cursor", "mend_cursor")
    return Page(limit, began, int(cursor[1:]))


_BEGINS: dict[str, DialogOrder] = {"n": "newest", "o": "oldest", "d": "due", "c": "changed"}


def _cursor(order: DialogOrder, last: int) -> str:
    return f"{order[0]}{last}"
