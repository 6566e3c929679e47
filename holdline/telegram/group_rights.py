"""What the bot lacks in the staff group, and how a person can fix it."""

from collections.abc import Iterable, Mapping
from typing import Any

from holdline.telegram.chats import is_inside

PRESENCE, SUPERGROUP, TOPICS, ADMINISTRATOR = "presence", "supergroup", "topics", "administrator"
MANAGE_TOPICS, PIN, DELETE = "can_manage_topics", "can_pin_messages", "can_delete_messages"
RIGHTS = {MANAGE_TOPICS: "Manage topics", PIN: "Pin messages", DELETE: "Delete messages"}
"""As Telegram's clients name them. Without the first a dialog has no topic; without the others cards stay unpinned
and replies cannot be taken back."""

BLOCKING_PROBLEMS = frozenset({PRESENCE, SUPERGROUP, TOPICS, ADMINISTRATOR})
"""While one of these problems exists, single rights cannot be checked."""
_MINOR_PROBLEMS = frozenset({PIN, DELETE})


def member_problems(member: Mapping[str, Any]) -> tuple[str, ...]:
    """`member` is the bot's own ChatMember in the group."""
    if member.get("status") == "creator":
        return ()
    if is_inside(member) is False:
        return (PRESENCE,)
    if member.get("status") != "administrator":
        return (ADMINISTRATOR,)
    return tuple(right for right in RIGHTS if not member.get(right))


def chat_problems(chat: Mapping[str, Any]) -> tuple[str, ...]:
    """`chat` is the group as getChat, or an update from the group, describes it."""
    if chat.get("type") != "supergroup":
        return (SUPERGROUP,)
    return () if chat.get("is_forum") else (TOPICS,)


def stops_work(lacks: Iterable[str]) -> bool:
    """Whether dialogs cannot be shown as they should; unpinned cards alone are no reason to alert anybody."""
    return not set(lacks) <= _MINOR_PROBLEMS


def explain_problems(group: int, lacks: tuple[str, ...]) -> tuple[str, str]:
    """Two sentences for the person who runs the desk: what is wrong, and the remedy. `lacks` must not be empty."""
    match lacks[0]:
        case "presence":
            return (
                f"The bot is not in the staff group {group}, or the group is gone.",
                "Add the bot to the group again as an administrator, or check telegram.staff_group.",
            )
        case "supergroup":
            return (
                f"telegram.staff_group {group} is not a supergroup.",
                "Switch on topics in the group's settings, which makes it one, and write its new id there.",
            )
        case "topics":
            return (
                f"The staff group {group} has no topics.",
                "Switch on Topics in the group's settings in Telegram.",
            )
        case "administrator":
            return (
                f"The bot is not an administrator of the staff group {group}.",
                f"Make the bot an administrator with: {', '.join(RIGHTS.values())}.",
            )
    missing = ", ".join(RIGHTS[right] for right in lacks)
    return (
        f"The bot lacks rights in the staff group {group}: {missing}.",
        "Grant them among the group's administrators in Telegram.",
    )
