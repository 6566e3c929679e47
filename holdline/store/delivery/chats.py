"""Chats that the bot writes to, each with its pace and its lease."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from holdline.dialogs.outbox.messages import TopicCreation
from holdline.store.tx import Row, Tx, placeholders
from holdline.telegram.chats import is_group


def add(tx: Tx, chat_ids: Iterable[int]) -> None:
    """Adds the rows of these chats; rows that exist are neither changed nor locked."""
    new = sorted(set(chat_ids))
    values: Row = {}
    for n, chat_id in enumerate(new):
        values |= {f"c{n}": chat_id, f"k{n}": _kind(chat_id)}
    rows = ", ".join(f"(:bot, :c{n}, :k{n})" for n in range(len(new)))
    sql = f"INSERT INTO chats (bot_id, chat_id, kind) VALUES {rows} ON CONFLICT (bot_id, chat_id) DO NOTHING"
    tx.post(sql, bot=tx.bot_id, **values)


def add_for_customer(tx: Tx, chat_id: int, customer_id: int) -> None:
    """The same for a customer's chat; a row that exists is tied to the customer."""
    tx.all(
        """INSERT INTO chats (bot_id, chat_id, customer_id, kind) VALUES (:bot, :chat, :customer, :kind)
           ON CONFLICT (bot_id, chat_id) DO UPDATE
           SET customer_id = COALESCE(chats.customer_id, excluded.customer_id)
           RETURNING chat_id, customer_id""",
        bot=tx.bot_id,
        chat=chat_id,
        customer=customer_id,
        kind=_kind(chat_id),
    )


def _kind(chat_id: int) -> str:
    return "group" if is_group(chat_id) else "private"


def lock_for_customer(tx: Tx, customer_id: int) -> Row:
    """The customer's chat, locked. Chats are locked before most other rows (store/engines/lock_order.py)."""
    row = tx.one("SELECT * FROM chats WHERE customer_id = :customer FOR UPDATE", customer=customer_id)
    if row is None:
        raise LookupError(f"customer {customer_id} has no chat; run `holdline doctor`")
    return row


def lock_for_dialog(tx: Tx, dialog_id: int) -> None:
    """Locks the chat of that dialog's customer; does nothing if there is no such dialog."""
    tx.one(
        """SELECT chat_id, customer_id FROM chats WHERE customer_id = (
               SELECT customer_id FROM dialogs WHERE bot_id = :bot AND id = :id) FOR UPDATE""",
        bot=tx.bot_id,
        id=dialog_id,
    )


def lock_due_for_marketing(tx: Tx, limit: int, *, for_broadcasts: int = 0) -> list[Row]:
    """Locks chats of customers with an open gate: smart replies, then funnels, then broadcasts, longest waiting first.

    Each row has `gate`, and that customer is locked too, so nobody can hold the gate before this transaction ends.
    If urgent chats leave too little room, up to `for_broadcasts` chats of broadcasts take the place of the last
    ones. Chats that somebody else has locked are skipped.
    """
    rows = tx.all(MARKETING_DUE, bot=tx.bot_id, at=tx.at, limit=limit)
    broadcasts = [chat for chat in rows if chat["urgency"] == BROADCAST]
    urgent = [chat for chat in rows if chat["urgency"] != BROADCAST]
    kept = max(limit - len(urgent), min(for_broadcasts, len(broadcasts)))
    return [*urgent[: limit - kept], *broadcasts[:kept]]


SMART_REPLY, FUNNEL, BROADCAST = range(3)
OF_CUSTOMERS = "chats ch JOIN customers cu ON cu.id = ch.customer_id"
_MAY_SPEAK = """ch.bot_id = :bot AND marketing_due_at <= :at AND gate = 'open' AND in_flight_id IS NULL
            AND not_before_at <= :at AND moved_to_chat_id IS NULL"""


def _of_class(urgency: int) -> str:
    return f"""SELECT chat_id FROM (SELECT chat_id FROM {OF_CUSTOMERS} WHERE {_MAY_SPEAK} AND urgency = {urgency}
        ORDER BY marketing_due_at LIMIT :limit) AS class_{urgency}"""


MAY_SPEAK_BY_KEY = _MAY_SPEAK.replace("marketing_due_at", "+marketing_due_at")
"""The same for a few chats that were chosen: found by their key, not by a scan of all that are due."""
MARKETING_DUE = f"""SELECT ch.*, cu.gate FROM {OF_CUSTOMERS} WHERE {MAY_SPEAK_BY_KEY} AND ch.chat_id IN (
    {" UNION ALL ".join(_of_class(urgency) for urgency in (SMART_REPLY, FUNNEL, BROADCAST))})
    ORDER BY +urgency, +marketing_due_at, ch.chat_id FOR UPDATE OF ch, cu SKIP LOCKED"""
URGENCY = f"""COALESCE((SELECT MIN(CASE o.class WHEN 'smart_reply' THEN {SMART_REPLY} WHEN 'funnel' THEN {FUNNEL}
        ELSE {BROADCAST} END)
    FROM outbox o WHERE o.bot_id = chats.bot_id AND o.chat_id = chats.chat_id AND o.stream = 'marketing'
    AND o.status = 'queued'), {BROADCAST})"""
"""The most urgent class of the marketing that waits in a chat."""

_DUE = {"dialog": ("chats ch", ""), "marketing": (OF_CUSTOMERS, "AND gate = 'open'")}
_LOOKAHEAD = 64
_ANNOUNCED = """SELECT * FROM (SELECT stream || ' announced' AS stream, MIN(due_at) AS due_at, 0 AS not_before_at
    FROM waiting_chats WHERE bot_id = :bot GROUP BY stream) AS announced"""


def next_due(tx: Tx) -> dict[str, datetime]:
    """When the sender must look at dialogs, and at marketing, again at the latest; missing if nothing waits.

    Paced chats crowd at the front of the index, so only the first few are read, and the rest is bounded by them.
    """
    due_rows = tx.all(" UNION ALL ".join([*map(_due_times_of, _DUE), _ANNOUNCED]), bot=tx.bot_id)
    due: dict[str, datetime] = {}
    for stream in _DUE:
        rows = [row for row in due_rows if row["stream"] == stream]
        moments: list[datetime] = [max(row["due_at"], row["not_before_at"]) for row in rows]
        if len(rows) == _LOOKAHEAD:
            moments.append(max(rows[-1]["due_at"], tx.at + timedelta(seconds=1)))
        moments += [
            row["due_at"] for row in due_rows if row["stream"] == f"{stream} announced" and row["due_at"]
        ]
        if moments:
            due[stream] = min(moments)
    return due


@lru_cache
def _due_times_of(stream: str) -> str:
    column, (tables, gate) = f"{stream}_due_at", _DUE[stream]
    return f"""SELECT * FROM (SELECT '{stream}' AS stream, {column} AS due_at, not_before_at FROM {tables}
        WHERE ch.bot_id = :bot AND {column} IS NOT NULL {gate} AND in_flight_id IS NULL AND moved_to_chat_id IS NULL
        ORDER BY {column} LIMIT {_LOOKAHEAD}) AS {stream}"""


MAY_START = f"""o.merged_into IS NULL AND (o.place_id IS NULL OR o.kind = '{TopicCreation.kind}' OR NOT EXISTS (
    SELECT 1 FROM places p WHERE p.id = o.place_id AND p.mode = 'topic' AND p.thread_id IS NULL AND p.live = 1))"""
"""While a topic does not exist yet, only the item that creates it may start; the other items of its place wait. A line
that is sent with another never starts by itself.
"""


def _soonest(stream: str) -> str:
    """If something is due, the result is now; the minimum is only searched for when nothing is."""
    waiting = f"""FROM outbox o WHERE o.bot_id = chats.bot_id AND o.chat_id = chats.chat_id
        AND o.stream = '{stream}' AND o.status = 'queued' {f"AND {MAY_START}" if stream == "dialog" else ""}"""
    return f"""CASE WHEN EXISTS (SELECT 1 {waiting} AND o.due_at <= :at) THEN CAST(:at AS BIGINT)
               ELSE (SELECT MIN(o.due_at) {waiting}) END"""


_RECOUNT = f"""dialog_due_at = {_soonest("dialog")}, marketing_due_at = {_soonest("marketing")},
               urgency = {URGENCY}"""


def refresh_due_times(tx: Tx, chat_id: int) -> None:
    """Computes both due times and the urgency again from the items that wait."""
    tx.run(
        f"UPDATE chats SET {_RECOUNT} WHERE bot_id = :bot AND chat_id = :chat",
        at=tx.at,
        bot=tx.bot_id,
        chat=chat_id,
    )


def free(
    tx: Tx,
    chat_ids: list[int],
    *,
    not_before: datetime,
    stop_reason: str | None = None,
    doubt_reason: str | None = None,
) -> None:
    """Frees chats whose calls have ended: they may be picked again from `not_before` on.

    `stop_reason`: why the chat is closed to us; `doubt_reason`: unknown words that may mean that it is.
    """
    among, values = placeholders(chat_ids)
    tx.post(
        f"""UPDATE chats SET in_flight_id = NULL, lease_token = NULL, leased_until_at = NULL,
                   stop_reason = :stop_reason, doubt_reason = :doubt_reason,
                   not_before_at = :not_before, paused_at = :at, {_RECOUNT}
            WHERE bot_id = :bot AND chat_id IN ({among})""",
        stop_reason=stop_reason,
        doubt_reason=doubt_reason,
        not_before=not_before,
        at=tx.at,
        bot=tx.bot_id,
        **values,
    )


def by_id(tx: Tx, chat_id: int) -> Row:
    """The row of a chat that must have one."""
    row = tx.one("SELECT * FROM chats WHERE bot_id = :bot AND chat_id = :chat", bot=tx.bot_id, chat=chat_id)
    assert row is not None, "an item in the outbox has its chat here"
    return row


def stop_reason(tx: Tx, chat_id: int) -> str | None:
    """Telegram's words by which a chat is closed to us; None if it is open."""
    sql = "SELECT stop_reason FROM chats WHERE bot_id = :bot AND chat_id = :chat"
    row = tx.one(sql, bot=tx.bot_id, chat=chat_id)
    return row["stop_reason"] if row is not None else None


def cool_down(tx: Tx, chat_id: int, *, until: datetime) -> None:
    """Lets nothing be sent there before `until`."""
    tx.run(
        """UPDATE chats SET not_before_at = :until, paused_at = :at
           WHERE bot_id = :bot AND chat_id = :chat""",
        until=until,
        at=tx.at,
        bot=tx.bot_id,
        chat=chat_id,
    )


def set_reactions_refused(tx: Tx, chat_id: int, at: datetime) -> None:
    """Records since when the chat refuses our reactions."""
    tx.run(
        "UPDATE chats SET reactions_refused_at = :refused WHERE bot_id = :bot AND chat_id = :chat",
        refused=at,
        bot=tx.bot_id,
        chat=chat_id,
    )


def forbid_bursts(tx: Tx, chat_id: int, *, until: datetime) -> None:
    """After a flood in the chat: operations follow one another without bursts until then."""
    tx.run(
        "UPDATE chats SET no_burst_until_at = :until WHERE bot_id = :bot AND chat_id = :chat",
        until=until,
        bot=tx.bot_id,
        chat=chat_id,
    )


def remember_recent(tx: Tx, chat_id: int, recent: list[int]) -> None:
    """Saves a group's last operations, in microseconds, for its limit per minute."""
    tx.post(
        "UPDATE chats SET recent_operations_json = :recent WHERE bot_id = :bot AND chat_id = :chat",
        recent=recent,
        bot=tx.bot_id,
        chat=chat_id,
    )


def rebase_times(tx: Tx, which: str, **bounds: object) -> None:
    """In chats of `which` (SQL over `bounds`) pauses keep their length from now on; due times are computed again."""
    tx.run(
        f"""UPDATE chats SET {_RECOUNT},
                not_before_at = CASE
                    WHEN paused_at > :ahead AND not_before_at > paused_at THEN :at + not_before_at - paused_at
                    WHEN paused_at > :ahead OR not_before_at > :longest THEN :at
                    ELSE not_before_at END,
                no_burst_until_at = CASE
                    WHEN paused_at > :ahead THEN :at + no_burst_until_at - paused_at ELSE no_burst_until_at END,
                paused_at = CASE WHEN paused_at > :ahead THEN :at ELSE paused_at END,
                leased_until_at = CASE
                    WHEN leased_until_at > :longest_call THEN :longest_call ELSE leased_until_at END
            WHERE bot_id = :bot AND {which}""",
        at=tx.at,
        bot=tx.bot_id,
        **bounds,
    )


LOCK_ORDER = "CASE WHEN customer_id IS NULL THEN 1 ELSE 0 END, chat_id"
"""Customers' chats before the desk's own, as every use case locks them, so that there is no deadlock."""


def lock_all(tx: Tx, chat_ids: list[int]) -> list[Row]:
    """Locks these chats, in the standard order."""
    if not chat_ids:
        return []
    among, values = placeholders(chat_ids)
    return tx.all(
        f"""SELECT * FROM chats WHERE bot_id = :bot AND chat_id IN ({among})
            ORDER BY {LOCK_ORDER} FOR UPDATE""",
        bot=tx.bot_id,
        **values,
    )


def mark_moved(tx: Tx, chat_id: int, new_chat_id: int) -> None:
    """Records the group's new id; chats that already lead to the old id lead to the new one."""
    tx.run(
        """UPDATE chats SET moved_to_chat_id = :new, dialog_due_at = NULL, marketing_due_at = NULL
           WHERE bot_id = :bot AND (chat_id = :old OR moved_to_chat_id = :old)""",
        new=new_chat_id,
        old=chat_id,
        bot=tx.bot_id,
    )


def mark_reachable(tx: Tx, chat_id: int) -> None:
    """Records that we may write to the chat again: it need not wait for the next try."""
    tx.run(
        """UPDATE chats SET stop_reason = NULL,
                  not_before_at = CASE WHEN stop_reason IS NULL THEN not_before_at ELSE :at END
           WHERE bot_id = :bot AND chat_id = :chat""",
        at=tx.at,
        bot=tx.bot_id,
        chat=chat_id,
    )
