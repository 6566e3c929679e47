"""Topics can be created again: dialogs opened meanwhile without one get their own."""

from holdline.desk.notices import places as desk_places
from holdline.store.delivery import outbox
from holdline.store.dialogs import dialogs, place_queue, place_threads, places
from holdline.store.tx import Tx


def give_topics(tx: Tx, chat_id: int) -> None:
    """Gives topics to the Inbox and to every dialog of that group that is not closed; waiting items move into the
    topic.
    """
    for old in place_threads.places_with_header(tx, chat_id):
        first_waiting = place_queue.first_message_id(tx, old["id"])
        places.end(tx, old["id"])
        if old["dialog_id"] is None:
            place = desk_places.ensure_place(tx, chat_id, None)
        else:
            dialog = dialogs.by_id(tx, old["dialog_id"])
            place = desk_places.take_over(tx, chat_id, dialog, before=first_waiting)
        outbox.follow_place(tx, old["id"], place["id"])
