"""What waits to be shown in one place, and its order."""

from holdline.store.tx import Row, Tx


def items(tx: Tx, place_id: int) -> list[Row]:
    """In the order in which they would leave."""
    return tx.all(
        """SELECT * FROM outbox WHERE bot_id = :bot AND place_id = :place AND status = 'queued'
           ORDER BY rank, turn, due_at, id""",
        bot=tx.bot_id,
        place=place_id,
    )


def put_last(tx: Tx, item_ids: list[int]) -> None:
    """After everything else that waits for the same customer's turn in that chat, in the order given."""
    for item_id in item_ids:
        tx.run(
            """UPDATE outbox SET turn = (
                   SELECT MAX(o.turn) + 1 FROM outbox o WHERE o.bot_id = outbox.bot_id
                   AND o.chat_id = outbox.chat_id AND o.rank = outbox.rank AND o.status = 'queued'
                   AND o.about_customer = outbox.about_customer)
               WHERE id = :id AND about_customer IS NOT NULL""",
            id=item_id,
        )
