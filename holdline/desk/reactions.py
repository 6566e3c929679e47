"""What follows from each event, whoever caused it. A new consequence is a new line here.

A reaction knows what happened and how things stand now. It refuses nothing: what may be refused was decided before.
"""

from collections.abc import Callable

from holdline.desk.customers.announcements import announce_closing, announce_opening
from holdline.desk.customers.marketing import end_marketing
from holdline.desk.delivery.gate import move_gate
from holdline.desk.dialogs.assignment import assign_to_actor
from holdline.desk.dialogs.inbox_items import take_up_pause
from holdline.desk.dialogs.opening_notices import plan_team_tasks, show_new_dialog
from holdline.desk.dialogs.ratings import offer_rating, tell_rating
from holdline.desk.dialogs.transition_notices import end_offers_to_close, tell_transition
from holdline.desk.notices.cards import (
    refresh_cards_and_names,
    refresh_dialog_cards,
    refresh_inbox_item,
    refresh_people,
    refresh_reach,
)
from holdline.desk.people.customer_colleagues import tell_if_colleague
from holdline.desk.people.participants import (
    tell_former_assignee,
    tell_new_assignee,
    tell_remaining_participants,
)
from holdline.dialogs.event import Event, EventKind
from holdline.store.tx import Tx

Reaction = Callable[[Tx, Event], None]

REACTIONS: dict[EventKind, tuple[Reaction, ...]] = {
    EventKind.DIALOG_OPENED: (
        move_gate,
        show_new_dialog,
        plan_team_tasks,
        announce_opening,
        tell_if_colleague,
    ),
    EventKind.DIALOG_PAUSED: (
        assign_to_actor,
        move_gate,
        refresh_cards_and_names,
        end_offers_to_close,
        tell_transition,
    ),
    EventKind.DIALOG_RESUMED: (
        assign_to_actor,
        move_gate,
        refresh_cards_and_names,
        end_offers_to_close,
        tell_transition,
        take_up_pause,
        tell_if_colleague,
    ),
    EventKind.DIALOG_CLOSED: (
        offer_rating,
        announce_closing,
        move_gate,
        refresh_cards_and_names,
        end_offers_to_close,
        tell_transition,
    ),
    EventKind.DIALOG_ASSIGNED: (refresh_people, tell_new_assignee, tell_former_assignee),
    EventKind.ASSIGNMENT_WITHDRAWN: (refresh_people, tell_former_assignee, tell_remaining_participants),
    EventKind.RATING_ANSWERED: (refresh_dialog_cards, tell_rating),
    EventKind.INBOX_ITEM_ANSWERED: (refresh_inbox_item,),
    EventKind.INBOX_ITEM_IGNORED: (refresh_inbox_item,),
    EventKind.INBOX_ITEM_MOVED: (refresh_inbox_item,),
    EventKind.INBOX_ITEM_RETURNED: (refresh_inbox_item,),
    EventKind.MARKETING_STOPPED: (end_marketing,),
    EventKind.BOT_BLOCKED: (end_marketing, refresh_reach),
    EventKind.BECAME_UNREACHABLE: (end_marketing, refresh_reach),
}
"""Customers hear of a close before what was held is let go: the order of a line is what they and the desk see."""
