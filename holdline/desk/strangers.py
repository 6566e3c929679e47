"""A group that is not the desk's: the bot leaves it, administrators hear of it, and nothing else happens."""

from datetime import timedelta

from holdline.desk.places import GROUP_MOVES, staff_group
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.kinds import ALARM_DAYS
from holdline.dialogs.outgoing import Outgoing
from holdline.store import managers, outbox, settings
from holdline.store.tx import Tx

MOST_TOLD = 10
"""Notices in an hour: whoever drags the bot into a thousand groups shall not flood the administrators."""

_TOLD = "strange_groups"


def our_groups(tx: Tx) -> frozenset[int]:
    """Every id that the staff group has or had."""
    group = staff_group(tx)
    moves = settings.value(tx, GROUP_MOVES, {})
    return (
        frozenset({group, *(int(old) for old, new in moves.items() if new == group)})
        if group
        else frozenset()
    )


def leave_group(tx: Tx, *, chat_id: int, title: str, cause: str) -> None:
    """`cause` tells one time of being let in from another; `title` is cleaned."""
    added = outbox.add(
        tx,
        [
            Outgoing(
                chat_id=chat_id,
                kind="leave_chat",
                class_=MessageClass.DESK,
                key=f"leave_chat:{chat_id}:{cause}",
                collapse_key=f"leave_chat:{chat_id}",
            )
        ],
    )
    if added and _may_tell(tx, chat_id):
        _tell(tx, chat_id, title)


def _may_tell(tx: Tx, chat_id: int) -> bool:
    """Each group once an hour, and few groups: what is said in it until we are out is no news."""
    hour = f"{tx.at:%Y-%m-%dT%H}"
    settings.hold(tx, _TOLD)
    before = settings.value(tx, _TOLD) or {}
    told = before.get("groups", []) if before.get("hour") == hour else []
    if chat_id in told or len(told) >= MOST_TOLD:
        return False
    settings.put(tx, _TOLD, {"hour": hour, "groups": [*told, chat_id]})
    return True


def _tell(tx: Tx, chat_id: int, title: str) -> None:
    payload = {
        "key": "desk_notices.strange_group",
        "words": {"title": title, "group": chat_id},
        "buttons": [],
    }
    for person in managers.with_permission(tx, "managers.edit"):
        out = Outgoing(
            chat_id=person.telegram_id,
            kind="desk_notice",
            class_=MessageClass.DESK,
            key=f"strange_group:{chat_id}:{person.telegram_id}:{tx.at:%Y-%m-%dT%H}",
            payload={**payload, "alarm": True},
            expires_at=tx.at + timedelta(days=ALARM_DAYS),
        )
        outbox.add(tx, [out])
