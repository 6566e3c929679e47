"""The outbox: everything that must be said, until it is sent, refused in words or parked in sight."""

from collections.abc import Iterable

from holdline.dialogs.gate import lane_of
from holdline.dialogs.outgoing import Outgoing
from holdline.store import lanes
from holdline.store.tx import Tx

_INSERT = """
INSERT INTO outbox (bot_id, chat_id, lane, class, kind, rank, key, collapse_key, payload_json, customer_id,
                    dialog_id, message_id, place_id, due_at, expires_at, created_at)
VALUES (:bot, :chat, :lane, :class, :kind, :rank, :key, :collapse, :payload, :customer,
        :dialog, :message, :place, :due, :expires, :at)
ON CONFLICT (bot_id, key) DO NOTHING
RETURNING id
"""


def add(tx: Tx, outgoing: Iterable[Outgoing]) -> list[int]:
    """The ids of what was really added: the same key again, or a view already waiting, adds nothing."""
    added = [row_id for out in outgoing if (row_id := _add_one(tx, out)) is not None]
    if added:
        tx.wake("outbox")
    return added


def _add_one(tx: Tx, out: Outgoing) -> int | None:
    if out.collapse_key is not None and _waits(tx, out):
        return None
    lane, due = lane_of(out.class_), out.due_at or tx.at
    lanes.ensure(tx, out.chat_id)
    row = tx.one(
        _INSERT,
        bot=tx.bot_id,
        chat=out.chat_id,
        lane=lane,
        **{"class": out.class_.value},
        kind=out.kind,
        rank=out.rank,
        key=out.key,
        collapse=out.collapse_key,
        payload=out.payload,
        customer=out.customer_id,
        dialog=out.dialog_id,
        message=out.message_id,
        place=out.place_id,
        due=due,
        expires=out.expires_at,
        at=tx.at,
    )
    if row is None:
        return None
    lanes.wants(tx, out.chat_id, lane, due)
    return int(row["id"])


def _waits(tx: Tx, out: Outgoing) -> bool:
    return (
        tx.one(
            """SELECT id FROM outbox WHERE bot_id = :bot AND collapse_key = :key AND status = 'queued' LIMIT 1""",
            bot=tx.bot_id,
            key=out.collapse_key,
        )
        is not None
    )
