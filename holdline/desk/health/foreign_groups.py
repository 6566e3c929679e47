"""Groups that are not the desk's: the bot leaves them and notifies the administrators, and does nothing else."""

from holdline.desk.notices.alarms import notify_editors
from holdline.desk.notices.places import GROUP_MOVES, staff_group
from holdline.dialogs.address import Address
from holdline.dialogs.outbox.changes import GroupExit
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import outbox
from holdline.store.screens import settings
from holdline.store.tx import Tx

MOST_TOLD = 10
"""Notices per hour, so that somebody who adds the bot to a thousand groups cannot flood the administrators."""

_TOLD = "strange_groups"


def staff_group_ids(tx: Tx) -> frozenset[int]:
    """Every id that the staff group has or had."""
    group = staff_group(tx)
    moves = settings.value(tx, GROUP_MOVES, {})
    return (
        frozenset({group, *(int(old) for old, new in moves.items() if new == group)})
        if group
        else frozenset()
    )


def leave_group(tx: Tx, *, chat_id: int, title: str, cause: str) -> None:
    """Leaves the group and notifies the administrators. `cause` distinguishes additions to the group; `title` is
    cleaned.
    """
    added = outbox.add(
        tx,
        [
            Outgoing(
                to=Address(chat_id),
                item=GroupExit(),
                key=f"leave_chat:{chat_id}:{cause}",
                collapse_key=f"leave_chat:{chat_id}",
            )
        ],
    )
    if added and _may_tell(tx, chat_id):
        words = {"title": title, "group": chat_id}
        notify_editors(tx, "desk_notices.strange_group", words, cause=f"{chat_id}:{tx.at:%Y-%m-%dT%H}")


def _may_tell(tx: Tx, chat_id: int) -> bool:
    """Whether to notify: each group once an hour and only a few groups, as further messages in it before we are out are
    no news.
    """
    hour = f"{tx.at:%Y-%m-%dT%H}"
    settings.lock(tx, _TOLD)
    before = settings.value(tx, _TOLD) or {}
    told_groups = before.get("groups", []) if before.get("hour") == hour else []
    if chat_id in told_groups or len(told_groups) >= MOST_TOLD:
        return False
    settings.put(tx, _TOLD, {"hour": hour, "groups": [*told_groups, chat_id]})
    return True
