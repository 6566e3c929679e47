"""What happens to a manager's rights when they leave the staff group."""

from dataclasses import dataclass
from datetime import datetime

from holdline.dialogs.manager import Manager


@dataclass(frozen=True, slots=True)
class GroupLeave:
    """`notice` is the text for those who may edit managers; None if it contains nothing new for them.

    `is_doubtful`: the rights end now, but come back if the person writes in the group.
    """

    ends_rights: bool
    is_doubtful: bool = False
    notice: str | None = None


def leave_group(person: Manager, *, is_configured: bool, was_removed: bool) -> GroupLeave:
    """An administrator named in the configuration keeps the role; the desk is notified in either case.

    `was_removed`: somebody else removed the person, which is certain. Telegram's plain "left" may be wrong.
    """
    if is_configured:
        return GroupLeave(ends_rights=False, notice="left_group_configured")
    if not person.active:
        return GroupLeave(ends_rights=False)
    return GroupLeave(ends_rights=True, is_doubtful=not was_removed, notice="left_group")


def is_refuted(left_at: datetime, *, wrote_at: datetime) -> bool:
    """Whether the "left" was wrong: nobody can write in a group they have left, so a later message disproves it."""
    return wrote_at > left_at
