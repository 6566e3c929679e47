"""Customers, each with their gate and the reach of their chat."""

from datetime import datetime
from typing import Any

from holdline.dialogs.customer import Customer, MessageSender, Mute
from holdline.dialogs.event import Event
from holdline.dialogs.gate import Gate
from holdline.dialogs.refusal import NotFound
from holdline.store.delivery import chats
from holdline.store.tx import Row, Tx, placeholders

_SELECT = "SELECT c.*, ch.reach FROM customers c JOIN chats ch ON ch.customer_id = c.id"
_BY_ID = f"{_SELECT} WHERE c.bot_id = :bot AND c.id = :id"


def by_telegram_id(tx: Tx, telegram_id: int) -> Customer | None:
    row = tx.one(f"{_SELECT} WHERE c.bot_id = :bot AND c.telegram_id = :id", bot=tx.bot_id, id=telegram_id)
    return _customer(row, tx.at) if row else None


def by_id(tx: Tx, customer_id: int) -> Customer | None:
    row = tx.one(_BY_ID, bot=tx.bot_id, id=customer_id)
    return _customer(row, tx.at) if row else None


def prefetch(tx: Tx, customer_ids: list[int]) -> None:
    """Reads them at once. They must be locked."""
    among, values = placeholders(customer_ids)
    rows = tx.all(f"{_SELECT} WHERE c.bot_id = :bot AND c.id IN ({among})", bot=tx.bot_id, **values)
    tx.prefetch(_BY_ID, [({"bot": tx.bot_id, "id": row["id"]}, [row]) for row in rows])


def of_event(tx: Tx, event: Event) -> Customer:
    """The customer of the event, as they are now."""
    customer = by_id(tx, event.customer_id)
    assert customer is not None
    return customer


def where(tx: Tx, condition: str, **values: Any) -> list[Customer]:
    """The customers that match; the condition is written in this room, only `values` come from outside."""
    rows = tx.all(f"{_SELECT} WHERE {condition}", bot=tx.bot_id, **values)
    return [_customer(row, tx.at) for row in rows]


def load(tx: Tx, customer_id: int) -> Customer:
    """Raises NotFound if this bot has no such customer."""
    customer = by_id(tx, customer_id)
    if customer is None:
        raise NotFound("customer", customer_id)
    return customer


def load_locked(tx: Tx, telegram_id: int) -> Customer | None:
    """The customer, locked after their chat. Without a lock of its own the row could show the gate as it was before."""
    row = tx.one(
        f"{_SELECT} WHERE c.bot_id = :bot AND c.telegram_id = :id FOR UPDATE OF ch, c",
        bot=tx.bot_id,
        id=telegram_id,
    )
    return _customer(row, tx.at) if row else None


def insert_if_absent(tx: Tx, sender: MessageSender) -> None:
    """Inserts first and selects afterwards, so that two first messages at once make one customer."""
    tx.run(
        """INSERT INTO customers (bot_id, telegram_id, name, username, language, created_at, last_wrote_at)
           VALUES (:bot, :id, :name, :username, :language, :at, :at)
           ON CONFLICT (bot_id, telegram_id) DO NOTHING""",
        bot=tx.bot_id,
        id=sender.telegram_id,
        name=sender.name,
        username=sender.username,
        language=sender.language,
        at=tx.at,
    )
    row = tx.one(
        "SELECT id FROM customers WHERE bot_id = :bot AND telegram_id = :id",
        bot=tx.bot_id,
        id=sender.telegram_id,
    )
    assert row is not None
    chats.add_for_customer(tx, sender.telegram_id, row["id"])


def refresh(tx: Tx, customer_id: int, sender: MessageSender) -> None:
    """Saves what Telegram says about the person now; a language that they chose is kept."""
    tx.run(
        """UPDATE customers SET name = :name, username = :username, last_wrote_at = :at,
                  language = CASE WHEN language_chosen = 1 THEN language ELSE :language END
           WHERE id = :id""",
        name=sender.name,
        username=sender.username,
        language=sender.language,
        at=tx.at,
        id=customer_id,
    )


def set_gate(tx: Tx, customer_id: int, gate: Gate) -> bool:
    """Changes the gate if it differs; returns whether it changed. The epoch counts the changes."""
    flipped = tx.run(
        """UPDATE customers SET gate = :gate, gate_epoch = gate_epoch + 1, gate_changed_at = :at
           WHERE id = :id AND gate <> :gate""",
        gate=gate.value,
        at=tx.at,
        id=customer_id,
    )
    if flipped:
        tx.wake("outbox")
    return bool(flipped)


def gate_of(tx: Tx, customer_id: int) -> Gate:
    """The gate now. If the customer's chat was locked before, it stays so until the transaction ends."""
    row = tx.one("SELECT gate FROM customers WHERE id = :id", id=customer_id)
    return Gate(row["gate"]) if row else Gate.OPEN


def set_reach(tx: Tx, customer_id: int, reach: str) -> None:
    """Saves whether the customer's chat can be written to: ok, blocked, deactivated or unknown."""
    tx.run("UPDATE chats SET reach = :reach WHERE customer_id = :customer", reach=reach, customer=customer_id)


def set_fields(tx: Tx, customer_id: int, **fields: Any) -> None:
    """Takes only column names written in this code, never names from outside."""
    assignments = ", ".join(f"{name} = :{name}" for name in fields)
    tx.run(f"UPDATE customers SET {assignments} WHERE id = :customer_id", customer_id=customer_id, **fields)


def set_mute(tx: Tx, customer_id: int, mute: Mute | None) -> None:
    """Mutes the customer; None unmutes."""
    set_fields(
        tx,
        customer_id,
        muted_at=mute.at if mute else None,
        muted_until_at=mute.until if mute else None,
        mute_reason=mute.reason if mute else None,
    )


def tags(tx: Tx, customer_id: int) -> list[str]:
    rows = tx.all("SELECT name FROM customer_tags WHERE customer_id = :id ORDER BY name", id=customer_id)
    return [row["name"] for row in rows]


def set_tags(tx: Tx, customer_id: int, names: list[str]) -> None:
    """Replaces all tags of the customer."""
    tx.run("DELETE FROM customer_tags WHERE customer_id = :id", id=customer_id)
    for name in names:
        tx.run("INSERT INTO customer_tags (customer_id, name) VALUES (:id, :name)", id=customer_id, name=name)


def page(tx: Tx, *, after: int, limit: int) -> list[Customer]:
    """In order of id."""
    rows = tx.all(
        f"{_SELECT} WHERE c.bot_id = :bot AND c.id > :after ORDER BY c.id LIMIT :limit",
        bot=tx.bot_id,
        after=after,
        limit=limit,
    )
    return [_customer(row, tx.at) for row in rows]


def _customer(row: Row, at: datetime) -> Customer:
    return Customer(
        id=row["id"],
        bot_id=row["bot_id"],
        telegram_id=row["telegram_id"],
        name=row["name"],
        username=row["username"],
        language=row["language"],
        gate=Gate(row["gate"]),
        reach=row["reach"],
        started_at=row["started_at"],
        opted_out_at=row["opted_out_at"],
        created_at=row["created_at"],
        mute=_mute(row, at=at),
        time_zone=row["time_zone"],
        fields=row["fields_json"] or {},
    )


def _mute(row: Row, *, at: datetime) -> Mute | None:
    """The mute, or None if it is over."""
    if row["muted_at"] is None or (row["muted_until_at"] is not None and row["muted_until_at"] <= at):
        return None
    return Mute(row["muted_at"], row["muted_until_at"], row["mute_reason"] or "")
