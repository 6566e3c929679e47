"""Where a reply may be said, and when somebody is asked again before it is."""

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.refusal import DeskError, WrongState


def refuse_unless_active(dialog: Dialog) -> None:
    """Replies reach a customer in an active dialog alone."""
    if dialog.state == "paused":
        raise WrongState(
            state=dialog.state,
            obj=dialog.as_object,
            allowed=("resume", "write_general"),
            code="dialog_paused",
        )
    if dialog.state == "closed":
        raise WrongState(state=dialog.state, obj=dialog.as_object)


def refuse_crossing(seen: int | None, newest: int, *, anyway: bool = False) -> None:
    """The customer has written since the message that the writer had `seen`: they may not mean their words any more.

    `newest`: the customer's newest message there, 0 for none. Whoever says nothing of what they saw is asked nothing.
    """
    if seen is not None and newest > seen and not anyway:
        raise DeskError("newer_message", obj={"type": "message", "id": newest}, allowed=("send_anyway",))
