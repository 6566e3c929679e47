"""A group that becomes a supergroup gets a new id: everything that names the old one follows at once."""

from holdline.desk.places import GROUP_MOVES, GROUPS_BELL
from holdline.store import in_flight, lanes, outbox, place_threads, places, settings
from holdline.store.tx import Row, Tx


def group_moved(tx: Tx, item: Row, new_chat_id: int, reason: str) -> None:
    """The item goes out again, to the new id; no try is used up."""
    in_flight.settle(tx, item["id"], "queued", error=reason)
    follow_group(tx, old_chat_id=item["chat_id"], new_chat_id=new_chat_id)


def follow_group(tx: Tx, *, old_chat_id: int, new_chat_id: int) -> None:
    """Lane, places, waiting items and the configured group; also for the update that tells of the move."""
    if old_chat_id == new_chat_id:
        return
    lanes.add(tx, [old_chat_id, new_chat_id])
    lanes.locked(tx, [old_chat_id, new_chat_id])
    for place in place_threads.in_chat(tx, old_chat_id):
        twin = place_threads.twin(tx, place, new_chat_id)
        if twin is not None:
            places.leave(tx, place["id"])
            outbox.follow_place(tx, place["id"], twin["id"])
        else:
            place_threads.move(tx, place["id"], new_chat_id)
    outbox.follow_group(tx, old_chat_id, new_chat_id)
    lanes.moved(tx, old_chat_id, new_chat_id)
    lanes.recount(tx, new_chat_id)
    _remember(tx, old_chat_id, new_chat_id)
    tx.wake("outbox")
    tx.wake(GROUPS_BELL)


def _remember(tx: Tx, old_chat_id: int, new_chat_id: int) -> None:
    moves = dict(settings.value(tx, GROUP_MOVES, {}))
    followed = {old: new_chat_id if new == old_chat_id else new for old, new in moves.items()}
    settings.put(tx, GROUP_MOVES, {**followed, str(old_chat_id): new_chat_id})
