"""Former staff groups, after another one, or none, is configured: they are shown nothing more, and their dialogs go on
elsewhere.
"""

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
    """Leaves former staff groups. Called only once the present staff group is known to exist, so that a mistake in the
    configuration ends no topics.
    """
    for chat_id in place_threads.other_groups(tx, places.staff_group(tx)):
        _leave(tx, chat_id)


def is_left(tx: Tx, chat_id: int) -> bool:
    """Whether this is a former group in which nothing is shown any longer; its messages are not edited either."""
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
    """Gives an open dialog its new places at once, with its last messages, also those that nobody was shown yet; gives
    the Inbox a place with its waiting cards.
    """
    if place["dialog_id"] is None:
        for new_place in places.ensure_for_inbox(tx):
            show_waiting_cards(tx, new_place)
    else:
        dialog = dialogs.by_id(tx, place["dialog_id"])
        if dialog.state != "closed":
            places.ensure_for_dialog(tx, dialog)


def _hand_over_card(tx: Tx, item: Row) -> None:
    """Moves a customer's message for the Inbox to another place if it was shown nowhere yet."""
    if (
        not traits_of(item).shows_customer
        or item["dialog_id"] is not None
        or outbox.is_shown_elsewhere(tx, item)
    ):
        return
    for place in places.ensure_for_inbox(tx)[:1]:
        unseen_messages.move_to_place(tx, item, place)
