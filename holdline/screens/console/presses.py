"""The presses of managers, by verb. The type checker fails if a verb has no handler."""

from collections.abc import Callable
from typing import Literal, assert_never

from holdline.dialogs.manager import Manager
from holdline.dialogs.outside_buttons import is_on_the_wire
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.verbs import CustomerVerb, DeskVerb, DialogVerb
from holdline.screens.broadcasts import broadcast_presses
from holdline.screens.console import (
    assign_list,
    attaching,
    presses_desk,
    presses_dialog,
    presses_drafts,
    presses_lists,
    presses_merge,
    presses_reports,
    presses_scheduled,
    presses_which,
    removing_tags,
)
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.funnels import presses as presses_funnels
from holdline.screens.marketing import held_presses
from holdline.screens.privacy import presses as presses_privacy
from holdline.screens.restores import restore_presses
from holdline.screens.screen import UiResponse
from holdline.store.tx import Tx
from holdline.texts import say

PressHandler = Callable[[Tx, Manager, ButtonPress], UiResponse]
_OtherDialogVerb = Literal[
    DialogVerb.SEND_TIMELINE,
    DialogVerb.LIST_ATTACHMENTS, DialogVerb.KEEP_ATTACHMENTS, DialogVerb.FETCH_ATTACHMENT,
    DialogVerb.ASK_TO_REMOVE_ATTACHMENT, DialogVerb.REMOVE_ATTACHMENT,
    DialogVerb.UNDO_MESSAGE, DialogVerb.RESEND_MESSAGE, DialogVerb.MERGE, DialogVerb.UNMERGE, DialogVerb.REMOVE_TAG,
]  # fmt: skip
_FunnelVerb = Literal[
    DeskVerb.LIST_FUNNELS, DeskVerb.SHOW_FUNNEL, DeskVerb.SHOW_FUNNEL_NUMBERS, DeskVerb.LIST_ENROLLED,
    DeskVerb.SEND_FUNNEL_PICTURE,
    DeskVerb.SWITCH_FUNNEL, DeskVerb.DELETE_FUNNEL, DeskVerb.SHOW_FUNNELS_OF, DeskVerb.ENROL_CUSTOMER,
    DeskVerb.END_ENROLMENT,
]  # fmt: skip
_PrivacyVerb = Literal[
    DeskVerb.SHOW_PERSONAL_DATA, DeskVerb.EXPORT_CUSTOMER, DeskVerb.ASK_TO_ERASE, DeskVerb.ERASE_CUSTOMER,
]  # fmt: skip
_RestoreVerb = Literal[DeskVerb.SHOW_RESTORE, DeskVerb.ASK_ON_RESTORE, DeskVerb.DECIDE_ON_RESTORE]
_OtherDeskVerb = Literal[
    DeskVerb.ASSIGN_INBOX_ITEM,
    DeskVerb.CHOOSE_FILTER, DeskVerb.SHOW_ROW, DeskVerb.CHANGE_ROW, DeskVerb.ANSWER_FROM_LIST,
    DeskVerb.MUTE_CUSTOMER, DeskVerb.UNMUTE_CUSTOMER, DeskVerb.DECIDE_ON_HELD,
    DeskVerb.APPROVE_DRAFT, DeskVerb.EDIT_DRAFT, DeskVerb.RETURN_DRAFT, DeskVerb.SEND_SCHEDULED,
    DeskVerb.EDIT_SCHEDULED, DeskVerb.CANCEL_SCHEDULED, DeskVerb.SHOW_REPORT, DeskVerb.SEND_REPORT,
    DeskVerb.NARROW_REPORT, _FunnelVerb, _PrivacyVerb, _RestoreVerb,
]  # fmt: skip
"""The verbs of the second tables; one function would be too long. mypy checks that none is missing."""


def answer_press(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Raises NotFound for an unknown button, and for one that only customers have."""
    if is_on_the_wire(pressed.data):
        return UiResponse(say("composing.pressed_in_sample", manager.language))
    match pressed.button.verb:
        case DialogVerb() as verb:
            handler = _handler_about_dialog(verb)
        case DeskVerb() as verb:
            handler = _handler_at_desk(verb)
        case CustomerVerb() as verb:
            raise NotFound("button", verb.value)
        case _ as verb:
            assert_never(verb)
    return handler(tx, manager, pressed)


def _handler_about_dialog(verb: DialogVerb) -> PressHandler:  # noqa: PLR0912 - a table, which mypy completes
    match verb:
        case DialogVerb.PAUSE | DialogVerb.RESUME:
            handler = presses_dialog.ask_to_confirm
        case DialogVerb.CONFIRM_PAUSE | DialogVerb.CONFIRM_RESUME:
            handler = presses_dialog.confirm_move
        case DialogVerb.CANCEL_CONFIRMATION:
            handler = presses_dialog.cancel_confirmation
        case DialogVerb.CLOSE:
            handler = presses_dialog.begin_to_close
        case DialogVerb.FORWARD:
            handler = presses_dialog.begin_to_forward
        case DialogVerb.OPEN_ANOTHER:
            handler = presses_dialog.open_another
        case DialogVerb.GO_TO:
            handler = presses_dialog.go_to
        case DialogVerb.SHOW_HISTORY:
            handler = presses_dialog.show_history
        case DialogVerb.SEND_TRANSCRIPT:
            handler = presses_dialog.send_transcript
        case DialogVerb.SHOW_GATE_QUEUE:
            handler = held_presses.show_held
        case DialogVerb.EDIT_TITLE | DialogVerb.EDIT_TYPE | DialogVerb.EDIT_PARTICIPANTS:
            handler = presses_dialog.edit
        case DialogVerb.EDIT_REASONS | DialogVerb.EDIT_COMPONENTS | DialogVerb.EDIT_TAGS | DialogVerb.EDIT:
            handler = presses_dialog.edit
        case DialogVerb.POSTPONE:
            handler = presses_dialog.begin_to_postpone
        case DialogVerb.TAKE:
            handler = presses_dialog.take
        case DialogVerb.CHOOSE_ASSIGNEE:
            handler = assign_list.choose_assignee
        case DialogVerb.ASSIGN:
            handler = presses_dialog.assign
        case DialogVerb.ASSIGN_TO_TEAM:
            handler = presses_dialog.assign_to_team
        case _:
            return _other_handler_about_dialog(verb)
    return handler


def _other_handler_about_dialog(verb: _OtherDialogVerb) -> PressHandler:
    match verb:
        case DialogVerb.SEND_TIMELINE:
            handler = presses_dialog.send_timeline
        case DialogVerb.LIST_ATTACHMENTS:
            handler = attaching.list_attachments
        case DialogVerb.KEEP_ATTACHMENTS:
            handler = attaching.keep_attachments
        case DialogVerb.FETCH_ATTACHMENT:
            handler = attaching.fetch_attachment
        case DialogVerb.ASK_TO_REMOVE_ATTACHMENT:
            handler = attaching.ask_to_remove
        case DialogVerb.REMOVE_ATTACHMENT:
            handler = attaching.remove
        case DialogVerb.UNDO_MESSAGE:
            handler = presses_dialog.undo
        case DialogVerb.RESEND_MESSAGE:
            handler = presses_dialog.send_again
        case DialogVerb.MERGE:
            handler = presses_merge.begin_to_merge
        case DialogVerb.UNMERGE:
            handler = presses_merge.begin_to_undo_merge
        case DialogVerb.REMOVE_TAG:
            handler = removing_tags.remove_tag
        case _:
            assert_never(verb)
    return handler


def _handler_at_desk(verb: DeskVerb) -> PressHandler:  # noqa: PLR0912 - a table, which mypy completes
    match verb:
        case DeskVerb.MOVE_BROADCAST:
            handler = broadcast_presses.press_broadcast
        case DeskVerb.OPEN_FROM_INBOX:
            handler = presses_desk.open_from_inbox
        case DeskVerb.OPEN_FOR_CUSTOMER:
            handler = presses_desk.open_for_customer
        case DeskVerb.IGNORE_INBOX_ITEM:
            handler = presses_desk.ignore_inbox_item
        case DeskVerb.PUT_BACK_INBOX_ITEM:
            handler = presses_desk.put_back_inbox_item
        case DeskVerb.ANSWER_CUSTOMER:
            handler = presses_desk.answer_customer
        case DeskVerb.LIST_DIALOGS:
            handler = presses_desk.list_dialogs
        case DeskVerb.SHOW_OVERVIEW:
            handler = presses_desk.show_overview
        case DeskVerb.SHOW_PROFILE:
            handler = presses_lists.show_profile
        case DeskVerb.PRESS_FORM:
            handler = presses_desk.press_form
        case DeskVerb.CHOOSE_DIALOG:
            handler = presses_which.choose_dialog
        case DeskVerb.TURN_PAGE:
            handler = presses_desk.turn_page
        case DeskVerb.OPEN_SETTINGS:
            handler = presses_desk.open_settings
        case DeskVerb.FINISH_TASK:
            handler = presses_desk.mark_task_done
        case DeskVerb.RETRY_UPDATE:
            handler = presses_desk.retry_update
        case DeskVerb.RETRY_ALL_UPDATES:
            handler = presses_desk.retry_all_updates
        case _:
            return _other_handler_at_desk(verb)
    return handler


def _other_handler_at_desk(verb: _OtherDeskVerb) -> PressHandler:  # noqa: PLR0912 - as above
    match verb:
        case DeskVerb.ASSIGN_INBOX_ITEM:
            handler = presses_desk.assign_inbox_item
        case DeskVerb.CHOOSE_FILTER:
            handler = presses_lists.choose_filter
        case DeskVerb.SHOW_ROW:
            handler = presses_lists.show_row
        case DeskVerb.CHANGE_ROW:
            handler = presses_lists.set_from_row
        case DeskVerb.ANSWER_FROM_LIST:
            handler = presses_lists.answer_from_list
        case DeskVerb.MUTE_CUSTOMER:
            handler = presses_lists.begin_to_mute
        case DeskVerb.UNMUTE_CUSTOMER:
            handler = presses_lists.unmute
        case DeskVerb.DECIDE_ON_HELD:
            handler = held_presses.decide_on_held
        case DeskVerb.APPROVE_DRAFT:
            handler = presses_drafts.approve
        case DeskVerb.EDIT_DRAFT:
            handler = presses_drafts.edit
        case DeskVerb.RETURN_DRAFT:
            handler = presses_drafts.send_back
        case DeskVerb.SEND_SCHEDULED:
            handler = presses_scheduled.send_now
        case DeskVerb.EDIT_SCHEDULED:
            handler = presses_scheduled.edit
        case DeskVerb.CANCEL_SCHEDULED:
            handler = presses_scheduled.cancel
        case DeskVerb.SHOW_REPORT:
            handler = presses_reports.show_report
        case DeskVerb.NARROW_REPORT:
            handler = presses_reports.narrow_report
        case DeskVerb.SEND_REPORT:
            handler = presses_reports.send_report
        case _:
            return _handler_about_funnels(verb)
    return handler


def _handler_about_privacy(verb: _PrivacyVerb | _RestoreVerb) -> PressHandler:
    match verb:
        case DeskVerb.SHOW_PERSONAL_DATA:
            return presses_privacy.show_personal_data
        case DeskVerb.EXPORT_CUSTOMER:
            return presses_privacy.export
        case DeskVerb.ASK_TO_ERASE:
            return presses_privacy.ask_to_erase
        case DeskVerb.ERASE_CUSTOMER:
            return presses_privacy.erase
        case _:
            return _handler_about_restore(verb)


def _handler_about_restore(verb: _RestoreVerb) -> PressHandler:
    match verb:
        case DeskVerb.SHOW_RESTORE:
            handler = restore_presses.show_restore
        case DeskVerb.ASK_ON_RESTORE:
            handler = restore_presses.ask_on_restore
        case DeskVerb.DECIDE_ON_RESTORE:
            handler = restore_presses.decide_on_restore
        case _:
            assert_never(verb)
    return handler


def _handler_about_funnels(verb: _FunnelVerb | _PrivacyVerb | _RestoreVerb) -> PressHandler:
    match verb:
        case DeskVerb.LIST_FUNNELS:
            handler = presses_funnels.list_funnels
        case DeskVerb.SHOW_FUNNEL:
            handler = presses_funnels.show_funnel
        case DeskVerb.SHOW_FUNNEL_NUMBERS:
            handler = presses_funnels.show_numbers
        case DeskVerb.SEND_FUNNEL_PICTURE:
            handler = presses_funnels.send_picture
        case DeskVerb.LIST_ENROLLED:
            handler = presses_funnels.list_enrolled
        case DeskVerb.SWITCH_FUNNEL:
            handler = presses_funnels.switch_funnel
        case DeskVerb.DELETE_FUNNEL:
            handler = presses_funnels.delete_funnel
        case DeskVerb.SHOW_FUNNELS_OF:
            handler = presses_funnels.show_funnels_of
        case DeskVerb.ENROL_CUSTOMER:
            handler = presses_funnels.enrol_customer
        case DeskVerb.END_ENROLMENT:
            handler = presses_funnels.end_enrolment
        case _:
            return _handler_about_privacy(verb)
    return handler
