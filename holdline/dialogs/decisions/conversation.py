"""Where a reply may be sent, and when the manager is asked to confirm it first."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, DeskError, WrongState
from holdline.dialogs.text.limits import REPLY_LIMIT, refuse_too_long
from holdline.dialogs.text.marks import is_for_desk_only
from holdline.dialogs.text.splitting import inline

JUST_NOW = timedelta(minutes=3)
"""If a colleague answered within this time, a second answer needs confirmation."""


def refuse_unless_active(dialog: Dialog) -> None:
    """Raises WrongState unless the dialog is active: replies are sent in active dialogs only."""
    if dialog.state == "paused":
        raise WrongState(
            state=dialog.state,
            obj=dialog.as_object,
            allowed=("resume", "write_general"),
            code="dialog_paused",
        )
    if dialog.state == "closed":
        raise WrongState(state=dialog.state, obj=dialog.as_object)


def require_sayable(
    manager: Manager, content: Content, *, typed: bool, whose_account: Manager | None = None
) -> None:
    """Raises BadInput, before anything is stored, for a kind that cannot be sent on, for the contact of somebody of the
    desk or a link to them, and for empty or too long text.

    `typed`: it was typed in Telegram, where a mark makes text internal. A note or a command never becomes a reply.
    `whose_account`: the manager, present or former, whom it would show.
    """
    if typed and is_for_desk_only(content.text):
        raise BadInput("message", "for_desk_only")
    if not content.is_passable:
        raise BadInput("message", "kind_cannot_be_sent")
    refuse_account(manager, content, whose_account)
    if content.kind == "text" and not content.text.strip():
        raise BadInput("text", "text_empty")
    refuse_too_long(content.text, REPLY_LIMIT, field="text")


def refuse_account(manager: Manager, content: Content, whose_account: Manager | None) -> None:
    """Raises BadInput if a contact, or a link in the text, would show the customer somebody of the desk."""
    if whose_account is not None:
        whose = "own" if whose_account.id == manager.id else "colleagues"
        raise BadInput("message", f"{whose}_{'contact' if content.kind == 'contact' else 'link'}")


def refuse_if_answered_just_now(
    answers: Sequence[Mapping[str, Any]], customer: Customer, *, by: Manager
) -> None:
    """Refuses the answer if only colleagues have answered. A manager who has answered too is not asked.

    `answers` are those within JUST_NOW since the customer wrote, newest last.
    """
    if answers and all(answer["manager_id"] != by.id for answer in answers):
        who, name = answers[-1]["manager_name"], inline(customer.name)
        raise DeskError("answered_just_now", obj={"type": "customer", "id": customer.id}, who=who, name=name)


def refuse_crossing(seen: int | None, newest: int, *, anyway: bool = False) -> None:
    """Refuses the reply if the customer has written since the message that the manager had `seen`, because it may no
    longer fit.

    `newest` is the customer's newest message there, 0 if there is none. With `seen` None nothing is refused.
    """
    if seen is not None and newest > seen and not anyway:
        raise DeskError("newer_message", obj={"type": "message", "id": newest}, allowed=("send_anyway",))
