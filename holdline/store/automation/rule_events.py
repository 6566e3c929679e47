"""Recent messages and events, for a dry run of a rule."""

from collections.abc import Collection

from holdline.store.tx import Row, Tx, placeholders


def last_messages(tx: Tx, *, limit: int) -> list[Row]:
    """The last messages of customers, newest first."""
    return tx.all(
        """SELECT id, customer_id, dialog_id, text, created_at FROM messages
           WHERE bot_id = :bot AND author_kind = 'customer' ORDER BY id DESC LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )


def replies_to(tx: Tx, customer_ids: Collection[int], *, since: int) -> list[Row]:
    """When managers answered these customers after that message; deleted replies do not count."""
    among, ids = placeholders(sorted(customer_ids))
    return tx.all(
        f"""SELECT customer_id, created_at FROM messages WHERE customer_id IN ({among}) AND author_kind = 'manager'
            AND direction = 'out' AND deleted_at IS NULL AND id > :since ORDER BY id""",
        since=since,
        **ids,
    )


def last_first_messages(tx: Tx, *, limit: int) -> list[Row]:
    """The first messages of the last Inbox items, newest first."""
    return tx.all(
        """SELECT m.id, m.customer_id, m.dialog_id, m.text, m.created_at
           FROM inbox_items i JOIN messages m ON m.id = i.first_message_id
           WHERE i.bot_id = :bot ORDER BY i.id DESC LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )


def last_events(tx: Tx, kind: str, *, limit: int) -> list[Row]:
    """The last events in dialogs, newest first, without those caused by rules."""
    return tx.all(
        """SELECT id, customer_id, dialog_id, created_at FROM history
           WHERE bot_id = :bot AND kind = :kind AND actor_kind <> 'rule' AND dialog_id IS NOT NULL
           ORDER BY id DESC LIMIT :limit""",
        bot=tx.bot_id,
        kind=kind,
        limit=limit,
    )
