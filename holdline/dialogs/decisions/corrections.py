"""What managers may delete or edit of their messages to a customer, and until when."""

from datetime import datetime, timedelta
from enum import StrEnum

from holdline.dialogs.corrections import has_only_moved, is_changed
from holdline.dialogs.decisions.conversation import refuse_unless_active
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, DeskError
from holdline.dialogs.text.marks import is_for_desk_only, is_other_command

REMOVABLE_FOR = timedelta(hours=48)
"""Telegram does not delete messages sent longer ago (deleteMessage, Bot API)."""
UNDO_GRACE = timedelta(seconds=2)
"""Extra time for a press at the last moment."""


class Removal(StrEnum):
    """The result of taking a message back."""

    NOT_SENT = "not_sent"
    PERHAPS_SENT = "perhaps_sent"
    BEING_REMOVED = "being_removed"
    REMOVED_BEFORE = "removed_before"


def refuse_late_undo(*, since: datetime, at: datetime, undo_seconds: int) -> None:
    """Raises BadInput if the undo is too late. `since` is when the message was sent; after that, /delete is the way."""
    if at - since > timedelta(seconds=undo_seconds) + UNDO_GRACE:
        raise BadInput("undo", "undo_too_late")


def first_removal(
    *, at: datetime, arrived_at: datetime | None, is_leaving: bool, is_unconfirmed: bool = False
) -> Removal:
    """For a message that was not taken back before. `arrived_at` is None if the customer has no copy that is known.
    `is_unconfirmed`: they may have one, which cannot be deleted because its id is unknown.
    """
    if arrived_at is None and is_unconfirmed:
        return Removal.PERHAPS_SENT
    if arrived_at is None:
        return Removal.BEING_REMOVED if is_leaving else Removal.NOT_SENT
    if at - arrived_at > REMOVABLE_FOR:
        raise _too_late()
    return Removal.BEING_REMOVED


def later_removal(*, has_copy: bool, is_leaving: bool) -> Removal:
    """For a message that was taken back before. `is_leaving`: it, or its removal, is still on its way to Telegram."""
    if is_leaving:
        return Removal.BEING_REMOVED
    if has_copy:
        raise _too_late()
    return Removal.REMOVED_BEFORE


def refuse_edit_of_removed(before: Content, after: Content, *, message_id: int) -> None:
    """Raises DeskError: the reader no longer has the message, so the edit would not be seen. Movements of a live
    location are ignored.
    """
    if is_changed(before, after) and not has_only_moved(before, after):
        raise DeskError("message_taken_back", obj={"type": "message", "id": message_id})


def refuse_words_for_desk(content: Content) -> None:
    """Raises BadInput: a message that the customer has read cannot become a note or a command."""
    if is_for_desk_only(content.text):
        what = "command" if is_other_command(content.text) else "note"
        raise BadInput("message", f"edited_into_{what}")


def is_edit_shown(before: Content, after: Content, dialog: Dialog | None) -> bool:
    """Whether the customer's copy is edited too. Refused where a reply would be refused. `dialog` None: the message was
    sent outside any dialog.

    A live location updates by itself. Where the manager is after the dialog stays with the desk.
    """
    if dialog is None:
        return True
    if dialog.state != "active" and has_only_moved(before, after):
        return False
    refuse_unless_active(dialog)
    return True


def _too_late() -> BadInput:
    return BadInput("/delete", "delete_too_late")
