"""Who has an Inbox item: it may be given to somebody while it waits, and stays new until it is handled."""

from dataclasses import dataclass
from typing import Any

from holdline.dialogs.dialog import Person
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.refusal import WrongState


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """What is decided on: an item, as far as its assignment goes."""

    id: int
    customer_id: int
    state: str
    assignee: Person | None = None
    team: str | None = None


def refuse_unless_new(item: WaitingItem) -> None:
    """Answered, ignored or in a dialog it waits for nobody any more."""
    if item.state != "new":
        raise WrongState(state=item.state, obj={"type": "inbox_item", "id": item.id, "state": item.state})


def refuse_if_moved(item: WaitingItem) -> None:
    """It is in a dialog already."""
    if item.state == "moved":
        refuse_unless_new(item)


def assign_item(
    item: WaitingItem, target: Person | None, *, by: Actor, team: str | None = None
) -> Event | None:
    """To a person, to a team, or to nobody; None where that is so already."""
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
