"""Pauses after a call: how long its chat rests, and how the attempt is recorded."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from holdline.desk.delivery.fair_share import customer_pause
from holdline.dialogs.outbox.changes import DeliveryMark
from holdline.dialogs.outbox.item import ASIDE
from holdline.dialogs.outbox.kinds import is_change, kind_of
from holdline.dialogs.outbox.messages import Album, DeskNotice
from holdline.store.delivery import attempts, chats, outbox, turns
from holdline.store.tx import Row, Tx, to_micros
from holdline.telegram import pacing
from holdline.telegram.outcomes import Outcome, Refused, RetryLater, Sent, Uncertain

_CONFIRMATIONS = (DeliveryMark, DeskNotice)
"""Asides that show the result of a reply."""
_LATE = timedelta(seconds=5)
"""When a confirmation is no longer the newest if another one waits: the manager has written more since."""


@dataclass(frozen=True, slots=True)
class Cooldown:
    """The chat makes no call before `until`. `stop_reason`: why a group refuses all messages. `doubt_reason`: a
    refusal that may mean so.
    """

    until: datetime
    stop_reason: str | None = None
    doubt_reason: str | None = None


def pause_after(tx: Tx, chat: Row, item: Row, outcome: Outcome) -> datetime:
    """When the chat's pace allows the next call."""
    if not _was_carried_out(outcome):
        return cast("datetime", max(tx.at, chat["not_before_at"]))
    if chat["kind"] == "group":
        return _group_pause(tx, chat, item)[0]
    return tx.at + pacing.call_pause(tx.rules, edit=is_change(item))


def record_operation(tx: Tx, chat: Row, item: Row, outcome: Outcome) -> None:
    """Counts a group's operation towards its minute."""
    if chat["kind"] == "group" and _was_carried_out(outcome):
        recent = _group_pause(tx, chat, item)[1]
        if recent != chat["recent_operations_json"]:
            chats.remember_recent(tx, chat["chat_id"], recent)


def pause_behind(tx: Tx, item: Row) -> timedelta:
    """How long the chat would rest after the item if it were carried out now."""
    if not pacing.is_limited(tx.rules):
        return timedelta(0)
    chat = chats.by_id(tx, item["chat_id"])
    if chat["kind"] != "group":
        return pacing.call_pause(tx.rules)
    return max(_group_pause(tx, chat, item)[0] - tx.at, customer_pause(tx, item))


def operation_count(item: Row) -> int:
    """How many operations Telegram counts for the item in a group."""
    return len(Album.of(item).message_ids) or 1 if kind_of(item) is Album else 1


def wait_for_album(tx: Tx, item: Row) -> bool:
    """Whether the group's minute does not have room yet for all parts of this album; if so, the chat rests until it
    has.
    """
    chat = chats.by_id(tx, item["chat_id"])
    if chat["kind"] != "group":
        return False
    free_at = pacing.album_pause(
        chat["recent_operations_json"], tx.at, to_micros(tx.at), tx.rules, parts=operation_count(item)
    )
    if free_at > tx.at:
        chats.cool_down(tx, item["chat_id"], until=free_at)
    return free_at > tx.at


def next_aside(tx: Tx, item: Row) -> Row | None:
    """The aside to send now: `item`, or None if asides wait. If it is a confirmation that has become late, the newest
    confirmation goes in its place: its offer to undo may still help, and the late one can wait.
    """
    if put_off_asides(tx, item):
        return None
    if tx.at - item["created_at"] < _LATE or kind_of(item) not in _CONFIRMATIONS:
        return item
    newest = turns.newest_of_kinds(tx, item, [kind.kind for kind in _CONFIRMATIONS])
    if newest is None or newest["id"] == item["id"]:
        return item
    turns.swap(tx, item, newest)
    return newest


def put_off_asides(tx: Tx, item: Row) -> bool:
    """Whether asides would take room from a group's minute that people's messages may need. If so, all asides of the
    chat wait; the chat itself does not.
    """
    chat = chats.by_id(tx, item["chat_id"])
    if chat["kind"] != "group":
        return False
    until = pacing.aside_pause(chat["recent_operations_json"], tx.at, to_micros(tx.at), tx.rules)
    if until > tx.at:
        outbox.put_off(tx, item["chat_id"], rank=ASIDE, until=until)
    return until > tx.at


def _group_pause(tx: Tx, chat: Row, item: Row) -> tuple[datetime, list[int]]:
    flooded = chat["no_burst_until_at"]
    burst = 1 if flooded is not None and flooded > tx.at else pacing.GROUP_BURST
    return pacing.group_pause(
        chat["recent_operations_json"],
        tx.at,
        to_micros(tx.at),
        tx.rules,
        parts=operation_count(item),
        burst=burst,
    )


def close_attempts(tx: Tx, ended: list[tuple[Row, Row, Outcome]]) -> None:
    """Records the outcome of each attempt, with Telegram's own words if there were any."""
    arrived = [item["id"] for _, item, outcome in ended if isinstance(outcome, Sent)]
    if arrived:
        attempts.close_sent(tx, arrived)
    for _, item, outcome in ended:
        match outcome:
            case RetryLater(reason, _, retry_after, code):
                wait = int(retry_after) if retry_after else None
                _close(tx, item, "later", reason, code=code, retry_after=wait)
            case Refused(code, description):
                _close(tx, item, "refused", description, code=code)
            case Uncertain(reason, code):
                _close(tx, item, "uncertain", reason, code=code)


def _close(tx: Tx, item: Row, outcome: str, words: str, **answer: object) -> None:
    attempts.close(tx, item["id"], item["attempts"], outcome, description=words[:300], **answer)


def _was_carried_out(outcome: Outcome) -> bool:
    """Whether the call counts towards the chat's pace."""
    return not isinstance(outcome, RetryLater)
