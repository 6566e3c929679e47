"""Opening a dialog: the dialog, the hold of the gate and what everybody is told are one transaction."""

from dataclasses import dataclass

from holdline.desk.dialogs.inbox_items import take_up
from holdline.desk.dialogs.labels import default_type_id, label_ids, stage_id, type_id
from holdline.desk.people import participants
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import TITLE_LIMIT, Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound, WrongState
from holdline.dialogs.text.wording import refuse_too_long
from holdline.store.delivery import chats
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Opening:
    """What the form or the API gives; `participants` are Telegram ids, the creator is one anyway."""

    customer_id: int
    title: str
    type: str | None = None
    participants: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    description: str = ""
    follow_up_of: int | None = None
    inbox_item_id: int | None = None


def open_dialog(tx: Tx, *, manager: Manager, opening: Opening) -> Dialog:
    """A new active dialog; active_dialog_exists where the customer has one."""
    require_permission(tx, manager, "dialog.open")
    customer = _customer(tx, opening.customer_id)
    chats.lock_for_customer(tx, customer.id)
    refuse_if_active(tx, customer.id)
    team = _team(tx, manager, opening.participants)
    dialog = _create_dialog(tx, manager, opening, team)
    take_up(tx, actor=manager.as_actor(), dialog=dialog, item_id=opening.inbox_item_id)
    record(tx, [_event(dialog, manager, team)])
    return dialog


def refuse_if_active(tx: Tx, customer_id: int) -> None:
    """The refusal names the dialog in the way and offers to pause or close it."""
    active = dialogs.active_of(tx, customer_id)
    if active is not None:
        raise WrongState(
            state=active.state,
            obj=active.as_object,
            allowed=("pause", "close"),
            code="active_dialog_exists",
        )


def valid_title(title: str) -> str:
    """A title as topics can carry it."""
    clean = " ".join(title.split())
    if not clean:
        raise BadInput("title", "title_empty")
    refuse_too_long(clean, TITLE_LIMIT, field="title")
    return clean


def _customer(tx: Tx, customer_id: int) -> Customer:
    customer = customers.by_id(tx, customer_id)
    if customer is None:
        raise NotFound("customer", customer_id)
    return customer


def _team(tx: Tx, creator: Manager, telegram_ids: tuple[int, ...]) -> list[Manager]:
    team = {creator.id: creator}
    for telegram_id in sorted(telegram_ids):
        other = participants.lock_colleague(tx, telegram_id)
        team[other.id] = other
    return list(team.values())


def _create_dialog(tx: Tx, manager: Manager, opening: Opening, team: list[Manager]) -> Dialog:
    if opening.follow_up_of is not None:
        before = dialogs.by_id(tx, opening.follow_up_of)
        if before.customer_id != opening.customer_id:
            raise NotFound("dialog", f"#{opening.follow_up_of}")
    dialog_id = dialogs.insert(
        tx,
        {
            "customer_id": opening.customer_id,
            "title": valid_title(opening.title),
            "type_id": type_id(tx, opening.type) if opening.type else default_type_id(tx),
            "stage_id": stage_id(tx, "New"),
            "assignee_id": manager.id,
            "description": opening.description,
            "follow_up_of": opening.follow_up_of,
            "created_by": manager.id,
        },
    )
    participants.put_first_participants(tx, dialog_id, team)
    dialogs.set_labels(tx, dialog_id, "reasons", label_ids(tx, "reasons", opening.reasons))
    dialogs.set_labels(tx, dialog_id, "components", label_ids(tx, "components", opening.components))
    return dialogs.by_id(tx, dialog_id)


def _event(dialog: Dialog, creator: Manager, team: list[Manager]) -> Event:
    data = {
        "title": dialog.title,
        "type": dialog.type,
        "participants": [member.telegram_id for member in team],
        "reasons": list(dialog.reasons),
        "components": list(dialog.components),
        "follow_up_of": dialog.follow_up_of,
    }
    actor = creator.as_actor()
    return Event(EventKind.DIALOG_OPENED, actor, dialog.customer_id, dialog.id, dialog.title, data)
