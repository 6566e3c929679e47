"""Another staff group is configured, or none: the former one reads nothing more, and its dialogs go on elsewhere."""

from holdline.desk.notices import places
from holdline.desk.notices.inbox_cards import show_waiting_cards
from holdline.dialogs.outbox.kinds import traits_of
from holdline.store.delivery import outbox, unseen_messages
from holdline.store.dialogs import dialogs, place_threads
from holdline.store.people import leaving
from holdline.store.tx import Row, Tx
from holdline.telegram.chats import is_group

NOT_OURS = "not the staff group any more"


def leave_former_groups(tx: Tx) -> None:
    """Once the present staff group is seen to be there: a slip in the configuration shall end no topics."""
    for chat_id in place_threads.other_groups(tx, places.staff_group(tx)):
        _leave(tx, chat_id)


def is_left(tx: Tx, chat_id: int) -> bool:
    """A group of other times, in which nothing is shown any more: edits of what stands there do not follow either."""
    return (
        is_group(chat_id)
        and not places.is_staff_group(tx, chat_id)
        and place_threads.has_only_dead_places(tx, chat_id)
    )


def _leave(tx: Tx, chat_id: int) -> None:
    ended = place_threads.in_chat(tx, chat_id)
    leaving.end_places(tx, chat_id)
    for place in ended:
        _show_elsewhere(tx, place)
    for item in leaving.items_for_desk(tx, chat_id):
        _hand_over_card(tx, item)
    leaving.cancel_for_desk(tx, chat_id, NOT_OURS)


def _show_elsewhere(tx: Tx, place: Row) -> None:
    """An open dialog has its new places at once, with the last messages, also those that nobody was shown yet.

    So has the Inbox, with what waits there.
    """
    if place["dialog_id"] is None:
        for new_place in places.ensure_for_inbox(tx):
            show_waiting_cards(tx, new_place)
    else:
        dialog = dialogs.by_id(tx, place["dialog_id"])
        if dialog.state != "closed":
            places.ensure_for_dialog(tx, dialog)


def _hand_over_card(tx: Tx, item: Row) -> None:
    """A customer's words for the Inbox that stood nowhere yet."""
    if (
        not traits_of(item).shows_customer
        or item["dialog_id"] is not None
        or outbox.is_shown_elsewhere(tx, item)
    ):
        return
    for place in places.ensure_for_inbox(tx)[:1]:
        unseen_messages.move_to_place(tx, item, place)
