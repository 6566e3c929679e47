"""A staff group that shows nothing of the desk yet: what waits in managers' own chats is shown there too."""

from holdline.desk.notices import places as desk_places
from holdline.desk.notices.inbox_cards import show_waiting_cards
from holdline.store.dialogs import dialogs, inbox_items, place_threads, places
from holdline.store.tx import Tx


def show_desk_in_group(tx: Tx) -> None:
    """Shows the Inbox and the active dialogs in the group, once it is known to exist. A paused dialog gets its topic
    with its next message, because a group's minute has little room.
    """
    group = desk_places.staff_group(tx)
    if places.find_live(tx, group, None) is None and inbox_items.count_waiting(tx):
        show_waiting_cards(tx, desk_places.ensure_place(tx, group, None))
    for dialog_id in place_threads.list_active_dialogs_elsewhere(tx, group):
        desk_places.ensure_for_dialog(tx, dialogs.by_id(tx, dialog_id))
