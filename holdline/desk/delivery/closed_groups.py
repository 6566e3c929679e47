"""A group that refuses all messages: all items are kept, administrators are notified in private, and the group is tried
again. An unknown refusal may concern one item or the whole group; whether other items go through shows which.
"""

from datetime import timedelta
from typing import Any

from holdline.desk.delivery import discard as ends
from holdline.desk.delivery import failure_notices as notices
from holdline.desk.delivery.cooldown import Cooldown
from holdline.desk.delivery.group_health import group_problems
from holdline.desk.notices.places import staff_group
from holdline.dialogs.audience import Audience
from holdline.dialogs.outbox.kinds import is_change
from holdline.dialogs.outbox.retry_notes import RetryNotes, payload_with_notes
from holdline.store.delivery import in_flight
from holdline.store.tx import Row, Tx
from holdline.telegram.group_rights import stops_work
from holdline.telegram.outcomes import Refused

STOPPED_FOR = timedelta(minutes=1)  # how often a group that refuses us is asked again
_ASIDE = timedelta(seconds=15)  # meanwhile others show whether the group or the item is refused
_SOON = timedelta(seconds=3)
_TRIES = 2  # at its place in the order, before others are tried


def is_in_a_group(item: Row) -> bool:
    """Whether the desk should see this item in a group. Changes of existing messages do not stop a group."""
    return item["audience"] == Audience.DESK and item["chat_id"] < 0 and not is_change(item)


def stop_group(tx: Tx, item: Row, chat: Row, outcome: Refused) -> None:
    """Keeps the item and notifies the administrators once."""
    _keep(tx, item, outcome)
    if chat["stop_reason"] is None and not _is_told(tx, item["chat_id"]):
        words = {"group": item["chat_id"]}
        notices.notify_administrators(tx, "delivery.group_stopped", item, reason=outcome.description, **words)


def hold_unknown_refusal(tx: Tx, item: Row, chat: Row, outcome: Refused) -> Cooldown:
    """Handles a refusal with unknown words: parks the item only if something else has gone through; otherwise the group
    counts as stopped.
    """
    words, failures = outcome.description[:200], item["failures"] + 1
    stood_aside = RetryNotes.of(item).stood_aside
    if chat["stop_reason"] is not None:
        _keep(tx, item, outcome, stood_aside=True, wait=STOPPED_FOR + _SOON)
        return Cooldown(tx.at + STOPPED_FOR, words, words)
    if stood_aside and chat["doubt_reason"] is None:
        ends.park(tx, item, outcome.description, code=outcome.code)
        return Cooldown(tx.at)
    if stood_aside:
        stop_group(tx, item, chat, outcome)
        return Cooldown(tx.at + STOPPED_FOR, words, words)
    if failures < _TRIES:
        _keep(tx, item, outcome, failures=failures)
    else:
        _keep(tx, item, outcome, stood_aside=True, wait=_ASIDE)
    return Cooldown(tx.at + _SOON, doubt_reason=words)


def _is_told(tx: Tx, chat_id: int) -> bool:
    """Whether the administrators were notified already, by Telegram's update about the bot's own membership."""
    return chat_id == staff_group(tx) and stops_work(group_problems(tx))


def _keep(
    tx: Tx,
    item: Row,
    outcome: Refused,
    *,
    wait: timedelta | None = None,
    stood_aside: bool = False,
    failures: int = 0,
) -> None:
    changes: dict[str, Any] = {"failures": failures} if failures else {}
    if wait is not None:
        changes["due_at"] = tx.at + wait
    if stood_aside:
        changes["payload_json"] = payload_with_notes(item, stood_aside=True)
    in_flight.settle(
        tx, item["id"], "queued", error=outcome.description[:300], error_code=outcome.code, **changes
    )
