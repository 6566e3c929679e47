"""Marketing topics, and what each customer has decided about them."""

from holdline.store.tx import Row, Tx


def register(tx: Tx, name: str) -> int:
    """Returns the topic's id; adds the topic if it is new."""
    known = find_id(tx, name)
    if known is None:
        tx.run(
            """INSERT INTO marketing_topics (bot_id, name, created_at) VALUES (:bot, :name, :at)
               ON CONFLICT (bot_id, name) DO NOTHING""",
            bot=tx.bot_id,
            name=name,
            at=tx.at,
        )
        known = find_id(tx, name)
    assert known is not None
    return known


def find_id(tx: Tx, name: str) -> int | None:
    """The topic's id, or None if nothing has been sent with it."""
    row = tx.one(
        "SELECT id FROM marketing_topics WHERE bot_id = :bot AND name = :name", bot=tx.bot_id, name=name
    )
    return int(row["id"]) if row else None


def name_of(tx: Tx, topic_id: int) -> str | None:
    row = tx.one(
        "SELECT name FROM marketing_topics WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=topic_id
    )
    return str(row["name"]) if row else None


def list_for_customer(tx: Tx, customer_id: int, *, limit: int) -> list[Row]:
    """id, name, `wanted` (0 or 1): topics that the customer decided about or got messages of first, then the others."""
    return tx.all(
        """SELECT t.id, t.name, COALESCE(c.wanted, 1) AS wanted FROM marketing_topics t
           LEFT JOIN customer_topics c ON c.customer_id = :customer AND c.topic = t.name
           LEFT JOIN (SELECT DISTINCT marketing_topic FROM outbox
                      WHERE customer_id = :customer AND class IN ('funnel', 'broadcast')
                      AND status = 'sent') AS got
                ON got.marketing_topic = t.name
           WHERE t.bot_id = :bot
           ORDER BY CASE WHEN COALESCE(c.topic, got.marketing_topic) IS NULL THEN 1 ELSE 0 END, t.id DESC
           LIMIT :limit""",
        bot=tx.bot_id,
        customer=customer_id,
        limit=limit,
    )


def choices(tx: Tx, customer_id: int) -> dict[str, bool]:
    """The customer's decisions by topic; of all other topics they get everything."""
    rows = tx.all(
        "SELECT topic, wanted FROM customer_topics WHERE customer_id = :customer ORDER BY topic",
        customer=customer_id,
    )
    return {row["topic"]: bool(row["wanted"]) for row in rows}


def choice(tx: Tx, customer_id: int, topic: str) -> bool | None:
    """The customer's decision about the topic, or None."""
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
