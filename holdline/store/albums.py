"""Albums in the outbox: parts that come one by one and must leave together."""

from datetime import datetime

from holdline.store.tx import Tx


def grow(tx: Tx, *, chat_id: int, collapse_key: str, due_at: datetime) -> bool:
    """Whether an album still waiting took the new part in; it waits a breath longer."""
    return bool(
        tx.run(
            """UPDATE outbox SET due_at = :due WHERE bot_id = :bot AND collapse_key = :key AND chat_id = :chat
               AND kind = 'album' AND status = 'queued'""",
            due=due_at,
            bot=tx.bot_id,
            chat=chat_id,
            key=collapse_key,
        )
    )


def release(tx: Tx, customer_id: int) -> None:
    """The customer's albums are complete: they may go now."""
    released = tx.all(
        """UPDATE outbox SET due_at = :at WHERE bot_id = :bot AND customer_id = :customer AND kind = 'album'
           AND status = 'queued' AND due_at > :at RETURNING chat_id""",
        at=tx.at,
        bot=tx.bot_id,
        customer=customer_id,
    )
    for row in released:
        tx.run(
            """UPDATE lanes SET dialog_due_at = :at
               WHERE bot_id = :bot AND chat_id = :chat AND (dialog_due_at IS NULL OR dialog_due_at > :at)""",
            at=tx.at,
            bot=tx.bot_id,
            chat=row["chat_id"],
        )
    if released:
        tx.wake("outbox")
