"""A short view of all dialogs of a customer. Reading it assigns nobody (W-11), and no customer sees it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdline.desk.reading.reports import UNASSIGNED
from holdline.store.dialogs import overview
from holdline.store.people import customers
from holdline.store.tx import Tx

REPEATED_DAYS = 90
"""A topic that comes back within so many days is a repeated one."""


@dataclass(frozen=True, slots=True)
class AppliedTag:
    """A tag of a dialog; `by`: manager, rule or model."""

    name: str
    by: str


@dataclass(frozen=True, slots=True)
class RepeatedTag:
    """A tag that several dialogs of the last `days` carry."""

    tag: str
    times: int
    days: int


@dataclass(frozen=True, slots=True)
class PastDialog:
    """One line of the overview."""

    dialog_id: int
    title: str
    state: str
    assignee: str
    channel: str
    tags: tuple[AppliedTag, ...]
    closed_at: datetime | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """`repeated` covers all dialogs of the customer; `items` is the page that was asked for."""

    repeated: tuple[RepeatedTag, ...]
    items: tuple[PastDialog, ...]


def overview_of(
    tx: Tx,
    *,
    customer_id: int,
    state: str | None = None,
    order: str = "newest",
    after: int | None = None,
    limit: int = 50,
) -> Overview:
    """The overview; `state`: active, paused, closed, or open for the first two."""
    customers.load(tx, customer_id)
    rows = overview.page(
        tx, customer_id, state=state, newest_first=order == "newest", after=after, limit=limit
    )
    tags: dict[int, list[AppliedTag]] = defaultdict(list)
    for tag in overview.tags_of(tx, [row["id"] for row in rows]):
        tags[tag["dialog_id"]].append(AppliedTag(tag["name"], tag["source"]))
    items = (
        PastDialog(
            dialog_id=row["id"],
            title=row["title"],
            state=row["state"],
            assignee=row["assignee_name"] or UNASSIGNED,
            channel=row["channel"],
            tags=tuple(tags[row["id"]]),
            closed_at=row["closed_at"],
            last_at=row["last_at"],
        )
        for row in rows
    )
    return Overview(_find_repeated(tx, customer_id), tuple(items))


def _find_repeated(tx: Tx, customer_id: int) -> tuple[RepeatedTag, ...]:
    since = tx.at - timedelta(days=REPEATED_DAYS)
    rows = overview.list_repeated_tags(tx, customer_id, since=since)
    return tuple(RepeatedTag(row["name"], row["times"], REPEATED_DAYS) for row in rows)
