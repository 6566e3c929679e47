"""What a Telegram message represents: the only link between Telegram's ids and ours."""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from holdline.dialogs.audience import Audience
from holdline.store.errors import MessageIdUnknownYet
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class TelegramMessage:
    """`role`: original, copy, card, notice, form; `audience`: who reads it there; the other fields say what it
    represents.
    """

    chat_id: int
    tg_message_id: int
    role: str
    audience: Audience
    message_id: int | None = None
    customer_id: int | None = None
    dialog_id: int | None = None
    inbox_item_id: int | None = None
    place_id: int | None = None
    part: int = 0


_COLUMNS = tuple(field.name for field in fields(TelegramMessage))


def add(tx: Tx, chat_id: int, tg_message_id: int, role: str, *, audience: Audience, **links: Any) -> bool:
    """Returns False if that Telegram message is known already; `links` as in TelegramMessage."""
    entries = [TelegramMessage(chat_id, tg_message_id, role, audience, **links)]
    return bool(tx.run(_insert(1), **_values(tx, entries)))


def relink_original(
    tx: Tx, chat_id: int, tg_message_id: int, *, message_id: int, customer_id: int, dialog_id: int | None
) -> None:
    """A manager's message that was deleted is sent after all: its original represents the new message from now on."""
    tx.run(
        """UPDATE telegram_messages SET message_id = :message, customer_id = :customer, dialog_id = :dialog
           WHERE bot_id = :bot AND chat_id = :chat AND tg_message_id = :tg AND role = 'original'""",
        bot=tx.bot_id,
        chat=chat_id,
        tg=tg_message_id,
        message=message_id,
        customer=customer_id,
        dialog=dialog_id,
    )


def add_all(tx: Tx, entries: list[TelegramMessage]) -> None:
    """Adds those that are not known yet."""
    if entries:
        tx.post(_insert(len(entries)), **_values(tx, entries))


def _values(tx: Tx, entries: list[TelegramMessage]) -> dict[str, object]:
    values = {f"{name}{n}": getattr(copy, name) for n, copy in enumerate(entries) for name in _COLUMNS}
    return {"bot": tx.bot_id, "at": tx.at, **values}


@lru_cache(maxsize=128)
def _insert(count: int) -> str:
    rows = (f"(:bot, {', '.join(f':{name}{n}' for name in _COLUMNS)}, :at)" for n in range(count))
    return f"""INSERT INTO telegram_messages (bot_id, {", ".join(_COLUMNS)}, created_at) VALUES {", ".join(rows)}
               ON CONFLICT (bot_id, chat_id, tg_message_id) DO NOTHING"""


def find(tx: Tx, chat_id: int, tg_message_id: int) -> Row | None:
    """What that Telegram message represents, or None."""
    return tx.one(
        "SELECT * FROM telegram_messages WHERE bot_id = :bot AND chat_id = :chat AND tg_message_id = :tg",
        bot=tx.bot_id,
        chat=chat_id,
        tg=tg_message_id,
    )


def resolve_target(tx: Tx, chat_id: int, tg_message_id: int) -> Row | None:
    """What somebody replies or reacts to. Raises MessageIdUnknownYet if it may be in flight now.

    People and programs can be quicker than the answer that tells us a message's id.
    """
    row = find(tx, chat_id, tg_message_id)
    if row is not None:
        return row
    if _on_its_way(tx, chat_id, tg_message_id):
        raise MessageIdUnknownYet(f"message {tg_message_id} is being sent")
    return find(tx, chat_id, tg_message_id)  # PostgreSQL may have stored its id between the two questions


def nearest_message_above(tx: Tx, chat_id: int, *, customer_id: int, before: int) -> Row | None:
    """The newest message above that one that was written to or by this customer, or by any other; topics are left out.

    A window that asks for a message to a customer counts like a message of that customer. Notices, cards, lists and
    the desk's messages to others do not count: nobody takes them for somebody's question. Raises MessageIdUnknownYet
    if it may be in flight now.
    """
    if _on_its_way(tx, chat_id, before):
        raise MessageIdUnknownYet(f"something above message {before} is being sent")
    return tx.one(
        """SELECT k.*, COALESCE(m.customer_id, k.customer_id) AS of_customer_id FROM telegram_messages k
           LEFT JOIN messages m ON m.id = k.message_id LEFT JOIN places p ON p.id = k.place_id
           WHERE k.bot_id = :bot AND k.chat_id = :chat AND k.tg_message_id < :before AND k.audience = 'desk'
           AND k.deleted_at IS NULL AND (p.id IS NULL OR p.mode <> 'topic')
           AND ((k.role = 'copy' AND m.direction = 'in') OR (k.role = 'copy' AND m.customer_id = :customer)
                OR (k.role = 'original' AND m.thread_id IS NULL AND m.customer_id = :customer)
                OR (k.message_id IS NULL AND k.dialog_id IS NULL AND k.customer_id IS NOT NULL))
           ORDER BY k.tg_message_id DESC LIMIT 1""",
        bot=tx.bot_id,
        chat=chat_id,
        customer=customer_id,
        before=before,
    )


def _on_its_way(tx: Tx, chat_id: int, tg_message_id: int) -> bool:
    """Whether that message may be in flight now.

    A chat has one call in flight, and ids in a chat only rise. So the desk's own message with a higher id, or the same,
    rules it out. Messages of people do not: a colleague may write while the call is in flight.
    """
    return (
        tx.one(
            """SELECT id FROM outbox WHERE bot_id = :bot AND chat_id = :chat AND status = 'sending'
               AND NOT EXISTS (SELECT 1 FROM telegram_messages c WHERE c.bot_id = :bot AND c.chat_id = :chat
                               AND c.tg_message_id >= :tg AND c.role <> 'original') LIMIT 1""",
            bot=tx.bot_id,
            chat=chat_id,
            tg=tg_message_id,
        )
        is not None
    )


def of_message(tx: Tx, message_id: int) -> list[Row]:
    """The original and all copies, parts in order, without deleted ones. A copy may show other lines as well."""
    rows = tx.all(
        """SELECT c.* FROM telegram_messages c
           WHERE c.bot_id = :bot AND c.message_id = :message AND c.deleted_at IS NULL
           UNION ALL
           SELECT c.* FROM merged_messages l JOIN telegram_messages c
               ON c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.tg_message_id = l.tg_message_id
           WHERE l.bot_id = :bot AND l.message_id = :message AND c.deleted_at IS NULL
           ORDER BY chat_id, part, tg_message_id""",
        bot=tx.bot_id,
        message=message_id,
    )
    return [{**row, "message_id": message_id} for row in rows]


def cards_of_inbox_item(tx: Tx, inbox_item_id: int) -> list[Row]:
    """The cards of one inbox item, oldest first; those in places that are no longer live come last."""
    return tx.all(
        """SELECT k.* FROM telegram_messages k LEFT JOIN places p ON p.id = k.place_id
           WHERE k.bot_id = :bot AND k.inbox_item_id = :item AND k.role = 'copy'
           ORDER BY COALESCE(p.live, 1) DESC, k.created_at, k.tg_message_id""",
        bot=tx.bot_id,
        item=inbox_item_id,
    )


def recent_copy_times(tx: Tx, chat_id: int, customer_id: int, *, since: datetime) -> list[datetime]:
    """When messages of the customer were shown there since then, newest first; only the newest messages are read."""
    rows = tx.all(
        """SELECT created_at FROM (
               SELECT customer_id, created_at, role FROM telegram_messages WHERE bot_id = :bot AND chat_id = :chat
               ORDER BY tg_message_id DESC LIMIT 100) AS newest
           WHERE customer_id = :customer AND role = 'copy' AND created_at > :since ORDER BY created_at DESC""",
        bot=tx.bot_id,
        chat=chat_id,
        customer=customer_id,
        since=since,
    )
    return [row["created_at"] for row in rows]


def first_cards_waiting(tx: Tx, customer_id: int) -> list[Row]:
    """The cards of the first message of each waiting Inbox item of the customer, without albums."""
    return tx.all(
        """SELECT k.* FROM inbox_items i JOIN messages m ON m.id = i.first_message_id
           JOIN telegram_messages k ON k.message_id = m.id AND k.inbox_item_id = i.id AND k.bot_id = i.bot_id
           WHERE i.bot_id = :bot AND i.customer_id = :customer AND i.state = 'new' AND m.album_id IS NULL
           AND k.role = 'copy' AND k.part = 0 AND k.deleted_at IS NULL ORDER BY k.chat_id, k.tg_message_id""",
        bot=tx.bot_id,
        customer=customer_id,
    )


def mark_deleted(tx: Tx, chat_id: int, tg_message_id: int) -> None:
    tx.run(
        "UPDATE telegram_messages SET deleted_at = :at WHERE bot_id = :bot AND chat_id = :chat AND tg_message_id = :tg",
        at=tx.at,
        bot=tx.bot_id,
        chat=chat_id,
        tg=tg_message_id,
    )
