"""Deletes what Telegram still deletes of an erased customer: copies in their chat, topics and messages of the desk."""

from datetime import datetime

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.outbox.privacy import ErasedCopies, ErasedTopic
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import outbox
from holdline.store.privacy import copies
from holdline.store.privacy.erasures import Erasure
from holdline.store.tx import Row, Tx

MOST_AT_ONCE = 100
"""Messages in one call (deleteMessages, Bot API)."""


def delete_copies(tx: Tx, erasure: Erasure) -> dict[str, int]:
    """Queues the deletions; returns the figures: how many messages and topics, and how many are too old for Telegram.
    Those of the desk go on by themselves, because they hold no personal value.
    """
    topics = _delete_topics(tx, erasure)
    found = copies.messages_of(tx, erasure.person)
    deletable = [row for row in found if row["is_deletable"]]
    _delete_messages(tx, erasure, deletable)
    return {"topics": topics, "messages": len(deletable), "too_old": len(found) - len(deletable)}


def delete_late_copies(tx: Tx, erasure: Erasure, *, since: datetime) -> None:
    """Queues the deletion of what the desk was shown while the job waited."""
    _delete_topics(tx, erasure)
    late = copies.messages_of(tx, erasure.person, since=since)
    _delete_messages(tx, erasure, [row for row in late if row["chat_id"] != erasure.person.telegram_id])


def _delete_topics(tx: Tx, erasure: Erasure) -> int:
    prefix = copies.key_prefix(erasure.id)
    topics = copies.topics_of(tx, erasure.person)
    outbox.add(tx, [_topic_deletion(row, prefix) for row in topics])
    return len(topics)


def _delete_messages(tx: Tx, erasure: Erasure, found: list[Row]) -> None:
    prefix = copies.key_prefix(erasure.id)
    of_chats: dict[int, list[int]] = {}
    for row in found:
        of_chats.setdefault(row["chat_id"], []).append(row["tg_message_id"])
    for chat_id, numbers in of_chats.items():
        is_theirs = chat_id == erasure.person.telegram_id
        for first in range(0, len(numbers), MOST_AT_ONCE):
            piece = numbers[first : first + MOST_AT_ONCE]
            deletion = Outgoing(
                Address(chat_id),
                ErasedCopies(piece),
                f"{prefix}{'theirs' if is_theirs else chat_id}:{piece[0]}",
                audience=Audience.CUSTOMER if is_theirs else Audience.DESK,
                customer_id=erasure.customer_id if is_theirs else None,
            )
            outbox.add(tx, [deletion])


def _topic_deletion(topic: Row, prefix: str) -> Outgoing:
    key = f"{prefix}{topic['chat_id']}:t{topic['thread_id']}"
    return Outgoing(Address(topic["chat_id"]), ErasedTopic(topic["thread_id"]), key, audience=Audience.DESK)
