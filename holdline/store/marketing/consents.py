"""The ledger of consent: lines are added, never changed."""

from holdline.dialogs.event import Actor
from holdline.store.tx import Row, Tx


def add(
    tx: Tx, customer_id: int, *, topic: str | None, given: bool, how: str, words: str, actor: Actor
) -> None:
    """`topic` None means all marketing. `how`: the way it came; `words`: the customer's, or those on the button."""
    tx.run(
        """INSERT INTO consents (bot_id, customer_id, topic, given, how, words, actor_kind, actor_name, actor_id,
                                 actor_telegram_id, created_at)
           VALUES (:bot, :customer, :topic, :given, :how, :words, :kind, :name, :actor, :telegram, :at)""",
        bot=tx.bot_id,
        customer=customer_id,
        topic=topic,
        given=int(given),
        how=how,
        words=words,
        kind=actor.kind,
        name=actor.name,
        actor=actor.id,
        telegram=actor.telegram_id,
        at=tx.at,
    )


def page(tx: Tx, customer_id: int, *, newest_first: bool, after: int | None, limit: int) -> list[Row]:
    """The customer's lines, in order of id."""
    step = "<" if newest_first else ">"
    return tx.all(
        f"""SELECT * FROM consents WHERE customer_id = :customer
            AND (CAST(:after AS BIGINT) IS NULL OR id {step} :after)
            ORDER BY id {"DESC" if newest_first else "ASC"} LIMIT :limit""",
        customer=customer_id,
        after=after,
        limit=limit,
    )


def has_given(tx: Tx, customer_id: int) -> bool:
    """Whether the newest line about all marketing is a yes."""
    row = tx.one(
        """SELECT given FROM consents WHERE customer_id = :customer AND topic IS NULL ORDER BY id DESC LIMIT 1""",
        customer=customer_id,
    )
    return bool(row and row["given"])
