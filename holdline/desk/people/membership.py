"""Membership of the staff group: a manager who was seen in the group and is there no longer has left the desk. A
manager who was never seen there works in a private desk and loses nothing.
"""

from datetime import datetime

from holdline.desk.notices.alarms import notify_editors
from holdline.desk.notices.places import staff_group
from holdline.desk.people.roles import lock_role_changes
from holdline.desk.people.staff import change_manager
from holdline.dialogs.decisions import membership as rules
from holdline.dialogs.manager import Manager
from holdline.store.people import leaving, managers, memberships
from holdline.store.tx import Tx, to_micros


def update_group_membership(
    tx: Tx, *, telegram_id: int, inside: bool, as_of: datetime, was_removed: bool = True
) -> bool:
    """Stores what an update or Telegram's answer says about one person; returns whether their rights ended. Older news
    changes nothing. `was_removed`: by somebody else, which is certain; a bare "left" may be wrong, and a message in
    the group refutes it.
    """
    group, person = staff_group(tx), managers.by_telegram_id(tx, telegram_id)
    if not group or person is None:
        return False
    if inside:
        memberships.forget_doubtful_end(tx, person.id)  # joining again proves that they had left
        memberships.mark_seen(tx, person.id, group, as_of)
        return False
    if not memberships.is_member(tx, person.id, group):
        return False
    lock_role_changes(tx, None)
    leaving.lock_before_leaving(tx, person.id)
    if not memberships.mark_left(tx, person.id, group, as_of):
        return False
    is_configured = person.telegram_id in tx.rules.admins
    leave = rules.leave_group(person, is_configured=is_configured, was_removed=was_removed)
    _carry_out(tx, person, leave)
    if leave.is_doubtful:
        memberships.put_doubtful_end(tx, person.id, as_of)
    return leave.ends_rights


def doubtful_leavers(tx: Tx) -> frozenset[int]:
    """Telegram ids of managers whose rights would be restored if they wrote in the group."""
    people = [managers.by_id(tx, manager_id) for manager_id in memberships.doubtful_ends(tx)]
    return frozenset(person.telegram_id for person in people if person is not None)


def note_rejoining(tx: Tx, *, telegram_id: int, as_of: datetime) -> None:
    """Somebody joined again, so they had left: what they write later restores nothing. Older news changes nothing."""
    person = managers.by_telegram_id(tx, telegram_id)
    left_at = memberships.doubtful_ends(tx).get(person.id) if person is not None else None
    if person is not None and left_at is not None and as_of >= left_at:
        memberships.forget_doubtful_end(tx, person.id)


def restore_if_writing(tx: Tx, *, telegram_id: int, at: datetime) -> bool:
    """Restores rights that ended wrongly: nobody can write in a group that they have left. Only a message dated after
    Telegram's "left" proves it. Returns whether the rights were restored.
    """
    person = managers.by_telegram_id(tx, telegram_id)
    left_at = memberships.doubtful_ends(tx).get(person.id) if person is not None else None
    if person is None or left_at is None or not rules.is_refuted(left_at, wrote_at=at):
        return False
    lock_role_changes(tx, None)
    change_manager(tx, acting=None, manager_id=person.id, changes={"active": True})
    memberships.mark_seen(tx, person.id, staff_group(tx), at)
    words = {"name": person.name, "id": person.telegram_id}
    notify_editors(tx, "desk_notices.still_in_group", words, cause=f"{person.id}:{to_micros(left_at)}")
    return True


def members_to_check(tx: Tx) -> tuple[int, list[int]]:
    """The staff group's id, and the Telegram ids of everybody with rights; no ids if there is no group."""
    group = staff_group(tx)
    people = managers.page(tx, active_only=True, limit=1000) if group else []
    return group, [person.telegram_id for person in people]


def _carry_out(tx: Tx, person: Manager, leave: rules.GroupLeave) -> None:
    if leave.ends_rights:
        change_manager(tx, acting=None, manager_id=person.id, changes={"active": False})
    if leave.notice is not None:
        words = {"name": person.name, "id": person.telegram_id}
        notify_editors(tx, f"desk_notices.{leave.notice}", words, cause=f"{person.id}:{to_micros(tx.at)}")
