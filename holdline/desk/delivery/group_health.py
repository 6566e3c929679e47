"""Problems of the bot in the staff group: stored for the probe; administrators are notified of changes."""

from collections.abc import Mapping
from typing import Any

from holdline.desk.delivery.reachable_again import reopen_chat
from holdline.desk.delivery.topic_restoration import give_topics
from holdline.desk.notices import places
from holdline.desk.notices.alarms import notify_editors
from holdline.store.screens import settings
from holdline.store.tx import Tx, to_micros
from holdline.telegram.group_rights import (
    ADMINISTRATOR,
    BLOCKING_PROBLEMS,
    DELETE,
    MANAGE_TOPICS,
    PIN,
    PRESENCE,
    SUPERGROUP,
    TOPICS,
    chat_problems,
    member_problems,
    stops_work,
)

_STATE = "group_state"
_LOST = {
    PRESENCE: "desk_notices.group_gone",
    SUPERGROUP: "desk_notices.group_without_topics",
    TOPICS: "desk_notices.group_without_topics",
    ADMINISTRATOR: "desk_notices.group_no_admin",
    MANAGE_TOPICS: "desk_notices.right_topics_lost",
    PIN: "desk_notices.right_pin_lost",
    DELETE: "desk_notices.right_delete_lost",
}
_BACK = {
    PRESENCE: "desk_notices.group_back",
    SUPERGROUP: "desk_notices.group_back",
    TOPICS: "desk_notices.group_back",
    ADMINISTRATOR: "desk_notices.group_back",
    MANAGE_TOPICS: "desk_notices.right_topics_back",
    PIN: "desk_notices.right_pin_back",
    DELETE: "desk_notices.right_delete_back",
}


def group_problems(tx: Tx) -> tuple[str, ...]:
    """What the bot lacks in the staff group, as last known; empty if nothing."""
    state = settings.value(tx, _STATE) or {}
    return tuple(state["lacks"]) if state and state["group"] == places.staff_group(tx) else ()


def update_bot_membership(tx: Tx, *, chat: Mapping[str, Any], member: Mapping[str, Any]) -> None:
    """Handles Telegram's update about the bot's own membership and the group in which it came."""
    settings.lock(tx, _STATE)
    lacks = member_problems(member)
    if PRESENCE not in lacks:
        reopen_chat(tx, chat_id=chat["id"])
        lacks = chat_problems(chat) or lacks
    record_group_state(tx, chat_id=chat["id"], lacks=lacks)


def copy_group_state(tx: Tx, *, old_chat_id: int, new_chat_id: int) -> None:
    """Keeps the known problems under the group's new id until the group is checked; dialogs without topics get them
    then.
    """
    state = settings.value(tx, _STATE)
    if state and state["group"] == old_chat_id:
        settings.put(tx, _STATE, {**state, "group": new_chat_id})


def record_group_state(tx: Tx, *, chat_id: int, lacks: tuple[str, ...]) -> None:
    """Stores the group's problems and reports changes at once: what was lost and what stops working, or what was
    granted again. Work that had stopped continues.
    """
    if chat_id != places.staff_group(tx):
        return
    settings.lock(tx, _STATE)
    before = group_problems(tx)
    if set(lacks) == set(before):
        return
    settings.put(tx, _STATE, {"group": chat_id, "lacks": list(lacks)})
    if PRESENCE in before and PRESENCE not in lacks:
        reopen_chat(tx, chat_id=chat_id)
        tx.wake(places.GROUPS_BELL)
    _notify(tx, chat_id, before, lacks)
    if stops_work(before) and not stops_work(lacks):
        give_topics(tx, chat_id)


def _notify(tx: Tx, chat_id: int, before: tuple[str, ...], lacks: tuple[str, ...]) -> None:
    """Reports regained rights first. Does not say “works again” of a group in which dialogs get no topics."""
    regained = [] if BLOCKING_PROBLEMS & set(lacks) else [_BACK[lack] for lack in before if lack not in lacks]
    if stops_work(lacks):
        regained = [key for key in regained if key != _BACK[PRESENCE]]
    regained += [_LOST[lack] for lack in lacks if lack not in before]
    for key in dict.fromkeys(regained):
        notify_editors(tx, key, {"group": chat_id}, cause=str(to_micros(tx.at)))
