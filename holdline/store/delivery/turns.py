"""Turns in a chat of the desk: every customer gets one turn before anybody gets the next."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache

from holdline.dialogs.audience import Audience
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import chats
from holdline.store.tx import Row, Tx, placeholders

_A_MOMENT = timedelta(microseconds=1)
"""Puts an item before others that were written at the same time."""

_INSERT = """
INSERT INTO outbox (bot_id, chat_id, stream, class, audience, kind, rank, key, collapse_key, payload_json, customer_id,
                    dialog_id, message_id, place_id, due_at, expires_at, created_at, broadcast_id, enrolment_id,
                    api_key_id, marketing_topic, about_customer_id, turn)
VALUES (:bot, :chat, :stream, :class, :audience, :kind, :rank, :key, :collapse, :payload, :customer,
        :dialog, :message, :place, :due, :expires, :at, :broadcast, :enrolment,
        :api_key, :topic, {about}, {turn})
ON CONFLICT (bot_id, key) DO NOTHING
RETURNING id
"""


def insert_sql(out: Outgoing) -> str:
    """The statement that inserts the item into the outbox with its turn."""
    return _insert(_customer_sql(out))


def _customer_sql(out: Outgoing) -> str | None:
    """SQL for the customer whose turn in the desk's chat it takes; 0 is the desk itself, None means no turns."""
    if out.audience is not Audience.DESK:
        return None
    if out.is_answer:
        return "0"
    if out.customer_id is not None:
        return ":customer"
    if out.dialog_id is not None:
        return "COALESCE((SELECT d.customer_id FROM dialogs d WHERE d.id = :dialog), 0)"
    return "0"


def is_just_written(tx: Tx, item: Row) -> bool:
    """Whether the item was written when its customer's message came, not later to show the message again."""
    if item["message_id"] is None:
        return True
    row = tx.one("SELECT created_at FROM messages WHERE id = :id", id=item["message_id"])
    return row is not None and row["created_at"] == item["created_at"]


def renumber(tx: Tx, chat_ids: Iterable[int]) -> None:
    """After items came back to these chats, from parked or from another chat: numbers each customer's turns by age."""
    for chat_id in sorted(set(chat_ids)):
        tx.run(
            """UPDATE outbox SET turn = anew.turn FROM (
                   SELECT q.id, (SELECT MIN(m.turn) FROM outbox m WHERE m.bot_id = :bot AND m.chat_id = :chat
                                 AND m.status = 'queued' AND m.about_customer_id IS NOT NULL)
                          - 1 + ROW_NUMBER() OVER (PARTITION BY q.about_customer_id, q.rank ORDER BY q.id) AS turn
                   FROM outbox q WHERE q.bot_id = :bot AND q.chat_id = :chat AND q.status IN ('queued', 'sending')
                   AND q.about_customer_id IS NOT NULL) AS anew
               WHERE outbox.id = anew.id""",
            bot=tx.bot_id,
            chat=chat_id,
        )


def put_in_turn_of(tx: Tx, item_ids: Iterable[int], before: Row) -> None:
    """Gives these items the turn of that item: they are sent before everything that was said after it."""
    for item_id in item_ids:
        tx.run(
            "UPDATE outbox SET turn = :turn, due_at = :due WHERE id = :id",
            turn=before["turn"],
            due=before["due_at"] - _A_MOMENT,
            id=item_id,
        )


def newest_of_kinds(tx: Tx, item: Row, kinds: Sequence[str]) -> Row | None:
    """The newest due item of these kinds with the rank and in the chat of `item`."""
    among, values = placeholders(kinds)
    return tx.one(
        f"""SELECT o.* FROM outbox o WHERE o.bot_id = :bot AND o.chat_id = :chat AND o.stream = 'dialog'
            AND o.status = 'queued' AND o.rank = :rank AND o.kind IN ({among}) AND o.due_at <= :at
            AND (o.expires_at IS NULL OR o.expires_at > :at) AND {chats.MAY_START} ORDER BY o.id DESC LIMIT 1""",
        bot=tx.bot_id,
        chat=item["chat_id"],
        rank=item["rank"],
        at=tx.at,
        **values,
    )


def swap(tx: Tx, first: Row, second: Row) -> None:
    """Each of the two gets the turn of the other, so nothing else waits longer."""
    for item, other in ((first, second), (second, first)):
        tx.run(
            "UPDATE outbox SET turn = :turn, due_at = :due WHERE id = :id",
            turn=other["turn"],
            due=other["due_at"],
            id=item["id"],
        )


def put_last(tx: Tx, item_ids: list[int]) -> None:
    """Puts these items after everything else that waits for the same customer in that chat, in the given order."""
    for item_id in item_ids:
        tx.run(
            """UPDATE outbox SET turn = (
                   SELECT MAX(o.turn) + 1 FROM outbox o WHERE o.bot_id = outbox.bot_id
                   AND o.chat_id = outbox.chat_id AND o.rank = outbox.rank AND o.status = 'queued'
                   AND o.about_customer_id = outbox.about_customer_id)
               WHERE id = :id AND about_customer_id IS NOT NULL""",
            id=item_id,
        )


@lru_cache
def _insert(about: str | None) -> str:
    """The turn after the customer's last waiting one, and no sooner than the next turn in the chat."""
    if about is None:
        return _INSERT.format(about="NULL", turn="0")
    waiting = (
        "FROM outbox o WHERE o.bot_id = :bot AND o.chat_id = :chat AND o.rank = :rank AND o.status = 'queued'"
    )
    own = f"SELECT MAX(o.turn) + 1 AS turn {waiting} AND o.about_customer_id = {about}"
    on_the_wire = own.replace("'queued'", "'sending'")  # a 429 may put it back into its turn
    next_ = (
        f"""SELECT MIN(o.turn) {waiting} AND o.stream = 'dialog' AND o.due_at <= :at AND {chats.MAY_START}"""
    )
    turn = f"(SELECT COALESCE(MAX(t.turn), 0) FROM ({own} UNION ALL {on_the_wire} UNION ALL {next_}) AS t)"
    return _INSERT.format(about=about, turn=turn)
