"""What a chat's id and a member's status mean."""

from collections.abc import Mapping
from typing import Any

_INSIDE = frozenset({"creator", "administrator", "member"})
_OUTSIDE = frozenset({"left", "kicked"})


def is_inside(member: Mapping[str, Any]) -> bool | None:
    """`member` is a ChatMember. Returns None if the status has no meaning for us: then nobody's rights change."""
    status = member.get("status")
    if status == "restricted":
        return bool(member.get("is_member"))
    if status in _INSIDE:
        return True
    return False if status in _OUTSIDE else None


def is_group(chat_id: int) -> bool:
    return chat_id < 0
