"""Forwarding a dialog: the recipients, the message, and which parts of the dialog are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import ROLES
from holdline.dialogs.outbox.letters import SUBJECT_LIMIT, require_address
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.choices import require_one_of
from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.wording import one_line, whole_text, without_controls

PARTS = ("info", "history", "notes")
MOST_RECIPIENTS = 100


@dataclass(frozen=True, slots=True)
class ForwardOrder:
    """The request: e-mail addresses, Telegram ids of managers, roles."""

    subject: str
    message: str = ""
    parts: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    telegram_ids: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForwardRecipient:
    """One recipient, with either `email` or `telegram_id`, and the status: queued, sent or failed with a reason."""

    email: str | None
    telegram_id: int | None
    name: str
    status: str = "queued"
    reason: str | None = None

    @property
    def told(self) -> dict[str, Any]:
        """The recipient as history and the API show it."""
        why = {"reason": self.reason} if self.reason else {}
        return {"to": self.email or self.telegram_id, "status": self.status, **why}


@dataclass(frozen=True, slots=True)
class Forward:
    """A stored forward of a dialog."""

    id: int
    dialog_id: int
    subject: str
    recipients: tuple[ForwardRecipient, ...]
    form_id: int | None = None


def require_sound(order: ForwardOrder, *, has_mail: bool) -> ForwardOrder:
    """The order without duplicates. BadInput names what cannot be done."""
    if not (order.emails or order.telegram_ids or order.roles):
        raise BadInput("to", "forwarding.mend_nobody")
    if order.emails and not has_mail:
        raise BadInput("to", "forwarding.mend_no_mail")
    for role in order.roles:
        require_one_of(role, ROLES, field="to")
    for part in order.parts:
        require_one_of(part, PARTS, field="parts")
    addresses = [require_address(email, field="to") for email in order.emails]
    return ForwardOrder(
        subject=_subject(order.subject),
        message=whole_text(order.message, field="message", limit=TEXT_LIMIT) if order.message.strip() else "",
        parts=tuple(part for part in PARTS if part in order.parts),
        emails=tuple({address.lower(): address for address in reversed(addresses)}.values())[::-1],
        telegram_ids=tuple(dict.fromkeys(order.telegram_ids)),
        roles=tuple(dict.fromkeys(order.roles)),
    )


def recipient_sign(recipient: ForwardRecipient) -> str:
    """“✅ Anna”: one line of the window that shows the results."""
    sign = {"queued": "⏳", "sent": "✅", "failed": "⚠️"}[recipient.status]
    why = f": {recipient.reason}" if recipient.reason else ""
    return f"{sign} {inline(recipient.name)}{inline(why)}"


def refuse_too_many(recipients: Sequence[ForwardRecipient]) -> None:
    """Raises BadInput also if there are no recipients, for example because a role has no members."""
    if not recipients:
        raise BadInput("to", "forwarding.mend_nobody")
    if len(recipients) > MOST_RECIPIENTS:
        raise BadInput("to", "forwarding.mend_too_many", limit=MOST_RECIPIENTS)


def forward_event(dialog: Dialog, forward: Forward, *, parts: tuple[str, ...], by: Actor) -> Event:
    """The event that records the recipients and the parts that were sent."""
    data = {
        "forward_id": forward.id,
        "parts": list(parts),
        "recipients": [recipient.told for recipient in forward.recipients],
    }
    return Event(
        EventKind.DIALOG_FORWARDED, by, dialog.customer_id, dialog.id, forward.subject, data, before=dialog
    )


def _subject(written: str) -> str:
    """Refuses line breaks, which could start another header of the e-mail."""
    if without_controls(written) != written:
        raise BadInput("subject", "forwarding.mend_subject")
    return one_line(written, field="subject", limit=SUBJECT_LIMIT)
