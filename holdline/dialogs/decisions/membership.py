"""What it means for somebody's rights that they are not in the staff group any more."""

from dataclasses import dataclass
from datetime import datetime

from holdline.dialogs.manager import Manager


@dataclass(frozen=True, slots=True)
class GroupLeave:
    """`notice`: the text for those who may edit managers; none where nothing is new to them.

    `is_doubtful`: rights that end now come back where the person writes in the group.
    """

    ends_rights: bool
    is_doubtful: bool = False
    notice: str | None = None


def leave_group(person: Manager, *, is_configured: bool, was_removed: bool) -> GroupLeave:
    """Whom the configuration names keeps the role that it gives; the desk hears of both.

    `was_removed`: by somebody else, which is certain; Telegram's bare "left" may be wrong.
    """
    if is_configured:
        return GroupLeave(ends_rights=False, notice="left_group_configured")
    if not person.active:
        return GroupLeave(ends_rights=False)
    return GroupLeave(ends_rights=True, is_doubtful=not was_removed, notice="left_group")


def is_refuted(left_at: datetime, *, wrote_at: datetime) -> bool:
    """Nobody writes in a group that they have left: a message dated after a doubtful "left" says it was wrong."""
    return wrote_at > left_at
