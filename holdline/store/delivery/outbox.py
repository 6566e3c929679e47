"""The outbox: everything that must be sent, until it is sent, refused or parked."""

from collections.abc import Iterable
from datetime import datetime

from holdline.dialogs.gate import stream_of
from holdline.dialogs.outbox.kinds import kind_of
from holdline.dialogs.outbox.messages import Album, MessagePart
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import kind_lists, turns, waiting_chats
from holdline.store.tx import Row, Tx


def add(tx: Tx, outgoing: Iterable[Outgoing]) -> list[int]:
    """Adds items; returns the ids of those really added: a known key, or a view that waits already, adds nothing.

    A view that waits for a later time than the new one is made due sooner.
    """
    return [row_id for out in outgoing if (row_id := _add_one(tx, out)) is not None]


def _add_one(tx: Tx, out: Outgoing) -> int | None:
    stream, due = stream_of(out.class_), out.due_at or tx.at
    if out.collapse_key is not None and _is_waiting(tx, out.collapse_key, stream, due):
        return None
    chat_id = waiting_chats.current_chat_id(tx, out.to.chat_id)
    row = tx.one(
        turns.insert_sql(out),
        bot=tx.bot_id,
        chat=chat_id,
        stream=stream,
        **{"class": out.class_.value},
        audience=out.audience,
        kind=out.item.kind,
        rank=out.rank,
        key=out.key,
        collapse=out.collapse_key,
        payload=_payload(out),
        customer=out.customer_id,
        dialog=out.dialog_id,
        message=out.message_id,
        place=out.place_id,
        due=due,
        expires=out.expires_at,
        broadcast=out.source.broadcast_id,
        enrolment=out.source.enrolment_id,
        api_key=out.source.api_key_id,
        topic=out.source.topic,
        at=tx.at,
    )
    if row is None:
        return None
    waiting_chats.announce(tx, chat_id, stream, due)
    waiting_chats.expect_reader(tx, chat_id, out.audience)
    return int(row["id"])


def _payload(out: Outgoing) -> Row:
    """The item's content, and the thread beside it: a chat that has moved keeps its threads."""
    payload = out.item.as_payload()
    return payload if out.to.thread_id is None else {**payload, "thread_id": out.to.thread_id}


def _is_waiting(tx: Tx, collapse_key: str, stream: str, due: datetime) -> bool:
    """Whether one waits already; if so, it is due by `due` at the latest, also if it was put off because of a restore.
    One that the sender has locked does not count.
    """
    waiting = tx.one(
        """SELECT id, chat_id, due_at FROM outbox
           WHERE bot_id = :bot AND collapse_key = :key AND status = 'queued' LIMIT 1 FOR UPDATE SKIP LOCKED""",
        bot=tx.bot_id,
        key=collapse_key,
    )
    if waiting is None or waiting["due_at"] <= due:
        return waiting is not None
    waiting_chats.announce(tx, waiting["chat_id"], stream, due)
    tx.run("UPDATE outbox SET due_at = :due, waits_for = NULL WHERE id = :id", due=due, id=waiting["id"])
    return True


def status_of(tx: Tx, key: str) -> str | None:
    """The status of the item with that key; None if there is none."""
    row = tx.one("SELECT status FROM outbox WHERE bot_id = :bot AND key = :key", bot=tx.bot_id, key=key)
    return row["status"] if row else None


def withdraw(tx: Tx, collapse_key: str) -> None:
    """Cancels the item that waits under that key: the change that comes now contains everything."""
    tx.run(
        """UPDATE outbox SET status = 'cancelled', settled_at = :at, error = 'superseded'
           WHERE bot_id = :bot AND collapse_key = :key AND status = 'queued'""",
        at=tx.at,
        bot=tx.bot_id,
        key=collapse_key,
    )


def put_off(tx: Tx, chat_id: int, *, rank: int, until: datetime) -> None:
    """Postpones waiting items of that rank in the chat until then at least."""
    tx.run(
        """UPDATE outbox SET due_at = :until WHERE bot_id = :bot AND chat_id = :chat AND stream = 'dialog'
           AND status = 'queued' AND rank = :rank AND due_at < :until""",
        until=until,
        bot=tx.bot_id,
        chat=chat_id,
        rank=rank,
    )


def cancel_message(tx: Tx, message_id: int) -> None:
    """Cancels the parts of the message that were not sent yet."""
    tx.run(
        f"""UPDATE outbox SET status = 'cancelled', settled_at = :at, error = 'taken back'
           WHERE bot_id = :bot AND message_id = :message AND status = 'queued'
           AND kind IN {kind_lists.COPIES} AND kind <> '{Album.kind}'""",
        at=tx.at,
        bot=tx.bot_id,
        message=message_id,
    )


def message_ids_of(tx: Tx, item: Row) -> list[int]:
    """The messages that the item carries: one, or the parts of an album in their order at Telegram."""
    if kind_of(item) is not Album:
        return [] if item["message_id"] is None else [int(item["message_id"])]
    numbers = {f"part{at}": number for at, number in enumerate(Album.of(item).message_ids)}
    if not numbers:
        return []
    parts = tx.all(
        f"""SELECT id FROM messages WHERE id IN ({", ".join(f":{name}" for name in numbers)})
            ORDER BY tg_message_id, id""",
        **numbers,
    )
    return [int(part["id"]) for part in parts]


def list_queued(tx: Tx, chat_id: int) -> list[Row]:
    """Everything still queued for one chat."""
    return tx.all(
        "SELECT * FROM outbox WHERE bot_id = :bot AND chat_id = :chat AND status = 'queued' ORDER BY id",
        bot=tx.bot_id,
        chat=chat_id,
    )


def is_shown_elsewhere(tx: Tx, item: Row) -> bool:
    """Whether the same customer's message was shown, or will be, in another chat of the desk."""
    return (
        tx.one(
            f"""SELECT id FROM outbox WHERE bot_id = :bot AND message_id = :message AND chat_id <> :chat
               AND audience = 'desk' AND kind IN {kind_lists.SHOWING_CUSTOMER}
               AND status IN ('queued', 'sending', 'sent') LIMIT 1""",
            bot=tx.bot_id,
            message=item["message_id"],
            chat=item["chat_id"],
        )
        is not None
    )


def has_parts_on_the_way(tx: Tx, message_id: int, *, chat_id: int, place_id: int | None) -> bool:
    """Whether a part of the message is still to be shown in that place."""
    return (
        tx.one(
            f"""SELECT id FROM outbox WHERE bot_id = :bot AND message_id = :message AND chat_id = :chat
               AND COALESCE(place_id, 0) = :place AND kind IN {kind_lists.COPIES} AND kind <> '{Album.kind}'
               AND status IN ('queued', 'sending') LIMIT 1""",
            bot=tx.bot_id,
            message=message_id,
            chat=chat_id,
            place=place_id or 0,
        )
        is not None
    )


def has_unsent_parts(tx: Tx, message_id: int, *, except_id: int) -> bool:
    """Whether another part of the same message has not been sent."""
    return (
        tx.one(
            f"""SELECT id FROM outbox WHERE bot_id = :bot AND message_id = :message AND id <> :id
               AND kind = '{MessagePart.kind}' AND status <> 'sent' LIMIT 1""",
            bot=tx.bot_id,
            message=message_id,
            id=except_id,
        )
        is not None
    )


def follow_place(tx: Tx, old_place_id: int, new_place_id: int) -> None:
    """Moves waiting items of a lost place to its successor."""
    tx.run(
        "UPDATE outbox SET place_id = :new WHERE bot_id = :bot AND place_id = :old AND status = 'queued'",
        new=new_place_id,
        old=old_place_id,
        bot=tx.bot_id,
    )


def follow_group(tx: Tx, old_chat_id: int, new_chat_id: int) -> None:
    """Moves queued and parked items to the group's new id."""
    tx.run(
        """UPDATE outbox SET chat_id = :new
           WHERE bot_id = :bot AND chat_id = :old AND status IN ('queued', 'parked')""",
        new=new_chat_id,
        old=old_chat_id,
        bot=tx.bot_id,
    )
    turns.renumber(tx, [new_chat_id])


def list_expired(tx: Tx) -> list[Row]:
    """Queued items that have expired, without those that the sender has locked.

    In the order of the index: by id, PostgreSQL's plan for any time walks through all finished rows.
    """
    return tx.all(
        """SELECT * FROM outbox WHERE bot_id = :bot AND status = 'queued' AND expires_at <= :at
           ORDER BY expires_at, id LIMIT 500 FOR UPDATE SKIP LOCKED""",
        bot=tx.bot_id,
        at=tx.at,
    )


def requeue(tx: Tx, *, reason: str, chat_id: int | None = None) -> int:
    """Queues parked items again, for a person or because a chat is open again; `reason` is how their error begins.

    They keep their old turns: the caller numbers them again.
    """
    back = tx.all(
        """UPDATE outbox SET status = 'queued', settled_at = NULL, uncertain = 0, failures = 0
           WHERE bot_id = :bot AND status = 'parked' AND error LIKE :reason
           AND (CAST(:chat AS BIGINT) IS NULL OR chat_id = :chat) RETURNING chat_id, stream""",
        bot=tx.bot_id,
        reason=f"{reason}%",
        chat=chat_id,
    )
    for row in back:
        waiting_chats.announce(tx, row["chat_id"], row["stream"], tx.at)
    return len(back)
