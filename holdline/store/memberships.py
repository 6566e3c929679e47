"""Which managers were seen in the staff group: whoever was, and is not any more, has left."""

from datetime import datetime

from holdline.store.tx import Tx


def seen(tx: Tx, manager_id: int, group: int, as_of: datetime) -> None:
    """In that group at that moment."""
    tx.run(
        """UPDATE managers SET member_of = :group, member_seen_at = :as_of
           WHERE bot_id = :bot AND id = :id AND (member_seen_at IS NULL OR member_seen_at < :as_of)""",
        group=group,
        as_of=as_of,
        bot=tx.bot_id,
        id=manager_id,
    )


def was_seen(tx: Tx, manager_id: int, group: int) -> bool:
    """Whether the last we know is that the manager is in that group."""
    return (
        tx.one(
            "SELECT id FROM managers WHERE bot_id = :bot AND id = :id AND member_of = :group",
            bot=tx.bot_id,
            id=manager_id,
            group=group,
        )
        is not None
    )


def left(tx: Tx, manager_id: int, group: int, as_of: datetime) -> bool:
    """Whether that is news: seen there before, and not again since `as_of`. It is news once."""
    return bool(
        tx.run(
            """UPDATE managers SET member_of = NULL
               WHERE bot_id = :bot AND id = :id AND member_of = :group AND member_seen_at <= :as_of""",
            bot=tx.bot_id,
            id=manager_id,
            group=group,
            as_of=as_of,
        )
    )
