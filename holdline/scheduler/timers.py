"""Timers: the interval of each chore. All due times are stored in tables."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from holdline.desk.automation.triggers import act_on_silence
from holdline.desk.broadcasts.cards import redraw_live_cards
from holdline.desk.conversation.scheduling import send_due_reply
from holdline.desk.delivery.delivery import expire_old
from holdline.desk.dialogs.forms import forget_old_forms
from holdline.desk.dialogs.forwards import settle_forwards
from holdline.desk.dialogs.tasks import start_due_tasks
from holdline.desk.notices.delivery_marks import mark_waiting_replies
from holdline.desk.notices.subscriptions import send_digests
from holdline.desk.people.keys import delete_old_responses
from holdline.desk.reading.finding import fill_index
from holdline.desk.teams.routing import give_out_all
from holdline.desk.webhooks.deliveries import forget_old_deliveries
from holdline.scheduler.bulk import run_bulk_jobs
from holdline.scheduler.due import handle_due_dates
from holdline.scheduler.each import until_nothing_is_due
from holdline.scheduler.funnels import enter_waiting_customers, move_enrolments, recover_enrolments
from holdline.scheduler.holds import report_long_holds
from holdline.scheduler.loops import is_stopped_within
from holdline.scheduler.restores import carry_out, unless_on_hold
from holdline.scheduler.sender import Sender
from holdline.scheduler.silence import follow_silences
from holdline.scheduler.tagging.training import plan_next
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable

log = logging.getLogger("holdline.timers")


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` makes one pass and returns how much it did. Work beyond its limit waits for the next turn."""

    name: str
    seconds: float
    do: Callable[[], Awaitable[int]]


def chores_of(store: Store, sender: Sender) -> list[Chore]:
    """The chores of the process that holds the sender's lease."""
    return [
        Chore("scheduled", 1, lambda: until_nothing_is_due(store, send_due_reply)),
        Chore("tasks", 2, lambda: store.act(start_due_tasks)),
        Chore("bulk", 1, lambda: run_bulk_jobs(store)),
        Chore("teams", 2, lambda: store.act(give_out_all)),
        Chore("restore", 1, lambda: carry_out(store)),
        Chore("rules", 1, lambda: unless_on_hold(store, lambda: until_nothing_is_due(store, act_on_silence))),
        Chore("marks", 2, lambda: store.act(mark_waiting_replies)),
        Chore("outage", 1, sender.store_outage),
        Chore("digests", 1, lambda: store.act(send_digests)),
        Chore("forwards", 1, lambda: store.act(settle_forwards)),
        Chore("reap", 5, sender.reap),
        Chore("expire", 10, lambda: store.act(expire_old)),
        Chore("answers", 3600, lambda: store.act(delete_old_responses)),
        Chore("webhook log", 3600, lambda: store.act(forget_old_deliveries)),
        Chore("forms", 3600, lambda: store.act(forget_old_forms)),
        Chore("search", 1, lambda: store.act(fill_index)),
        Chore("silence", 15, lambda: unless_on_hold(store, lambda: follow_silences(store))),
        Chore("broadcast_cards", 5, lambda: store.act(redraw_live_cards)),
        Chore("holds", 60, lambda: report_long_holds(store)),
        Chore("retraining", 3600, lambda: plan_next(store)),
        Chore("due", 2, lambda: handle_due_dates(store)),
        Chore("funnels", 1, lambda: move_enrolments(store)),
        Chore("waiting entries", 2, lambda: enter_waiting_customers(store)),
        Chore("statistics", 10, store.refresh_statistics),
        Chore("enrolments", 60, lambda: recover_enrolments(store)),
    ]


class Timers:
    """Uses the event loop's monotonic clock, so that changes of the wall clock stop no chore."""

    def __init__(self, chores: list[Chore]) -> None:
        self._chores = chores

    async def tick(self) -> int:
        """Runs every chore once, now."""
        return sum([await self._run_chore(chore) for chore in self._chores])

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`. Each chore has a turn at the start; missed turns are not made up for."""
        await self.tick()
        async with asyncio.TaskGroup() as group:
            for chore in self._chores:
                group.create_task(self._repeat_chore(chore, stop))

    async def _repeat_chore(self, chore: Chore, stop: asyncio.Event) -> None:
        while not await is_stopped_within(stop, chore.seconds):
            await self._run_chore(chore)

    async def _run_chore(self, chore: Chore) -> int:
        """Runs a chore. A failure is retried at its next turn and does not delay the others."""
        try:
            return await chore.do()
        except StoreUnavailable as broken:
            log.warning("the chore %s waits: %s", chore.name, broken)
        except Exception:
            log.exception("the chore %s failed", chore.name)
        return 0
