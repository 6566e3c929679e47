"""Messages of ours by the key under which they were said: what they say can still change."""

from holdline.dialogs.outbox.item import Item
from holdline.store.tx import Tx


def replace_item(tx: Tx, key: str, item: Item) -> bool:
    """What waits under that key says something else when it leaves; False where it has left, or is leaving."""
    return bool(
        tx.run(
            """UPDATE outbox SET kind = :kind, payload_json = :payload
               WHERE bot_id = :bot AND key = :key AND status = 'queued'""",
            kind=item.kind,
            payload=item.as_payload(),
            bot=tx.bot_id,
            key=key,
        )
    )


def message_id_of(tx: Tx, key: str) -> int | None:
    """The number that Telegram gave to what was said under that key."""
    row = tx.one(
        "SELECT tg_message_id FROM outbox WHERE bot_id = :bot AND key = :key", bot=tx.bot_id, key=key
    )
    return row["tg_message_id"] if row else None
