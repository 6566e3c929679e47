"""A group that becomes a supergroup gets a new id; everything that refers to the old id is changed at once."""

from holdline.desk.delivery.group_health import copy_group_state
from holdline.desk.notices.alarms import notify_editors
from holdline.desk.notices.places import GROUP_MOVES, GROUPS_BELL, staff_group
from holdline.store.delivery import chats, in_flight, outbox
from holdline.store.dialogs import place_threads, places
from holdline.store.people import memberships
from holdline.store.screens import settings
from holdline.store.tx import Row, Tx


def requeue_after_migration(tx: Tx, item: Row, new_chat_id: int, reason: str) -> None:
    """Queues the item again for the group's new id; this uses up no attempt."""
    in_flight.settle(tx, item["id"], "queued", error=reason)
    migrate_group(tx, old_chat_id=item["chat_id"], new_chat_id=new_chat_id)


def migrate_staff_group(tx: Tx, *, old_chat_id: int, new_chat_id: int) -> None:
    """Follows the move only if it is our own staff group, and only once."""
    if old_chat_id == staff_group(tx):
        migrate_group(tx, old_chat_id=old_chat_id, new_chat_id=new_chat_id)


def reconcile_staff_group(tx: Tx) -> None:
    """If the group's id differs from the configured one: keeps the memberships seen in it, and notifies those who can
    correct the configuration once.
    """
    configured, now = tx.rules.staff_group, staff_group(tx)
    if now == configured:
        return
    memberships.follow_group(tx, configured, now)
    words = {"old": configured, "new": now}
    notify_editors(tx, "desk_notices.group_moved", words, cause=f"{configured}:{now}")


def migrate_group(tx: Tx, *, old_chat_id: int, new_chat_id: int) -> None:
    """Moves the chat, its places, its waiting items and the staff group to the new id. Also called for the update about
    the move. An id that no group can have is a person's chat: nothing of the desk is moved there.
    """
    if old_chat_id == new_chat_id or new_chat_id >= 0:
        return
    chats.add(tx, [old_chat_id, new_chat_id])
    chats.lock_all(tx, [old_chat_id, new_chat_id])
    for place in place_threads.in_chat(tx, old_chat_id):
        twin = place_threads.twin(tx, place, new_chat_id)
        if twin is not None:
            places.end(tx, place["id"])
            outbox.follow_place(tx, place["id"], twin["id"])
        else:
            place_threads.move(tx, place["id"], new_chat_id)
    outbox.follow_group(tx, old_chat_id, new_chat_id)
    chats.mark_moved(tx, old_chat_id, new_chat_id)
    chats.refresh_due_times(tx, new_chat_id)
    _remember(tx, old_chat_id, new_chat_id)
    tx.wake("outbox")
    tx.wake(GROUPS_BELL)


def _remember(tx: Tx, old_chat_id: int, new_chat_id: int) -> None:
    moves = dict(settings.value(tx, GROUP_MOVES, {}))
    followed = {old: new_chat_id if new == old_chat_id else new for old, new in moves.items()}
    settings.put(tx, GROUP_MOVES, {**followed, str(old_chat_id): new_chat_id})
    memberships.follow_group(tx, old_chat_id, new_chat_id)
    copy_group_state(tx, old_chat_id=old_chat_id, new_chat_id=new_chat_id)
    reconcile_staff_group(tx)
