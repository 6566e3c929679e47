"""Outbox items that wait to be shown in one place."""

from holdline.dialogs.outbox.messages import InboxCard
from holdline.store.tx import Row, Tx, placeholders


def items(tx: Tx, place_id: int) -> list[Row]:
    """In the order in which they would be sent."""
    return tx.all(
        """SELECT * FROM outbox WHERE bot_id = :bot AND place_id = :place AND status = 'queued'
           ORDER BY rank, turn, due_at, id""",
        bot=tx.bot_id,
        place=place_id,
    )


def first_message_id(tx: Tx, place_id: int) -> int | None:
    """The oldest message that waits to be shown there; it and later ones are shown by their own outbox items."""
    row = tx.one(
        """SELECT MIN(message_id) AS first FROM outbox WHERE bot_id = :bot AND place_id = :place
           AND status = 'queued'""",
        bot=tx.bot_id,
        place=place_id,
    )
    return row["first"] if row is not None else None


def list_without_first_card(tx: Tx, shown_in: list[Row], item_id: int) -> set[int]:
    """The places to which the first card of the Inbox item was never addressed, because they are newer."""
    if not shown_in:
        return set()
    among, values = placeholders([place["id"] for place in shown_in])
    rows = tx.all(
        f"""SELECT p.id FROM places p JOIN inbox_items i ON i.bot_id = p.bot_id AND i.id = :item
            JOIN messages m ON m.id = i.first_message_id AND m.deleted_at IS NULL
            WHERE p.bot_id = :bot AND p.id IN ({among}) AND NOT EXISTS (
                SELECT 1 FROM outbox o WHERE o.bot_id = p.bot_id AND o.message_id = m.id AND o.place_id = p.id
                AND o.kind = '{InboxCard.kind}')""",
        bot=tx.bot_id,
        item=item_id,
        **values,
    )
    return {int(row["id"]) for row in rows}
