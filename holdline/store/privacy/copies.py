"""What Telegram still has of a person: messages of the bot in their chat, topics and messages of the desk."""

from datetime import datetime, timedelta

from holdline.dialogs.outbox.privacy import ErasedCopies, ErasedTopic
from holdline.store.privacy.person import PersonIds
from holdline.store.tx import Row, Tx

DELETABLE = timedelta(hours=48)
"""The limit of deleteMessage in private chats (Bot API)."""
_FOUND_BY_INDEX = (
    "k.bot_id = :bot AND k.chat_id = :telegram_id",
    "k.message_id IN (SELECT m.id FROM messages m WHERE m.customer_id = :customer)",
    "k.inbox_item_id IN (SELECT i.id FROM inbox_items i WHERE i.customer_id = :customer)",
)
_CARDS = """(k.customer_id = :customer
    OR k.dialog_id IN (SELECT d.id FROM dialogs d WHERE d.customer_id = :customer))"""
"""Cards and notices: no index leads to them."""
_ITEM_OF_PERSON = """(chat_id = :telegram_id OR customer_id = :customer OR about_customer_id = :customer
    OR dialog_id IN (SELECT d.id FROM dialogs d WHERE d.customer_id = :customer)
    OR message_id IN (SELECT m.id FROM messages m WHERE m.customer_id = :customer))"""


def topics_of(tx: Tx, person: PersonIds) -> list[Row]:
    """Topics of the person's dialogs: chat_id, thread_id, also those that are not used any longer."""
    return tx.all(
        """SELECT DISTINCT p.chat_id, p.thread_id FROM places p JOIN dialogs d ON d.id = p.dialog_id
           WHERE d.customer_id = :customer AND p.bot_id = :bot AND p.mode = 'topic' AND p.thread_id IS NOT NULL
           ORDER BY p.chat_id, p.thread_id""",
        customer=person.customer_id,
        bot=tx.bot_id,
    )


def messages_of(
    tx: Tx, person: PersonIds, *, since: datetime | None = None, with_cards: bool = True
) -> list[Row]:
    """Messages outside these topics: chat_id, tg_message_id, is_deletable. What the person wrote in their own chat is
    theirs and stays. `since`: only those stored from then on. Without cards and notices it is quick.
    """
    found = " UNION ".join(
        f"""SELECT k.chat_id AS chat_id, k.tg_message_id AS tg_message_id,
                CASE WHEN k.chat_id < 0 OR k.created_at > :deletable THEN 1 ELSE 0 END AS is_deletable
            FROM telegram_messages k LEFT JOIN places p ON p.id = k.place_id
            WHERE {condition} AND k.bot_id = :bot AND k.deleted_at IS NULL
            AND NOT (k.chat_id = :telegram_id AND k.role = 'original')
            AND (p.id IS NULL OR p.dialog_id IS NULL OR p.mode <> 'topic')
            AND (CAST(:since AS BIGINT) IS NULL OR k.created_at >= :since)"""
        for condition in (*_FOUND_BY_INDEX, *([_CARDS] if with_cards else []))
    )
    return tx.all(
        f"{found} ORDER BY chat_id, tg_message_id",
        bot=tx.bot_id,
        deletable=tx.at - DELETABLE,
        since=since,
        **person.values,
    )


def count_deletions(tx: Tx, erasure_id: int) -> dict[str, int]:
    """The deletions of an erasure by status."""
    prefix = key_prefix(erasure_id)
    rows = tx.all(
        """SELECT status, COUNT(*) AS number FROM outbox
           WHERE bot_id = :bot AND key >= :first AND key < :last GROUP BY status""",
        bot=tx.bot_id,
        first=prefix,
        last=prefix[:-1] + ";",
    )
    return {row["status"]: row["number"] for row in rows}


def key_prefix(erasure_id: int) -> str:
    """How the keys of its deletions begin; they are found by it, so an erasure keeps these keys."""
    return f"erase:{erasure_id}:"


def is_unsettled(tx: Tx, person: PersonIds) -> bool:
    """Whether deletions in the person's own chat are still to be made, or a call to it is in flight."""
    return any(
        tx.one(
            f"""SELECT id FROM outbox WHERE bot_id = :bot AND chat_id = :telegram_id AND status = '{status}' LIMIT 1""",
            bot=tx.bot_id,
            telegram_id=person.telegram_id,
        )
        for status in ("queued", "sending")
    )


def is_calling(tx: Tx, person: PersonIds) -> bool:
    """Whether a call about the person is in flight, in any chat."""
    row = tx.one(
        f"SELECT id FROM outbox WHERE bot_id = :bot AND status = 'sending' AND {_ITEM_OF_PERSON} LIMIT 1",
        bot=tx.bot_id,
        **person.values,
    )
    return row is not None


def cancel_waiting(tx: Tx, person: PersonIds) -> list[Row]:
    """Cancels everything that waits for the person or about them, but for the deletions; returns the rows. Each status
    has its own index, so that not the whole outbox is looked through.
    """
    return [
        row
        for status in ("queued", "parked")
        for row in tx.all(
            f"""UPDATE outbox SET status = 'cancelled', settled_at = :at, error = 'erased', merged_into = NULL
                WHERE bot_id = :bot AND status = '{status}'
                AND kind NOT IN ('{ErasedCopies.kind}', '{ErasedTopic.kind}') AND {_ITEM_OF_PERSON} RETURNING *""",
            bot=tx.bot_id,
            at=tx.at,
            **person.values,
        )
    ]


def cancel_deletions(tx: Tx, person: PersonIds) -> None:
    """Cancels the deletions in the person's own chat that have taken too long."""
    tx.run(
        """UPDATE outbox SET status = 'cancelled', settled_at = :at, error = 'erased'
           WHERE bot_id = :bot AND status = 'queued' AND chat_id = :telegram_id""",
        at=tx.at,
        bot=tx.bot_id,
        telegram_id=person.telegram_id,
    )


def end_waiting_rows(tx: Tx, person: PersonIds) -> None:
    """Ends what waits outside the outbox: automatic answers, scheduled replies, drafts, notices, unsent messages."""
    of_dialogs = "dialog_id IN (SELECT d.id FROM dialogs d WHERE d.customer_id = :customer)"
    for sql in (
        f"UPDATE scheduled_replies SET state = 'cancelled' WHERE state = 'waiting' AND {of_dialogs}",
        f"UPDATE drafts SET state = 'dropped' WHERE state IN ('waiting', 'returned') AND {of_dialogs}",
        f"UPDATE notifications SET sent_at = :at WHERE sent_at IS NULL AND {of_dialogs}",
        f"DELETE FROM tag_jobs WHERE {of_dialogs}",
        f"DELETE FROM silence_warnings WHERE {of_dialogs}",
        """UPDATE messages SET status = 'cancelled'
           WHERE customer_id = :customer AND direction = 'out' AND status IN ('queued', 'held')""",
        """UPDATE inbox_items SET state = 'ignored', changed_at = :at
           WHERE customer_id = :customer AND state = 'new'""",
        """UPDATE ratings SET state = 'expired'
           WHERE customer_id = :customer AND state IN ('offered', 'delivered')""",
    ):
        tx.run(sql, at=tx.at, customer=person.customer_id)
