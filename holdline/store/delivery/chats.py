"""Chats that the bot speaks to, each with its pace and its lease."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from holdline.dialogs.outbox.messages import TopicCreation
from holdline.store.tx import Row, Tx, placeholders
from holdline.telegram.chats import is_group


def add(tx: Tx, chat_ids: Iterable[int]) -> None:
    """Their rows exist afterwards; those that did are neither changed nor locked."""
    new = sorted(set(chat_ids))
    values: Row = {}
    for n, chat_id in enumerate(new):
        values |= {f"c{n}": chat_id, f"k{n}": _kind(chat_id)}
    rows = ", ".join(f"(:bot, :c{n}, :k{n})" for n in range(len(new)))
    sql = f"INSERT INTO chats (bot_id, chat_id, kind) VALUES {rows} ON CONFLICT (bot_id, chat_id) DO NOTHING"
    tx.post(sql, bot=tx.bot_id, **values)


def add_for_customer(tx: Tx, chat_id: int, customer_id: int) -> None:
    """The same for a customer's chat; one that was there already is tied to the customer."""
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
    """The customer's chat under lock: always the first lock a unit takes."""
    row = tx.one("SELECT * FROM chats WHERE customer_id = :customer FOR UPDATE", customer=customer_id)
    if row is None:
        raise LookupError(f"customer {customer_id} has no chat; run `holdline doctor`")
    return row


def lock_for_dialog(tx: Tx, dialog_id: int) -> None:
    """The same for the customer of that dialog; nothing where there is no such dialog."""
    tx.one(
        """SELECT chat_id, customer_id FROM chats WHERE customer_id = (
               SELECT customer_id FROM dialogs WHERE bot_id = :bot AND id = :id) FOR UPDATE""",
        bot=tx.bot_id,
        id=dialog_id,
    )


def lock_due_for_marketing(tx: Tx, limit: int, *, for_broadcasts: int = 0) -> list[Row]:
    """Locked chats of customers with an open gate: smart replies, then funnels, then broadcasts, each longest waiting
    first. Each row says `gate`, and that customer is locked too: nobody holds the gate before this unit ends.

    Where there would be no room for broadcasts, as many of them as `for_broadcasts` come in place of the last ones.
    Chats that somebody else has locked are left out.
    """
    rows = tx.all(MARKETING_DUE, bot=tx.bot_id, at=tx.at, limit=limit)
    broadcasts = [chat for chat in rows if chat["urgency"] == BROADCAST]
    urgent = [chat for chat in rows if chat["urgency"] != BROADCAST]
    kept = max(limit - len(urgent), min(for_broadcasts, len(broadcasts)))
    return [*urgent[: limit - kept], *broadcasts[:kept]]


SMART_REPLY, FUNNEL, BROADCAST = range(3)
_OF_CUSTOMERS = "chats ch JOIN customers cu ON cu.id = ch.customer_id"
_MAY_SPEAK = """ch.bot_id = :bot AND marketing_due_at <= :at AND gate = 'open' AND in_flight_id IS NULL
            AND not_before_at <= :at AND moved_to_chat_id IS NULL"""


def _of_class(urgency: int) -> str:
    return f"""SELECT chat_id FROM (SELECT chat_id FROM {_OF_CUSTOMERS} WHERE {_MAY_SPEAK} AND urgency = {urgency}
        ORDER BY marketing_due_at LIMIT :limit) AS class_{urgency}"""


_MAY_SPEAK_BY_KEY = _MAY_SPEAK.replace("marketing_due_at", "+marketing_due_at")
"""The same of a few chats that were chosen: found by their key, not by walking through all that are due."""
MARKETING_DUE = f"""SELECT ch.*, cu.gate FROM {_OF_CUSTOMERS} WHERE {_MAY_SPEAK_BY_KEY} AND ch.chat_id IN (
    {" UNION ALL ".join(_of_class(urgency) for urgency in (SMART_REPLY, FUNNEL, BROADCAST))})
    ORDER BY +urgency, +marketing_due_at FOR UPDATE OF ch, cu SKIP LOCKED"""
URGENCY = f"""COALESCE((SELECT MIN(CASE o.class WHEN 'smart_reply' THEN {SMART_REPLY} WHEN 'funnel' THEN {FUNNEL}
        ELSE {BROADCAST} END)
    FROM outbox o WHERE o.bot_id = chats.bot_id AND o.chat_id = chats.chat_id AND o.stream = 'marketing'
    AND o.status = 'queued'), {BROADCAST})"""
"""Of the marketing that waits in a chat, the most urgent class."""

_DUE = {"dialog": ("chats ch", ""), "marketing": (_OF_CUSTOMERS, "AND gate = 'open'")}
_LOOKAHEAD = 64
_ANNOUNCED = """SELECT * FROM (SELECT stream || ' announced' AS stream, MIN(due_at) AS due_at, 0 AS not_before_at
    FROM waiting_chats WHERE bot_id = :bot GROUP BY stream) AS announced"""


def next_due(tx: Tx) -> dict[str, datetime]:
    """When the sender should look at dialogs, and at marketing, again at the latest; missing where nothing waits.

    Paced chats crowd at the front of the index, so a few are looked at and the rest is bounded by them.
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
"""While a topic is not there yet, only what makes it may start; the rest of its place waits behind it.
A line that leaves with another never starts."""


def _soonest(stream: str) -> str:
    """Something due counts as due now: the minimum is only looked for when nothing is."""
    waiting = f"""FROM outbox o WHERE o.bot_id = chats.bot_id AND o.chat_id = chats.chat_id
        AND o.stream = '{stream}' AND o.status = 'queued' {f"AND {MAY_START}" if stream == "dialog" else ""}"""
    return f"""CASE WHEN EXISTS (SELECT 1 {waiting} AND o.due_at <= :at) THEN CAST(:at AS BIGINT)
               ELSE (SELECT MIN(o.due_at) {waiting}) END"""


_RECOUNT = f"""dialog_due_at = {_soonest("dialog")}, marketing_due_at = {_soonest("marketing")},
               urgency = {URGENCY}"""


def refresh_due_times(tx: Tx, chat_id: int) -> None:
    """Both due times and the urgency anew, from what really waits."""
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
    """Their calls have ended: the chats may be picked again from `not_before` on.

    `stop_reason`: why the chat is shut to us; `doubt_reason`: the unknown words that may mean that it is.
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
    """The row of a chat that has one."""
    row = tx.one("SELECT * FROM chats WHERE bot_id = :bot AND chat_id = :chat", bot=tx.bot_id, chat=chat_id)
    assert row is not None, "an item in the outbox has its chat here"
    return row


def stop_reason(tx: Tx, chat_id: int) -> str | None:
    """The words with which a chat is shut to us; None where it is not."""
    sql = "SELECT stop_reason FROM chats WHERE bot_id = :bot AND chat_id = :chat"
    row = tx.one(sql, bot=tx.bot_id, chat=chat_id)
    return row["stop_reason"] if row is not None else None


def cool_down(tx: Tx, chat_id: int, *, until: datetime) -> None:
    """Nothing is said there before `until`."""
    tx.run(
        """UPDATE chats SET not_before_at = :until, paused_at = :at
           WHERE bot_id = :bot AND chat_id = :chat""",
        until=until,
        at=tx.at,
        bot=tx.bot_id,
        chat=chat_id,
    )


def set_reactions_refused(tx: Tx, chat_id: int, at: datetime) -> None:
    """Since when the chat refuses our reactions."""
    tx.run(
        "UPDATE chats SET reactions_refused_at = :refused WHERE bot_id = :bot AND chat_id = :chat",
        refused=at,
        bot=tx.bot_id,
        chat=chat_id,
    )


def forbid_bursts(tx: Tx, chat_id: int, *, until: datetime) -> None:
    """The chat has met a flood: one operation after another until then."""
    tx.run(
        "UPDATE chats SET no_burst_until_at = :until WHERE bot_id = :bot AND chat_id = :chat",
        until=until,
        bot=tx.bot_id,
        chat=chat_id,
    )


def remember_recent(tx: Tx, chat_id: int, recent: list[int]) -> None:
    """A group's last operations, in microseconds, for its minute."""
    tx.post(
        "UPDATE chats SET recent_operations_json = :recent WHERE bot_id = :bot AND chat_id = :chat",
        recent=recent,
        bot=tx.bot_id,
        chat=chat_id,
    )


def rebase_times(tx: Tx, which: str, **bounds: object) -> None:
    """Those of `which` (SQL over `bounds`): a pause keeps its length from now on, both due times are counted anew."""
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
"""Customers before the desk's own chats, as every use case takes them: nobody waits crosswise."""


def lock_all(tx: Tx, chat_ids: list[int]) -> list[Row]:
    """Under lock, in the one order."""
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
    """Telegram has given the group another id; whatever still names the old one is led to the new one."""
    tx.run(
        """UPDATE chats SET moved_to_chat_id = :new, dialog_due_at = NULL, marketing_due_at = NULL
           WHERE bot_id = :bot AND (chat_id = :old OR moved_to_chat_id = :old)""",
        new=new_chat_id,
        old=chat_id,
        bot=tx.bot_id,
    )


def mark_reachable(tx: Tx, chat_id: int) -> None:
    """The chat lets us speak again: it need not wait for the next try."""
    tx.run(
        """UPDATE chats SET stop_reason = NULL,
                  not_before_at = CASE WHEN stop_reason IS NULL THEN not_before_at ELSE :at END
           WHERE bot_id = :bot AND chat_id = :chat""",
        at=tx.at,
        bot=tx.bot_id,
        chat=chat_id,
    )
