"""The reactions to each event, whoever caused it. A new consequence is a new line here.

A reaction knows the event and the present state. It refuses nothing: refusals were decided before.
"""

from collections.abc import Callable

from holdline.desk.automation.silence import notify_of_close_warning, warn_customer
from holdline.desk.automation.take_offers import end_offers_to_take
from holdline.desk.automation.triggers import end_silence, follow_rules, follow_rules_of_messages
from holdline.desk.broadcasts.feeding import feed_opened
from holdline.desk.broadcasts.outcomes import follow_recipient
from holdline.desk.conversation.late_edits import notify_of_late_edit
from holdline.desk.conversation.merges import notify_of_merge
from holdline.desk.conversation.paused_dialogs import notify_paused_dialogs
from holdline.desk.conversation.removals import notify_writer_of_removal, remove_copies
from holdline.desk.customers.announcements import announce_closing, announce_opening
from holdline.desk.customers.away import send_away_message
from holdline.desk.delivery.gate import move_gate
from holdline.desk.dialogs.assign_lists import end_assign_lists
from holdline.desk.dialogs.assignment import assign_to_author, assign_to_draft_author, assign_to_mover
from holdline.desk.dialogs.changes import begin_handling, begin_review, end_review
from holdline.desk.dialogs.close_requests import notify_of_close_request
from holdline.desk.dialogs.inbox_assignment import notify_inbox_assignee
from holdline.desk.dialogs.inbox_items import ignore_item_of_muted, take_up_pause
from holdline.desk.dialogs.opening_notices import end_offers_to_open, plan_participant_tasks, show_new_dialog
from holdline.desk.dialogs.ratings import notify_of_rating, offer_rating
from holdline.desk.dialogs.sla import choose_sla_policy, keep_clocks, notify_of_sla_clock
from holdline.desk.dialogs.transition_notices import (
    end_offers_to_close,
    end_offers_to_resume,
    notify_of_transition,
)
from holdline.desk.funnels.answers import go_on_after_dialog, take_press, take_words
from holdline.desk.funnels.corrected_answers import follow_corrected_answer
from holdline.desk.funnels.entries import enrol_after_close, enrol_tagged
from holdline.desk.funnels.goals import end_at_goal
from holdline.desk.funnels.leaving import leave_funnels
from holdline.desk.funnels.message_results import follow_ended_step, follow_sent_step
from holdline.desk.marketing.consent import keep_consent
from holdline.desk.marketing.ending import end_marketing, end_topic
from holdline.desk.marketing.held import refresh_held_count
from holdline.desk.marketing.recent import notify_of_send_past_gate, show_sent_in_pause
from holdline.desk.notices.copy_edits import show_edit
from holdline.desk.notices.deleted_notes import show_note_deleted
from holdline.desk.notices.delivery_marks import clear_mark
from holdline.desk.notices.draft_cards import notify_draft_author, redraw_draft, show_draft
from holdline.desk.notices.draft_forms import drop_drafts, end_draft_forms
from holdline.desk.notices.mentions import notify_mentioned
from holdline.desk.notices.message_views import mirror_customer_message, mirror_note, mirror_reply
from holdline.desk.notices.scheduled_notices import notify_of_refused_scheduled_reply
from holdline.desk.notices.subscriptions import notify_subscribers
from holdline.desk.notices.views import (
    refresh_cards_and_names,
    refresh_dialog_cards,
    refresh_inbox_item,
    refresh_last_item,
    refresh_people,
    refresh_reach,
    refresh_returned_item,
    show_changes,
)
from holdline.desk.people.customer_colleagues import notify_if_customer_is_colleague
from holdline.desk.people.participants import (
    end_own_view,
    notify_added_participant,
    notify_former_assignee,
    notify_new_assignee,
    notify_remaining_participants,
    notify_removed_participant,
    show_to_new_participant,
)
from holdline.desk.smart_replies.answering import send_smart_reply
from holdline.desk.smart_replies.feedback import follow_feedback
from holdline.desk.tagging.at_close import ask_taggers, tag_by_rules
from holdline.desk.teams.routing import give_out_waiting
from holdline.desk.webhooks.enqueue import enqueue_deliveries
from holdline.dialogs.event import Event, EventKind
from holdline.store.tx import Tx

Reaction = Callable[[Tx, Event], None]

REACTIONS: dict[EventKind, tuple[Reaction, ...]] = {
    EventKind.CUSTOMER_WROTE: (
        mirror_customer_message,
        refresh_returned_item,
        notify_paused_dialogs,
        keep_clocks,
        take_words,
        follow_rules_of_messages,
        send_smart_reply,
        send_away_message,
    ),
    EventKind.REPLY_GIVEN: (
        begin_handling,
        assign_to_author,
        mirror_reply,
        keep_clocks,
        end_silence,
    ),
    EventKind.REPLY_SCHEDULED: (assign_to_author, refresh_dialog_cards),
    EventKind.SCHEDULED_REPLY_EDITED: (refresh_dialog_cards,),
    EventKind.SCHEDULED_REPLY_CANCELLED: (refresh_dialog_cards,),
    EventKind.SCHEDULED_REPLY_REFUSED: (refresh_dialog_cards, notify_of_refused_scheduled_reply),
    EventKind.NOTE_CREATED: (
        assign_to_author,
        mirror_note,
        notify_mentioned,
        notify_subscribers,
    ),
    EventKind.NOTE_DELETED: (show_note_deleted,),
    EventKind.NOTE_EDITED: (mirror_note,),
    EventKind.DRAFT_SUBMITTED: (begin_review, assign_to_draft_author, show_draft),
    EventKind.DRAFT_APPROVED: (end_review, redraw_draft, end_draft_forms),
    EventKind.DRAFT_RETURNED: (end_review, redraw_draft, end_draft_forms, notify_draft_author),
    EventKind.DRAFT_NOTE_ADDED: (redraw_draft,),
    EventKind.DRAFT_NOTE_REMOVED: (redraw_draft,),
    EventKind.MESSAGE_EDITED: (show_edit, notify_of_late_edit, follow_corrected_answer),
    EventKind.MESSAGE_DELETED: (remove_copies, clear_mark, notify_writer_of_removal, keep_clocks),
    EventKind.MESSAGE_UNDONE: (remove_copies, clear_mark, notify_writer_of_removal, keep_clocks),
    EventKind.DIALOG_OPENED: (
        move_gate,
        feed_opened,
        choose_sla_policy,
        show_new_dialog,
        end_offers_to_open,
        plan_participant_tasks,
        announce_opening,
        notify_if_customer_is_colleague,
        follow_rules,
        notify_subscribers,
        enqueue_deliveries,
    ),
    EventKind.DIALOG_PAUSED: (
        assign_to_mover,
        move_gate,
        keep_clocks,
        refresh_cards_and_names,
        end_offers_to_close,
        notify_of_transition,
        give_out_waiting,
        end_silence,
        go_on_after_dialog,
        enqueue_deliveries,
    ),
    EventKind.DIALOG_RESUMED: (
        assign_to_mover,
        move_gate,
        feed_opened,
        refresh_cards_and_names,
        end_offers_to_close,
        end_offers_to_resume,
        end_offers_to_open,
        notify_of_transition,
        show_sent_in_pause,
        take_up_pause,
        keep_clocks,
        notify_if_customer_is_colleague,
        enqueue_deliveries,
    ),
    EventKind.DIALOG_CLOSED: (
        offer_rating,
        announce_closing,
        drop_drafts,
        move_gate,
        keep_clocks,
        tag_by_rules,
        ask_taggers,
        refresh_cards_and_names,
        end_offers_to_close,
        end_offers_to_resume,
        end_assign_lists,
        end_offers_to_take,
        notify_of_transition,
        give_out_waiting,
        end_silence,
        follow_rules,
        go_on_after_dialog,
        enrol_after_close,
        enqueue_deliveries,
    ),
    EventKind.CLOSE_REQUESTED: (notify_of_close_request,),
    EventKind.DIALOG_OVERDUE: (
        refresh_dialog_cards,
        follow_rules,
        notify_subscribers,
    ),
    EventKind.SILENCE_WARNED: (warn_customer, notify_of_close_warning),
    EventKind.SLA_WARNED: (refresh_dialog_cards, notify_of_sla_clock),
    EventKind.SLA_BREACHED: (
        refresh_dialog_cards,
        notify_of_sla_clock,
        notify_subscribers,
    ),
    EventKind.UNDELIVERED: (keep_clocks,),
    EventKind.DIALOG_CHANGED: (
        assign_to_author,
        choose_sla_policy,
        show_changes,
        follow_rules,
        notify_subscribers,
    ),
    EventKind.PARTICIPANT_JOINED: (refresh_people, show_to_new_participant, notify_added_participant),
    EventKind.PARTICIPANT_LEFT: (end_own_view, refresh_people, notify_removed_participant),
    EventKind.DIALOG_ASSIGNED: (
        refresh_people,
        end_assign_lists,
        end_offers_to_take,
        notify_new_assignee,
        notify_former_assignee,
        give_out_waiting,
        notify_subscribers,
    ),
    EventKind.ASSIGNMENT_WITHDRAWN: (
        refresh_people,
        end_assign_lists,
        notify_former_assignee,
        notify_remaining_participants,
        give_out_waiting,
    ),
    EventKind.ATTACHMENT_ADDED: (
        assign_to_author,
        refresh_dialog_cards,
        notify_subscribers,
    ),
    EventKind.ATTACHMENT_REMOVED: (
        assign_to_author,
        refresh_dialog_cards,
        notify_subscribers,
    ),
    EventKind.DIALOG_MERGED: (refresh_dialog_cards, notify_of_merge),
    EventKind.MERGE_UNDONE: (refresh_dialog_cards, notify_of_merge),
    EventKind.DIALOG_UNMERGED: (refresh_cards_and_names, enqueue_deliveries),
    EventKind.RATING_ANSWERED: (refresh_dialog_cards, notify_of_rating, enqueue_deliveries),
    EventKind.INBOX_ITEM_ANSWERED: (refresh_inbox_item,),
    EventKind.INBOX_ITEM_IGNORED: (refresh_inbox_item,),
    EventKind.INBOX_ITEM_ASSIGNED: (refresh_inbox_item, notify_inbox_assignee),
    EventKind.INBOX_ASSIGNMENT_WITHDRAWN: (refresh_inbox_item,),
    EventKind.INBOX_ITEM_MOVED: (refresh_inbox_item,),
    EventKind.INBOX_ITEM_RETURNED: (refresh_inbox_item,),
    EventKind.CUSTOMER_MUTED: (ignore_item_of_muted, refresh_last_item, refresh_reach),
    EventKind.CUSTOMER_UNMUTED: (refresh_last_item, refresh_reach),
    EventKind.SMART_REPLY_JUDGED: (follow_feedback,),
    EventKind.CUSTOMER_CHANGED: (end_at_goal, enrol_tagged),
    EventKind.CUSTOMER_STARTED: (keep_consent,),
    EventKind.MARKETING_STOPPED: (keep_consent, leave_funnels, end_marketing),
    EventKind.MARKETING_RESUMED: (keep_consent,),
    EventKind.TOPIC_STOPPED: (keep_consent, end_topic),
    EventKind.TOPIC_RESUMED: (keep_consent,),
    EventKind.OUTBOUND_HELD: (refresh_held_count, enqueue_deliveries),
    EventKind.OUTBOUND_SENT_NOW: (notify_of_send_past_gate,),
    EventKind.OUTBOUND_RELEASED: (refresh_held_count, enqueue_deliveries),
    EventKind.BOT_BLOCKED: (leave_funnels, end_marketing, refresh_reach),
    EventKind.BECAME_UNREACHABLE: (leave_funnels, end_marketing, refresh_reach),
    EventKind.BUTTON_PRESSED: (take_press, enqueue_deliveries),
    EventKind.OUTBOUND_SENT: (follow_recipient, follow_sent_step, enqueue_deliveries),
    EventKind.OUTBOUND_ENDED: (follow_recipient, refresh_held_count, follow_ended_step, enqueue_deliveries),
}
"""The order of a line is the order in which customers and the desk see its effects: customers read of a close before
held messages are released.
"""
