"""What happens to an Inbox item: answered, ignored, put back, moved to a dialog, assigned, or extended by another
message.
"""

from dataclasses import dataclass, replace
from typing import Any

from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Actor, Event, EventKind, InboxArrival
from holdline.dialogs.refusal import NotFound, WrongState


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A run of a customer's messages outside any dialog.

    `state` is new, answered, ignored or moved. `handled_by` is the id of the manager who set it. `assignee` or
    `team` may be set, but only if the item was loaded by its id.
    """

    id: int
    customer_id: int
    state: str
    message_count: int
    first_message_id: int | None = None
    handled_by: int | None = None
    dialog_id: int | None = None
    assignee: Person | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """The item afterwards, and the event."""

    item: InboxItem
    event: Event


def answer(item: InboxItem, *, by: Actor) -> ItemDecision | None:
    """Only for an item that waits. Returns None if somebody already handled it."""
    return _handle(item, "answered", EventKind.INBOX_ITEM_ANSWERED, by=by) if item.state == "new" else None


def ignore(item: InboxItem, *, by: Actor) -> ItemDecision | None:
    """Only for an item that waits. Returns None if somebody already handled it."""
    return _handle(item, "ignored", EventKind.INBOX_ITEM_IGNORED, by=by) if item.state == "new" else None


def put_back(
    item: InboxItem, *, by: Actor, active_dialog_id: int | None, waiting: InboxItem | None
) -> ItemDecision | None:
    """Only for an ignored item, and only if the customer has no active dialog and no other item that waits."""
    if item.state != "ignored" or active_dialog_id is not None or waiting is not None:
        return None
    event = _event(EventKind.INBOX_ITEM_RETURNED, item, by=by)
    return ItemDecision(replace(item, state="new", handled_by=None), event)


def move(item: InboxItem, dialog: Dialog, *, by: Actor) -> ItemDecision | None:
    """Also moves answered and ignored items. Returns None if it is already in a dialog. Raises NotFound if it is
    another customer's.
    """
    if item.customer_id != dialog.customer_id:
        raise NotFound("inbox item", item.id)
    if item.state == "moved":
        return None
    decision = _handle(item, "moved", EventKind.INBOX_ITEM_MOVED, by=by)
    return ItemDecision(
        replace(decision.item, dialog_id=dialog.id), replace(decision.event, dialog_id=dialog.id)
    )


def arrival_at(item: InboxItem | None) -> InboxArrival | None:
    """A message joins an item that waits, and reopens an ignored one. Returns None if it starts a new item.

    `item` is the customer's waiting item, or else their newest.
    """
    if item is None or item.state not in ("new", "ignored"):
        return None
    return InboxArrival(item.id, returns=item.state == "ignored")


def _handle(item: InboxItem, state: str, kind: EventKind, *, by: Actor) -> ItemDecision:
    handled_by = by.id if by.kind == "manager" else None
    return ItemDecision(replace(item, state=state, handled_by=handled_by), _event(kind, item, by=by))


def _event(kind: EventKind, item: InboxItem, *, by: Actor) -> Event:
    data = {"inbox_item_id": item.id, "messages": item.message_count}
    return Event(kind, by, item.customer_id, data=data)


def refuse_unless_new(item: InboxItem) -> None:
    """Raises WrongState if the item was answered, ignored or moved: it no longer waits."""
    if item.state != "new":
        raise WrongState(state=item.state, obj={"type": "inbox_item", "id": item.id, "state": item.state})


def refuse_if_moved(item: InboxItem) -> None:
    """Raises WrongState if the item is already in a dialog."""
    if item.state == "moved":
        refuse_unless_new(item)


def assign_item(
    item: InboxItem, target: Person | None, *, by: Actor, team: str | None = None
) -> Event | None:
    """Assigns the item to a person, a team, or nobody. Returns None if nothing changes."""
    refuse_unless_new(item)
    if (item.assignee.id if item.assignee else None, item.team) == (target.id if target else None, team):
        return None
    data: dict[str, Any] = {
        "inbox_item_id": item.id,
        "from": _name_of(item.assignee, item.team),
        "to": _name_of(target, team),
        "to_telegram_id": target.telegram_id if target else None,
    }
    given = target is not None or team is not None
    kind = EventKind.INBOX_ITEM_ASSIGNED if given else EventKind.INBOX_ASSIGNMENT_WITHDRAWN
    return Event(kind, by, item.customer_id, data=data)


def _name_of(person: Person | None, team: str | None) -> str | None:
    return person.name if person is not None else team
