"""The person that an export or an erasure is about."""

from dataclasses import dataclass
from datetime import datetime

from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class PersonIds:
    """Ours and Telegram's. `values` are what the conditions of the table map take."""

    customer_id: int
    telegram_id: int

    @property
    def values(self) -> Row:
        return {"customer": self.customer_id, "telegram_id": self.telegram_id}


def find_people(tx: Tx, named: str) -> list[PersonIds]:
    """The customers meant by `12`, `telegram:510000001` or `@anna`; several if former owners of a username are kept."""
    value: str | int
    if named.startswith("@"):
        condition, value = "LOWER(username) = :value", named[1:].lower()
    elif named.startswith("telegram:"):
        condition, value = "telegram_id = :value", _number(named.removeprefix("telegram:"))
    else:
        condition, value = "id = :value", _number(named)
    rows = tx.all(
        f"SELECT id, telegram_id FROM customers WHERE bot_id = :bot AND {condition} ORDER BY id LIMIT 10",
        bot=tx.bot_id,
        value=value,
    )
    return [PersonIds(row["id"], row["telegram_id"]) for row in rows]


def _number(text: str) -> int:
    """0, which no customer has, if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else 0


def people_page(tx: Tx, *, after: int) -> list[tuple[PersonIds, datetime]]:
    """The next customers with a Telegram id, and since when they are known."""
    rows = tx.all(
        """SELECT id, telegram_id, created_at FROM customers
           WHERE bot_id = :bot AND id > :after AND telegram_id > 0 ORDER BY id LIMIT 2000""",
        bot=tx.bot_id,
        after=after,
    )
    return [(PersonIds(row["id"], row["telegram_id"]), row["created_at"]) for row in rows]
