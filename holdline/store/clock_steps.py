"""Corrects stored times after the clock was put back: times that only the old clock could have meant are not believed.

A pause keeps its length and starts again. A lease is cut to the normal length of a lease. Queued messages become
due.
"""

from datetime import datetime, timedelta
from typing import Any

from holdline.store.automation import desk_rules, silences
from holdline.store.broadcasts import recipients
from holdline.store.clock import BACK_SECONDS
from holdline.store.delivery import chats, mails, waiting_chats, waiting_marketing
from holdline.store.dialogs import sla_clocks
from holdline.store.engines import leases
from holdline.store.funnels import enrolments
from holdline.store.intake.inbox import RETRY_SECONDS
from holdline.store.people import notifications
from holdline.store.restores import held_work
from holdline.store.screens import settings
from holdline.store.tagging import tag_jobs
from holdline.store.tx import Row, Tx, to_micros
from holdline.store.webhooks import deliveries

LONGEST_PAUSE = timedelta(days=1)
LONGEST_CALL = timedelta(seconds=90)
_TOPIC_NAMES = timedelta(seconds=31)
_TASK_STARTS = timedelta(minutes=5)
_STEP = "clock_step"
_BRING_BACK = (
    sla_clocks, mails, notifications, silences, tag_jobs, deliveries, enrolments, recipients, waiting_marketing
)  # fmt: skip


def correct_stored_times(tx: Tx, noticed_seconds: float | None) -> None:
    """`noticed_seconds`: the step that this process has seen; None at its start, when it could not have seen one."""
    furthest = _furthest(tx)
    _bring_back_chats(tx)
    _bring_back_leases(tx)
    _bring_back_others(tx)
    for rows in _BRING_BACK:
        rows.bring_back(tx, ahead=_ahead(tx))
    desk_rules.bring_back(tx)
    held_work.put_off_again(tx)
    waiting_chats.rebase_times(tx)
    waiting_chats.flush(tx)
    seconds = noticed_seconds
    if seconds is None and furthest is not None:
        seconds = (tx.at - furthest).total_seconds()
    if seconds is not None:
        settings.put(tx, _STEP, {"at": tx.at.isoformat(), "seconds": round(seconds)})
        tx.wake("outbox")
        tx.wake("inbox")


def last_step(tx: Tx) -> dict[str, Any] | None:
    """`at` and `seconds` (negative: back) of the last step; None if no step was ever noticed."""
    step: dict[str, Any] | None = settings.value(tx, _STEP)
    return step


def _ahead(tx: Tx) -> datetime:
    """Anything written later than this was written by a clock that was ahead of this one."""
    return tx.at + timedelta(seconds=BACK_SECONDS)


def _furthest(tx: Tx) -> datetime | None:
    """The latest stored write time that this clock has not reached yet; None if there is none."""
    row = tx.one(
        """SELECT MAX(written_at) AS written_at FROM (
               SELECT MAX(paused_at) AS written_at FROM chats WHERE bot_id = :bot
               UNION ALL SELECT MAX(created_at) FROM outbox WHERE bot_id = :bot AND status = 'queued'
               UNION ALL SELECT MAX(flood_at) FROM leases WHERE bot_id = :bot) AS found""",
        bot=tx.bot_id,
    )
    written: datetime | None = row["written_at"] if row else None
    return written if written is not None and written > _ahead(tx) else None


_FROM_ANOTHER_CLOCK = """(paused_at > :ahead OR not_before_at > :longest OR leased_until_at > :longest_call
    OR chat_id IN (SELECT o.chat_id FROM outbox o
                   WHERE o.bot_id = :bot AND o.status = 'queued' AND o.created_at > :ahead
                   UNION ALL SELECT o.chat_id FROM outbox o
                   WHERE o.bot_id = :bot AND o.status = 'sending' AND o.created_at > :ahead))"""
_UNSETTLED = ("queued", "sending", "parked")
"""One statement for each status, because each status has its own index and the whole table may be long."""


def _bring_back_chats(tx: Tx) -> None:
    """Corrects pauses, calls in flight and due times. All chats are locked first, in the standard lock order."""
    bounds = {"ahead": _ahead(tx), "longest": tx.at + LONGEST_PAUSE, "longest_call": tx.at + LONGEST_CALL}
    late_chats = tx.all(
        f"""SELECT chat_id, customer_id, recent_operations_json FROM chats WHERE bot_id = :bot AND {_FROM_ANOTHER_CLOCK}
            ORDER BY {chats.LOCK_ORDER} FOR UPDATE""",
        bot=tx.bot_id,
        **bounds,
    )
    if not late_chats:
        return
    for chat in late_chats:
        _bring_back_recent(tx, chat)
    for status in _UNSETTLED:
        _bring_back_items(tx, status)
    chats.rebase_times(tx, _FROM_ANOTHER_CLOCK, **bounds)


def _bring_back_items(tx: Tx, status: str) -> None:
    """Due items stay due, items that had to wait wait as long from now on, and items in flight count as begun now."""
    due = "CASE WHEN due_at > created_at THEN :at + due_at - created_at ELSE :at END"
    begun = ", begun_at = CASE WHEN begun_at > :at THEN :at ELSE begun_at END" if status == "sending" else ""
    tx.run(
        f"""UPDATE outbox SET due_at = {due}{begun}
            WHERE bot_id = :bot AND status = '{status}' AND created_at > :ahead AND due_at > {due}""",
        at=tx.at,
        ahead=_ahead(tx),
        bot=tx.bot_id,
    )


def _bring_back_recent(tx: Tx, chat: Row) -> None:
    """A group's last operations keep their intervals; the newest one counts as just now."""
    recent: list[int] = chat["recent_operations_json"]
    by = max(recent, default=0) - to_micros(tx.at)
    if by > 0:
        chats.remember_recent(tx, chat["chat_id"], [moment - by for moment in recent])


def _bring_back_leases(tx: Tx) -> None:
    lease = tx.at + timedelta(seconds=leases.LEASE_SECONDS)
    tx.post(
        "UPDATE leases SET expires_at = :lease WHERE bot_id = :bot AND expires_at > :lease",
        lease=lease,
        bot=tx.bot_id,
    )
    tx.post(
        """UPDATE leases SET frozen_until_at = :at + frozen_until_at - flood_at,
                  marketing_frozen_until_at = :at + marketing_frozen_until_at - flood_at,
                  careful_until_at = :at + careful_until_at - flood_at, flood_at = :at
           WHERE bot_id = :bot AND flood_at > :ahead""",
        at=tx.at,
        ahead=_ahead(tx),
        bot=tx.bot_id,
    )
    for column in ("frozen_until_at", "marketing_frozen_until_at", "careful_until_at"):
        tx.post(
            f"UPDATE leases SET {column} = :longest WHERE bot_id = :bot AND {column} > :longest",
            longest=tx.at + LONGEST_PAUSE,
            bot=tx.bot_id,
        )


def _bring_back_others(tx: Tx) -> None:
    """Corrects retries of updates, names of topics, who was seen in the group, starts of tasks, and forms waiting for
    words.
    """
    at, ahead = tx.at, _ahead(tx)
    longest = tx.at + timedelta(seconds=max(RETRY_SECONDS))
    for table, column, bound in (
        ("inbox", "retry_at", longest),
        ("places", "named_at", at + _TOPIC_NAMES),
        ("managers", "member_seen_at", ahead),
        ("tasks", "starts_at", ahead + _TASK_STARTS),
        ("forms", "created_at", ahead),
    ):
        open_only = {"inbox": "AND state = 'new'", "forms": "AND done_at IS NULL"}.get(table, "")
        tx.post(
            f"UPDATE {table} SET {column} = :at WHERE bot_id = :bot AND {column} > :bound {open_only}",
            at=at,
            bound=bound,
            bot=tx.bot_id,
        )
