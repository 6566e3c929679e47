"""Which managers were seen in the staff group; a manager who was seen and is there no longer has left."""

from datetime import datetime

from holdline.store.screens import settings
from holdline.store.tx import Tx

_DOUBTFUL_ENDS = "doubtful_ends"


def mark_seen(tx: Tx, manager_id: int, group: int, as_of: datetime) -> None:
    """Records that the manager was in that group at that time."""
    tx.run(
        """UPDATE managers SET member_of = :group, member_seen_at = :as_of
           WHERE bot_id = :bot AND id = :id AND (member_seen_at IS NULL OR member_seen_at < :as_of)""",
        group=group,
        as_of=as_of,
        bot=tx.bot_id,
        id=manager_id,
    )


def is_member(tx: Tx, manager_id: int, group: int) -> bool:
    """Whether the manager is in that group, as far as we know."""
    return (
        tx.one(
            "SELECT id FROM managers WHERE bot_id = :bot AND id = :id AND member_of = :group",
            bot=tx.bot_id,
            id=manager_id,
            group=group,
        )
        is not None
    )


def mark_left(tx: Tx, manager_id: int, group: int, as_of: datetime) -> bool:
    """Records a manager as gone; returns whether this is new: seen there before, and not again since `as_of`."""
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


def follow_group(tx: Tx, old_group: int, new_group: int) -> None:
    """Moves everybody who was seen in the group to its new id."""
    tx.run(
        "UPDATE managers SET member_of = :new WHERE bot_id = :bot AND member_of = :old",
        new=new_group,
        bot=tx.bot_id,
        old=old_group,
    )
    tx.wake("managers")


def doubtful_ends(tx: Tx) -> dict[int, datetime]:
    """Managers whose rights ended because Telegram said "left", and when it said so."""
    stored = settings.value(tx, _DOUBTFUL_ENDS) or {}
    return {int(manager_id): datetime.fromisoformat(at) for manager_id, at in stored.items()}


def put_doubtful_end(tx: Tx, manager_id: int, at: datetime) -> None:
    settings.lock(tx, _DOUBTFUL_ENDS)
    _put(tx, {**doubtful_ends(tx), manager_id: at})


def forget_doubtful_end(tx: Tx, manager_id: int) -> None:
    """Called when somebody has decided about the person since, or they have come back into the group."""
    if manager_id in doubtful_ends(tx):
        settings.lock(tx, _DOUBTFUL_ENDS)
        _put(tx, {other: at for other, at in doubtful_ends(tx).items() if other != manager_id})


def _put(tx: Tx, ends: dict[int, datetime]) -> None:
    settings.put(tx, _DOUBTFUL_ENDS, {str(manager_id): at.isoformat() for manager_id, at in ends.items()})
