"""The state of a broadcast and the results of its recipients."""

from dataclasses import dataclass

from holdline.desk.reading.reports import csv_lines
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastFigures
from holdline.dialogs.broadcasts.pace import seconds_left
from holdline.dialogs.broadcasts.stars import StarsBudget
from holdline.store.broadcasts import broadcasts, budgets, recipient_lists
from holdline.store.broadcasts.recipient_lists import RecipientLine
from holdline.store.tx import Tx
from holdline.telegram.call import FilePage

CSV_PAGE = 1000
CSV_COLUMNS = ("customer_id", "telegram_id", "name", "status", "at", "reason", "variant")


@dataclass(frozen=True, slots=True)
class BroadcastProgress:
    """A broadcast with its figures. `eta_seconds`: until all have it who wait only for their turn. `change`: edit or
    delete while messages already sent are changed; `changes_done`: how many are.
    """

    broadcast: Broadcast
    figures: BroadcastFigures
    eta_seconds: int | None
    change: str | None = None
    changes_done: int = 0
    paid: StarsBudget | None = None


def progress_of(tx: Tx, *, broadcast_id: int) -> BroadcastProgress:
    broadcast = broadcasts.load(tx, broadcast_id)
    figures = broadcasts.figures_of(tx, broadcast_id)
    pace = broadcasts.pace_of(tx, broadcast_id)
    last_due_at = recipient_lists.last_due_at(tx, broadcast_id)
    left = seconds_left(
        broadcast, figures, measured=pace, most=tx.rules.per_second, last_due_at=last_due_at, at=tx.at
    )
    changes = broadcasts.changes_done(tx, broadcast_id)
    return BroadcastProgress(broadcast, figures, left, *changes, budgets.of_broadcast(tx, broadcast_id))


def broadcasts_page(tx: Tx, *, order: str, after: int | None, limit: int) -> list[BroadcastProgress]:
    """A page of broadcasts; `order`: newest or oldest."""
    rows = broadcasts.page(tx, newest_first=order == "newest", after=after, limit=limit)
    return [progress_of(tx, broadcast_id=each.id) for each in rows]


def recipients_csv_page(tx: Tx, *, broadcast_id: int, after: int = 0) -> FilePage:
    """All recipients as CSV, page by page, so that no read is long and no file is whole in memory."""
    rows = recipient_lists.csv_rows(tx, broadcasts.load(tx, broadcast_id).id, after=after, limit=CSV_PAGE)
    head = [CSV_COLUMNS] if after == 0 else []
    cells = [[row[column] for column in CSV_COLUMNS] for row in rows]
    return FilePage(csv_lines([*head, *cells]), rows[-1]["customer_id"] if len(rows) == CSV_PAGE else None)


def recipients_page(
    tx: Tx, *, broadcast_id: int, status: str | None, after: int, limit: int
) -> list[RecipientLine]:
    """A page of recipients by rising customer id; `status`: one of the figures' names."""
    broadcast = broadcasts.load(tx, broadcast_id)
    return recipient_lists.page(tx, broadcast, status=status, after=after, limit=limit)
