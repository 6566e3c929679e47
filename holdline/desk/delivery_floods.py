"""429: the chat waits, and when it is not only that chat, everybody waits and goes on more slowly.

Stored, so that a restart obeys.
"""

from datetime import datetime, timedelta

from holdline.desk.pace import pace_of
from holdline.dialogs.delivery import RetryLater
from holdline.dialogs.pacing import CLEAN, slowed
from holdline.store import lanes, leases
from holdline.store.tx import Row, Tx

MARGIN = 0.5  # seconds on top of what Telegram names
_JITTER = 499  # a prime: neighbours do not come back in the same moment
_TOGETHER = timedelta(seconds=10)


def flooded(tx: Tx, item: Row, lane: Row, later: RetryLater) -> datetime:
    """When this chat may be written to again. Two chats within ten seconds freeze the whole bot and slow it down.

    A private chat alone freezes marketing as well: nobody can know whether the flood is the chat's or the bot's.
    A group has a small limit of its own, so it freezes others only together with a second chat.
    """
    seconds = (later.retry_after or 0) + MARGIN + item["id"] % _JITTER / 1000
    until = tx.at + timedelta(seconds=seconds)
    lanes.forbid_bursts(tx, lane["chat_id"], until=until + CLEAN)
    before = leases.current(tx, "sender") or {}
    whole = _of_the_whole_bot(tx, before, lane["chat_id"])
    leases.flooded(tx, lane["chat_id"], pace=_pace_left(tx, before, whole=whole))
    if whole:
        leases.freeze(tx, until=until, everything=True, reason="429 in two chats")
    elif lane["chat_id"] > 0:
        leases.freeze(tx, until=until, everything=False, reason="429")
    return until


def _of_the_whole_bot(tx: Tx, before: Row, chat_id: int) -> bool:
    if before.get("flood_at") is None:
        return False
    return bool(before["flood_chat"] != chat_id and tx.at - before["flood_at"] <= _TOGETHER)


def _pace_left(tx: Tx, before: Row, *, whole: bool) -> float | None:
    """Lowered once a flood: what comes back while everything is frozen was begun before. None: as configured."""
    frozen = before.get("frozen_until_at")
    if whole and (frozen is None or frozen <= tx.at):
        return slowed(pace_of(tx, before))
    return pace_of(tx, before) if before.get("pace") is not None else None
