"""Our messages by their outbox key, because their content can still change."""

from collections.abc import Sequence

from holdline.dialogs.outbox.item import Item
from holdline.store.tx import Row, Tx, placeholders


def replace_item(tx: Tx, key: str, item: Item) -> bool:
    """Replaces the item that waits under that key; returns False if it was sent or is in flight.

    The new item goes to the same thread.
    """
    waiting = tx.one(
        """SELECT id, payload_json FROM outbox
           WHERE bot_id = :bot AND key = :key AND status = 'queued' FOR UPDATE""",
        bot=tx.bot_id,
        key=key,
    )
    if waiting is None:
        return False
    kept = {name: value for name, value in waiting["payload_json"].items() if name == "thread_id"}
    tx.run(
        "UPDATE outbox SET kind = :kind, payload_json = :payload WHERE id = :id",
        kind=item.kind,
        payload=item.as_payload() | kept,
        id=waiting["id"],
    )
    return True


def find_all(tx: Tx, keys: Sequence[str]) -> list[Row]:
    """The messages with these keys, sent or not: key, chat_id, tg_message_id, status, payload_json."""
    if not keys:
        return []
    among, values = placeholders(keys)
    return tx.all(
        f"""SELECT key, chat_id, tg_message_id, status, payload_json FROM outbox
            WHERE bot_id = :bot AND key IN ({among}) ORDER BY id""",
        bot=tx.bot_id,
        **values,
    )


def outcome_of(tx: Tx, key: str) -> Row | None:
    """The result of the message with that key: status, settled_at."""
    return tx.one(
        "SELECT status, settled_at FROM outbox WHERE bot_id = :bot AND key = :key", bot=tx.bot_id, key=key
    )


def message_id_of(tx: Tx, key: str) -> int | None:
    """The Telegram id of the message with that key."""
    row = tx.one(
        "SELECT tg_message_id FROM outbox WHERE bot_id = :bot AND key = :key", bot=tx.bot_id, key=key
    )
    return row["tg_message_id"] if row else None
