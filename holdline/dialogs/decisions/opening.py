"""Who may open a dialog, and with what values. A customer has at most one active dialog."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from holdline.dialogs.decisions.decision import plain_value
from holdline.dialogs.dialog import TITLE_LIMIT, Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound, WrongState
from holdline.dialogs.text.limits import refuse_too_long

OPENING_VALUES = ("stage", "priority", "queue", "tags", "root_causes", "due_at", "fields", "sla_policy")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the form or the API gives. `participants` are Telegram ids; the creator is always a participant."""

    customer_id: int
    title: str
    type: str | None = None
    participants: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    description: str = ""
    follow_up_of: int | None = None
    inbox_item_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """Further initial values: any of `OPENING_VALUES`, in the form of a change."""


def refuse_second_dialog(active: Dialog | None) -> None:
    """Raises WrongState if the customer has an active dialog."""
    if active is not None:
        raise second_dialog_refusal(active)


def second_dialog_refusal(active: Dialog) -> WrongState:
    """Names the dialog in the way and offers to pause or close it."""
    return WrongState(
        state=active.state,
        obj=active.as_object,
        allowed=("pause", "close"),
        code="active_dialog_exists",
    )


def valid_opening(opening: Opening, *, follows: Dialog | None) -> Opening:
    """The opening as it is stored. Raises NotFound if the dialog that it follows belongs to another customer."""
    if follows is not None and follows.customer_id != opening.customer_id:
        raise NotFound("dialog", f"#{follows.id}")
    return replace(opening, title=valid_title(opening.title))


def valid_title(title: str) -> str:
    """The title cleaned of extra spaces. Raises BadInput if it is empty or too long for a topic name."""
    clean = " ".join(title.split())
    if not clean:
        raise BadInput("title", "title_empty")
    refuse_too_long(clean, TITLE_LIMIT, field="title")
    return clean


def first_participants(creator: Manager, colleagues: Iterable[Manager]) -> list[Manager]:
    """The creator first, then the colleagues named in the opening, without duplicates."""
    return list({member.id: member for member in (creator, *colleagues)}.values())


def event_of_opening(
    dialog: Dialog, *, by: Actor, participants: Iterable[Manager], begun_with: Iterable[str] = ()
) -> Event:
    """Records which of `OPENING_VALUES` the dialog started with."""
    data = {
        "title": dialog.title,
        "type": dialog.type,
        "description": dialog.description,
        "participants": [member.telegram_id for member in participants],
        "reasons": list(dialog.reasons),
        "components": list(dialog.components),
        "follow_up_of": dialog.follow_up_of,
        **{name: plain_value(getattr(dialog, name)) for name in begun_with},
    }
    return Event(EventKind.DIALOG_OPENED, by, dialog.customer_id, dialog.id, dialog.title, data)
