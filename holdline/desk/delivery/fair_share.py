"""One customer may not use up the whole minute of a group, so that others are shown too (decision 0022)."""

from datetime import datetime, timedelta

from holdline.dialogs.outbox.kinds import traits_of
from holdline.store.delivery import chats, telegram_messages, turns
from holdline.store.tx import Row, Tx
from holdline.telegram import pacing
from holdline.telegram.chats import is_group

_LOOKED_AT_AGAIN = timedelta(seconds=1)


def waits_for_others(tx: Tx, item: Row) -> bool:
    """Whether the item waits because its customer has had their share of this minute. Never true for messages that are
    only shown again.
    """
    times = _times_above_share(tx, item)
    if not times or times[0] + pacing.pause_of_customer(tx.rules) <= tx.at:
        return False
    return turns.is_just_written(tx, item)


def customer_pause(tx: Tx, item: Row) -> timedelta:
    """How long the customer's next message would wait behind this item for the sake of others."""
    return pacing.pause_of_customer(tx.rules) if _times_above_share(tx, item) else timedelta(0)


def rest_for_others(tx: Tx, chat_id: int) -> None:
    """Pauses the chat briefly: no other customer has a waiting item now, but one may have soon."""
    chats.cool_down(tx, chat_id, until=tx.at + _LOOKED_AT_AGAIN)


def _times_above_share(tx: Tx, item: Row) -> list[datetime]:
    """When the customer was shown in this minute, the newest first; empty if that is below the customer's share."""
    share = pacing.customers_share(tx.rules)
    if share is None or not is_group(item["chat_id"]) or not traits_of(item).shows_customer:
        return []
    since = tx.at - pacing.MINUTE
    times = telegram_messages.recent_copy_times(
        tx, item["chat_id"], item["about_customer_id"] or 0, since=since
    )
    return times if len(times) >= share else []
