"""Topics of marketing, and what each customer has decided about them."""

from holdline.store.tx import Tx


def register(tx: Tx, name: str) -> int:
    """Its id; one that nobody has used before begins here."""
    sql = "SELECT id FROM marketing_topics WHERE bot_id = :bot AND name = :name"
    row = tx.one(sql, bot=tx.bot_id, name=name)
    if row is None:
        tx.run(
            """INSERT INTO marketing_topics (bot_id, name, created_at) VALUES (:bot, :name, :at)
               ON CONFLICT (bot_id, name) DO NOTHING""",
            bot=tx.bot_id,
            name=name,
            at=tx.at,
        )
        row = tx.one(sql, bot=tx.bot_id, name=name)
    assert row is not None
    return int(row["id"])


def choices(tx: Tx, customer_id: int) -> dict[str, bool]:
    """What the customer has decided, by topic; of any other topic they get what comes."""
    rows = tx.all(
        "SELECT topic, wanted FROM customer_topics WHERE customer_id = :customer ORDER BY topic",
        customer=customer_id,
    )
    return {row["topic"]: bool(row["wanted"]) for row in rows}


def choice(tx: Tx, customer_id: int, topic: str) -> bool | None:
    """None where they have decided nothing about it."""
    row = tx.one(
        "SELECT wanted FROM customer_topics WHERE customer_id = :customer AND topic = :topic",
        customer=customer_id,
        topic=topic,
    )
    return bool(row["wanted"]) if row else None


def decide(tx: Tx, customer_id: int, topic: str, *, wanted: bool) -> None:
    tx.run(
        """INSERT INTO customer_topics (customer_id, topic, wanted, changed_at)
           VALUES (:customer, :topic, :wanted, :at)
           ON CONFLICT (customer_id, topic) DO UPDATE SET wanted = excluded.wanted, changed_at = excluded.changed_at""",
        customer=customer_id,
        topic=topic,
        wanted=int(wanted),
        at=tx.at,
    )
