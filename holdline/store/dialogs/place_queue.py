"""What waits to be shown in one place."""

from holdline.store.tx import Row, Tx


def items(tx: Tx, place_id: int) -> list[Row]:
    """In the order in which they would leave."""
    return tx.all(
        """SELECT * FROM outbox WHERE bot_id = :bot AND place_id = :place AND status = 'queued'
           ORDER BY rank, turn, due_at, id""",
        bot=tx.bot_id,
        place=place_id,
    )


def first_message_id(tx: Tx, place_id: int) -> int | None:
    """The oldest message that waits to be shown there; it and what follows show themselves."""
    row = tx.one(
        """SELECT MIN(message_id) AS first FROM outbox WHERE bot_id = :bot AND place_id = :place
           AND status = 'queued'""",
        bot=tx.bot_id,
        place=place_id,
    )
    return row["first"] if row is not None else None
