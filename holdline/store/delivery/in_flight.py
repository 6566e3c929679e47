"""Items in flight: marked before the call is made, found again by id, token and epoch."""

from collections.abc import Sequence
from datetime import datetime

from holdline.store.delivery import chats
from holdline.store.delivery.chats import MAY_START
from holdline.store.tx import Row, Tx, placeholders


def next_item(tx: Tx, chat_id: int, stream: str, *, except_customers: Sequence[int] = ()) -> Row | None:
    """The next item of the stream that may start: messages of people first, by turn, then by due time and age.

    `except_customers`: customers whose turn it is not.
    """
    if not except_customers:
        return tx.one(_NEXT, bot=tx.bot_id, chat=chat_id, stream=stream, at=tx.at)
    among, values = placeholders(except_customers)
    others = f"AND (o.about_customer_id IS NULL OR o.about_customer_id NOT IN ({among}))"
    return tx.one(
        f"SELECT o.* FROM outbox o WHERE {_IS_NEXT} {others} {_IN_TURN}",
        bot=tx.bot_id,
        chat=chat_id,
        stream=stream,
        at=tx.at,
        **values,
    )


_IS_NEXT = f"""o.bot_id = :bot AND o.chat_id = :chat AND o.stream = :stream
            AND o.status = 'queued' AND o.due_at <= :at AND {MAY_START}"""
_IN_TURN = "ORDER BY o.rank, o.turn, o.due_at, o.id LIMIT 1"
_NEXT = f"SELECT o.* FROM outbox o WHERE {_IS_NEXT} {_IN_TURN}"


def prefetch_next(tx: Tx, chat_ids: list[int]) -> list[Row]:
    """Reads the next items of these chats, which are locked, at once; returns those of the marketing stream."""
    among, values = placeholders(chat_ids)
    next_of = _IS_NEXT.replace(":chat", "ch.chat_id").replace(":stream", "s.stream")
    rows = tx.all(
        f"""SELECT i.* FROM chats ch CROSS JOIN (SELECT 'dialog' AS stream UNION ALL SELECT 'marketing') s
            JOIN outbox i ON i.id = (SELECT o.id FROM outbox o WHERE {next_of} {_IN_TURN})
            WHERE ch.bot_id = :bot AND ch.chat_id IN ({among})""",
        bot=tx.bot_id,
        at=tx.at,
        **values,
    )
    found = {(row["chat_id"], row["stream"]): [row] for row in rows}
    tx.prefetch(
        _NEXT,
        [
            (
                {"bot": tx.bot_id, "chat": chat_id, "stream": stream, "at": tx.at},
                found.get((chat_id, stream), []),
            )
            for chat_id in chat_ids
            for stream in ("dialog", "marketing")
        ],
    )
    return [row for row in rows if row["stream"] == "marketing"]


def lock_due_chats(tx: Tx, limit: int) -> list[tuple[Row, Row | None]]:
    """Locks chats whose dialog stream is due, longest waiting first, and returns each with its next item, if any.

    Chats that somebody else has locked are skipped.
    """
    rows = tx.all(
        f"""SELECT i.*, ch.chat_id AS chat_chat_id, ch.customer_id AS chat_customer_id,
                   ch.marketing_due_at AS chat_marketing_due_at
            FROM chats ch LEFT JOIN outbox i ON i.id = (
                SELECT o.id FROM outbox o WHERE o.bot_id = ch.bot_id AND o.chat_id = ch.chat_id AND o.stream = 'dialog'
                AND o.status = 'queued' AND o.due_at <= :at AND {MAY_START}
                ORDER BY o.rank, o.turn, o.due_at, o.id LIMIT 1)
            WHERE ch.bot_id = :bot AND ch.dialog_due_at <= :at AND ch.in_flight_id IS NULL AND ch.not_before_at <= :at
            AND ch.moved_to_chat_id IS NULL
            ORDER BY ch.dialog_due_at LIMIT :limit FOR UPDATE OF ch SKIP LOCKED""",
        bot=tx.bot_id,
        at=tx.at,
        limit=limit,
    )
    rows.sort(key=lambda row: row["id"] or 0)  # chats due at the same time: in the order of their items
    return [
        ({name: row[f"chat_{name}"] for name in _CHAT_COLUMNS}, row if row["id"] else None) for row in rows
    ]


_CHAT_COLUMNS = ("chat_id", "customer_id", "marketing_due_at")


def mark_sending(tx: Tx, outbox_ids: list[int], *, epoch: int) -> dict[int, int]:
    """Marks items as being sent; returns id → attempt of those that were still queued and that nobody else has
    locked.
    """
    among, values = placeholders(outbox_ids)
    marked = tx.all(
        f"""UPDATE outbox SET status = 'sending', attempts = attempts + 1, begun_at = :at, waits_for = NULL, paid = 0,
                   gate_epoch = (SELECT c.gate_epoch FROM customers c WHERE c.id = outbox.customer_id)
            WHERE id IN (SELECT o.id FROM outbox o WHERE o.id IN ({among}) AND o.status = 'queued'
                         ORDER BY o.id FOR UPDATE SKIP LOCKED)
            RETURNING id, attempts""",
        at=tx.at,
        **values,
    )
    if marked:
        among, values = placeholders([row["id"] for row in marked])
        tx.post(
            f"""INSERT INTO outbox_attempts (outbox_id, attempt, epoch, begun_at)
                SELECT id, attempts, :epoch, :at FROM outbox WHERE id IN ({among}) ORDER BY id""",
            epoch=epoch,
            at=tx.at,
            **values,
        )
    return {row["id"]: row["attempts"] for row in marked}


def hold_chats(tx: Tx, outbox_ids: list[int], *, token: str, until: datetime) -> None:
    """Leases the chats of these items until `until`: one call in flight per chat."""
    among, values = placeholders(outbox_ids)
    tx.post(
        f"""UPDATE chats SET lease_token = :token, leased_until_at = :until,
                   in_flight_id = (SELECT o.id FROM outbox o WHERE o.bot_id = chats.bot_id
                                AND o.chat_id = chats.chat_id AND o.status = 'sending')
            WHERE bot_id = :bot AND chat_id IN (SELECT chat_id FROM outbox WHERE id IN ({among}))""",
        token=token,
        until=until,
        bot=tx.bot_id,
        **values,
    )


def load_locked(
    tx: Tx, outbox_ids: list[int], *, moved_to: list[int] | None = None
) -> dict[int, tuple[Row, Row]]:
    """Chat (locked) and item by id, for items that are in flight. `moved_to`: chats to add and lock as well."""
    if not outbox_ids:
        return {}
    among, values = placeholders(outbox_ids)
    # Items of other bots drop out, because only chats of this bot are locked below.
    items = tx.all(f"SELECT * FROM outbox WHERE id IN ({among})", **values)
    if moved_to:
        chats.add(tx, moved_to)
    held = chats.lock_all(tx, [*(item["chat_id"] for item in items), *(moved_to or [])])
    on_the_wire = {chat["in_flight_id"]: chat for chat in held if chat["in_flight_id"] is not None}
    return {item["id"]: (on_the_wire[item["id"]], item) for item in items if item["id"] in on_the_wire}


def settle_sent(tx: Tx, arrived: dict[int, int | None]) -> None:
    """Marks items as sent: `arrived` is Telegram's message id by outbox id."""
    among, values = placeholders(list(arrived))
    numbers = {f"t{name[1:]}": arrived[outbox_id] for name, outbox_id in values.items()}
    cases = " ".join(f"WHEN :{name} THEN CAST(:t{name[1:]} AS BIGINT)" for name in values)
    tx.post(
        f"""UPDATE outbox SET status = 'sent', settled_at = :at, tg_message_id = CASE id {cases} END
            WHERE id IN ({among})""",
        at=tx.at,
        **values,
        **numbers,
    )


def settle(tx: Tx, outbox_id: int, status: str, **fields: object) -> None:
    """`fields`: columns named in this code: tg_message_id, error, error_code, uncertain, failures, payload_json."""
    assignments = "".join(f", {name} = :{name}" for name in fields)
    tx.post(
        f"UPDATE outbox SET status = :status, settled_at = :settled{assignments} WHERE id = :id",
        status=status,
        settled=None if status == "queued" else tx.at,
        id=outbox_id,
        **fields,
    )


def find_queued(tx: Tx, outbox_id: int) -> Row | None:
    """The row if it waits; None if it is over or in flight."""
    return tx.one("SELECT * FROM outbox WHERE id = :id AND status = 'queued'", id=outbox_id)


def set_uncertain_count(tx: Tx, outbox_id: int, times: int) -> None:
    """Saves how often it was unknown whether the item was sent."""
    tx.run("UPDATE outbox SET uncertain = :times WHERE id = :id", times=times, id=outbox_id)


def lock_overdue(tx: Tx) -> list[Row]:
    """Chats whose call did not return within its lease, locked."""
    return tx.all(
        """SELECT * FROM chats WHERE bot_id = :bot AND leased_until_at <= :at
           ORDER BY chat_id FOR UPDATE SKIP LOCKED""",
        bot=tx.bot_id,
        at=tx.at,
    )


def has_calls(tx: Tx) -> bool:
    """Whether a call is in flight in any chat."""
    sql = "SELECT chat_id FROM chats WHERE bot_id = :bot AND leased_until_at IS NOT NULL LIMIT 1"
    return tx.one(sql, bot=tx.bot_id) is not None


def expire_orphaned_leases(tx: Tx, epoch: int) -> None:
    """Ends the leases of holders before this epoch: they are known to be dead, so nobody need wait for them."""
    held = tx.all(
        f"""SELECT ch.chat_id, ch.customer_id FROM chats ch
            WHERE ch.bot_id = :bot AND ch.leased_until_at > :at AND ch.in_flight_id IN (
                SELECT a.outbox_id FROM outbox_attempts a
                WHERE a.ended_at IS NULL AND a.epoch < :epoch AND a.outbox_id = ch.in_flight_id)
            ORDER BY {chats.LOCK_ORDER} FOR UPDATE""",
        at=tx.at,
        bot=tx.bot_id,
        epoch=epoch,
    )
    if held:
        among, values = placeholders([chat["chat_id"] for chat in held])
        tx.run(
            f"UPDATE chats SET leased_until_at = :at WHERE bot_id = :bot AND chat_id IN ({among})",
            at=tx.at,
            bot=tx.bot_id,
            **values,
        )
