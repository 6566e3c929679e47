"""Customers, each with their gate and the reach of their chat."""

from datetime import datetime
from typing import Any

from holdline.dialogs.customer import Customer, MessageSender, Mute
from holdline.dialogs.event import Event
from holdline.dialogs.gate import Gate
from holdline.dialogs.refusal import NotFound
from holdline.store.delivery import chats
from holdline.store.tx import Row, Tx

_SELECT = "SELECT c.*, ch.reach FROM customers c JOIN chats ch ON ch.customer_id = c.id"


def by_telegram_id(tx: Tx, telegram_id: int) -> Customer | None:
    row = tx.one(f"{_SELECT} WHERE c.bot_id = :bot AND c.telegram_id = :id", bot=tx.bot_id, id=telegram_id)
    return _customer(row, tx.at) if row else None


def by_id(tx: Tx, customer_id: int) -> Customer | None:
    row = tx.one(f"{_SELECT} WHERE c.bot_id = :bot AND c.id = :id", bot=tx.bot_id, id=customer_id)
    return _customer(row, tx.at) if row else None


def of_event(tx: Tx, event: Event) -> Customer:
    """The customer to whom it happened, as they are now."""
    customer = by_id(tx, event.customer_id)
    assert customer is not None
    return customer


def where(tx: Tx, condition: str, **values: Any) -> list[Customer]:
    """Those that fit; the condition is written in this room, only `values` come from outside."""
    rows = tx.all(f"{_SELECT} WHERE {condition}", bot=tx.bot_id, **values)
    return [_customer(row, tx.at) for row in rows]


def load(tx: Tx, customer_id: int) -> Customer:
    """NotFound where this bot has no such customer."""
    customer = by_id(tx, customer_id)
    if customer is None:
        raise NotFound("customer", customer_id)
    return customer


def load_locked(tx: Tx, telegram_id: int) -> Customer | None:
    """The customer, locked, with their chat first. Without a lock of its own the gate could be the one of before."""
    row = tx.one(
        f"{_SELECT} WHERE c.bot_id = :bot AND c.telegram_id = :id FOR UPDATE OF ch, c",
        bot=tx.bot_id,
        id=telegram_id,
    )
    return _customer(row, tx.at) if row else None


def insert_if_absent(tx: Tx, sender: MessageSender) -> None:
    """Insert first, select afterwards: two first messages at once make one customer."""
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
    """What Telegram says of the person now; a chosen language stays chosen."""
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
    """Flip the gate where it differs; whether it flipped. The epoch counts flips."""
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
    """As it is now: asked after the customer's chat was locked, it stays so until the unit ends."""
    row = tx.one("SELECT gate FROM customers WHERE id = :id", id=customer_id)
    return Gate(row["gate"]) if row else Gate.OPEN


def set_reach(tx: Tx, customer_id: int, reach: str) -> None:
    """Whether their chat can be written to: ok, blocked, deactivated or unknown."""
    tx.run("UPDATE chats SET reach = :reach WHERE customer_id = :customer", reach=reach, customer=customer_id)


def set_fields(tx: Tx, customer_id: int, **fields: Any) -> None:
    """Only columns named in this code, never names from outside."""
    assignments = ", ".join(f"{name} = :{name}" for name in fields)
    tx.run(f"UPDATE customers SET {assignments} WHERE id = :customer_id", customer_id=customer_id, **fields)


def set_mute(tx: Tx, customer_id: int, mute: Mute | None) -> None:
    """None where the customer is heard again."""
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
    """These and no others."""
    tx.run("DELETE FROM customer_tags WHERE customer_id = :id", id=customer_id)
    for name in names:
        tx.run("INSERT INTO customer_tags (customer_id, name) VALUES (:id, :name)", id=customer_id, name=name)


def page(tx: Tx, *, after: int, limit: int) -> list[Customer]:
    """By rising id."""
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
    """None where it is over."""
    if row["muted_at"] is None or (row["muted_until_at"] is not None and row["muted_until_at"] <= at):
        return None
    return Mute(row["muted_at"], row["muted_until_at"], row["mute_reason"] or "")
