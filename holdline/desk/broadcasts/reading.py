"""The state of a broadcast and the results of its recipients."""

from dataclasses import dataclass
from datetime import time

from holdline.desk.reading.reports import csv_lines
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastFigures
from holdline.dialogs.broadcasts.buttons import ButtonPresses, list_presses
from holdline.dialogs.broadcasts.pace import Pacing, PutOff, seconds_left
from holdline.dialogs.broadcasts.stars import StarsBudget
from holdline.store.broadcasts import broadcasts, budgets, button_presses, recipient_lists
from holdline.store.broadcasts.recipient_lists import RecipientLine
from holdline.store.people import api_keys
from holdline.store.tx import Tx
from holdline.telegram.call import FilePage

CSV_PAGE = 1000
CSV_COLUMNS = ("customer_id", "telegram_id", "name", "status", "at", "reason", "variant")


@dataclass(frozen=True, slots=True)
class BroadcastProgress:
    """A broadcast with its figures. `eta_seconds`: until all have it who wait only for their turn. `change`: edit or
    delete while messages already sent are changed; `changes_done`: how many are.

    `put_off`: who of those that wait has quiet hours, which end at `quiet_until` on their clocks, or had enough
    messages today. `presses`: of its buttons.
    """

    broadcast: Broadcast
    figures: BroadcastFigures
    eta_seconds: int | None
    change: str | None = None
    changes_done: int = 0
    paid: StarsBudget | None = None
    put_off: tuple[PutOff, ...] = ()
    quiet_until: time | None = None
    presses: tuple[ButtonPresses, ...] = ()

    def count_put_off(self, reason: str) -> int:
        """How many wait for this reason."""
        return sum(each.number for each in self.put_off if each.reason == reason)

    def put_off_text(self, reason: str) -> str:
        """The same for people: “20000+” if there may be more than were counted, and nothing for nobody."""
        number, counted = self.count_put_off(reason), sum(each.number for each in self.put_off)
        more = "+" if counted >= recipient_lists.PUT_OFF_COUNTED else ""
        return f"{number}{more}" if number else ""


def progress_of(tx: Tx, *, broadcast_id: int) -> BroadcastProgress:
    broadcast = broadcasts.load(tx, broadcast_id)
    figures = broadcasts.figures_of(tx, broadcast_id)
    put_off = recipient_lists.list_put_off(tx, broadcast_id) if figures.waiting else []
    pacing = Pacing(
        _per_second(tx, broadcast),
        put_off,
        recipient_lists.last_due_at(tx, broadcast_id),
        tx.rules.quiet_hours,
        tx.rules.time_zone,
    )
    left = seconds_left(broadcast, figures, pacing, at=tx.at)
    changes = broadcasts.changes_done(tx, broadcast_id)
    paid = budgets.of_broadcast(tx, broadcast_id)
    until = tx.rules.quiet_hours.end if tx.rules.quiet_hours else None
    pressed = list_presses(broadcast.content.buttons, button_presses.count(tx, broadcast_id))
    return BroadcastProgress(broadcast, figures, left, *changes, paid, tuple(put_off), until, pressed)


def _per_second(tx: Tx, broadcast: Broadcast) -> float:
    """The measured pace, or before it was measured the desk's, 0 for no limit. Never more than the key of its tool may
    send: that is sent at once at the beginning of each minute, so the pace measured then would promise too much.
    """
    key_id, pace = broadcast.author.api_key_id, broadcasts.pace_of(tx, broadcast.id) or tx.rules.per_second
    per_minute = api_keys.limits_of(tx, key_id).per_minute if key_id is not None else None
    return min(per_minute / 60, pace or per_minute) if per_minute else pace


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
