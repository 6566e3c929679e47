"""A customer's consents, as people and programs are shown them."""

from typing import Any

from holdline.store.marketing import consents
from holdline.store.people import customers
from holdline.store.tx import Tx


def consents_of(
    tx: Tx, *, customer_id: int, order: str = "oldest", after: int | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """{"id", "at", "topic", "given", "how", "words", "actor"}; `topic` None: all marketing."""
    customers.load(tx, customer_id)
    rows = consents.page(tx, customer_id, newest_first=order == "newest", after=after, limit=limit)
    return [
        {
            **{name: row[name] for name in ("id", "topic", "how", "words")},
            "at": row["created_at"],
            "given": bool(row["given"]),
            "actor": {
                "kind": row["actor_kind"],
                "name": row["actor_name"],
                **({"telegram_id": row["actor_telegram_id"]} if row["actor_telegram_id"] is not None else {}),
            },
        }
        for row in rows
    ]
