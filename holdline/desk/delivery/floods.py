"""Floods (429): the chat waits as long as Telegram says; the whole bot pauses briefly and continues carefully and more
slowly. Nobody can know whether a flood concerns the chat or the bot, so other chats are tried again soon, at first
with one call. Stored, so that it holds after a restart.
"""

from datetime import datetime, timedelta

from holdline.desk.delivery.pace import pace_of
from holdline.store.delivery import chats
from holdline.store.engines import leases
from holdline.store.tx import Row, Tx
from holdline.telegram.chats import is_group
from holdline.telegram.outcomes import Outcome, Refused, RetryLater, Sent
from holdline.telegram.pacing import CLEAN, lower_pace

MARGIN = 0.5  # seconds on top of what Telegram names
_JITTER = 499  # a prime, so that neighbours are not retried at the same moment
_TOGETHER = timedelta(seconds=10)
SOON = timedelta(seconds=5)  # then other chats are tried, whatever Telegram named for the refused ones
LONGEST_SILENCE = timedelta(minutes=1)  # between two tries while every chat is refused


def record_flood(tx: Tx, item: Row, chat: Row, later: RetryLater) -> datetime:
    """Records a flood and returns when this chat may be written to again. Two chats within ten seconds silence the
    whole bot and slow it down. A private chat alone silences marketing. A group has a small limit of its own, so it
    silences others only together with a second chat. Others are silenced briefly, however long the chat itself has
    to wait.
    """
    seconds = (later.retry_after or 0) + MARGIN + item["id"] % _JITTER / 1000
    until = tx.at + timedelta(seconds=seconds)
    chats.forbid_bursts(tx, chat["chat_id"], until=until + CLEAN)
    before = leases.current(tx, "sender") or {}
    whole = _is_bot_wide(tx, before, chat["chat_id"])
    leases.record_flood(tx, chat["chat_id"], pace=_pace_left(tx, before, whole=whole))
    silent_until = min(until, tx.at + _silence(tx, before))
    if whole:
        leases.freeze(tx, until=silent_until, everything=True, reason="429 in two chats")
        leases.set_careful(tx, until=until)
    elif not is_group(chat["chat_id"]):
        leases.freeze(tx, until=silent_until, everything=False, reason="429")
    return until


def is_careful(tx: Tx, lease: Row) -> bool:
    """Whether others may be refused too; then one call at a time, until Telegram takes one."""
    until = lease["careful_until_at"]
    return until is not None and until > tx.at


def end_care_if_accepted(tx: Tx, lease: Row | None, ended: list[tuple[Row, Row, Outcome]]) -> None:
    """Ends careful mode if Telegram took a call started after the silence: then only single chats were flooded."""
    if lease is None or not is_careful(tx, lease):
        return
    silent_until = lease["frozen_until_at"] or tx.at
    if any(
        isinstance(outcome, Sent | Refused) and item["begun_at"] >= silent_until for _, item, outcome in ended
    ):
        leases.set_careful(tx, until=None)


def _silence(tx: Tx, before: Row) -> timedelta:
    """How long others are silenced; doubled each time that the one careful call is refused too."""
    silent_until, flood_at = before.get("frozen_until_at"), before.get("flood_at")
    if not before or not is_careful(tx, before) or silent_until is None or silent_until > tx.at:
        return SOON
    last: timedelta = silent_until - flood_at
    return min(LONGEST_SILENCE, max(SOON, 2 * last))


def _is_bot_wide(tx: Tx, before: Row, chat_id: int) -> bool:
    if before.get("flood_at") is None:
        return False
    together = is_careful(tx, before) or tx.at - before["flood_at"] <= _TOGETHER
    return bool(before["flood_chat_id"] != chat_id and together)


def _pace_left(tx: Tx, before: Row, *, whole: bool) -> float | None:
    """The pace after this flood, or None for the configured one. Lowered once per flood: calls that return while
    everything is frozen were started before it.
    """
    frozen = before.get("frozen_until_at")
    if whole and (frozen is None or frozen <= tx.at):
        return lower_pace(pace_of(tx, before))
    return pace_of(tx, before) if before.get("pace") is not None else None
