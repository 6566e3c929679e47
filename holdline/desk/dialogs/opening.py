"""Opening a dialog: the dialog, the hold of the gate and the notices are one transaction."""

from holdline.desk.dialogs.inbox_items import take_up
from holdline.desk.dialogs.labels import default_type_id, label_ids, stage_id, type_id
from holdline.desk.dialogs.values import set_value
from holdline.desk.people import participants
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.decisions import opening as rules
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import FIRST_STAGE, Dialog
from holdline.dialogs.event import Actor
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.store.delivery import chats
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx


def open_dialog(tx: Tx, *, manager: Manager, opening: Opening) -> Dialog:
    """Opens an active dialog; refused with active_dialog_exists if the customer has one."""
    require_permission(tx, manager, Act.OPEN_DIALOG)
    customer = customers.load(tx, opening.customer_id)
    chats.lock_for_customer(tx, customer.id)
    refuse_if_active(tx, customer.id)
    colleagues = [participants.lock_colleague(tx, each) for each in sorted(opening.participants)]
    first = rules.first_participants(manager, colleagues)
    dialog = _create_dialog(tx, manager, opening, first)
    by = manager.as_actor()
    take_up(tx, actor=by, dialog=dialog, item_id=opening.inbox_item_id)
    record(tx, [rules.event_of_opening(dialog, by=by, participants=first, begun_with=opening.values)])
    return dialogs.by_id(tx, dialog.id)


def open_by_rule(tx: Tx, *, actor: Actor, opening: Opening) -> Dialog:
    """Opens an active dialog that is assigned to nobody. The caller has locked the customer."""
    refuse_if_active(tx, opening.customer_id)
    dialog = _create_dialog(tx, None, opening, [])
    take_up(tx, actor=actor, dialog=dialog)
    record(tx, [rules.event_of_opening(dialog, by=actor, participants=[])])
    return dialogs.by_id(tx, dialog.id)


def refuse_if_active(tx: Tx, customer_id: int) -> None:
    """Refuses while the customer has an active dialog."""
    rules.refuse_second_dialog(dialogs.active_of(tx, customer_id))


def _create_dialog(tx: Tx, creator: Manager | None, opening: Opening, first: list[Manager]) -> Dialog:
    follows = dialogs.by_id(tx, opening.follow_up_of) if opening.follow_up_of is not None else None
    opening = rules.valid_opening(opening, follows=follows)
    dialog_id = dialogs.insert(
        tx,
        {
            "customer_id": opening.customer_id,
            "title": opening.title,
            "type_id": type_id(tx, opening.type) if opening.type else default_type_id(tx),
            "stage_id": stage_id(tx, FIRST_STAGE),
            "assignee_id": creator.id if creator else None,
            "description": opening.description,
            "follow_up_of": opening.follow_up_of,
            "created_by": creator.id if creator else None,
        },
    )
    participants.put_first_participants(tx, dialog_id, first)
    dialogs.set_labels(tx, dialog_id, "reasons", label_ids(tx, "reasons", opening.reasons))
    dialogs.set_labels(tx, dialog_id, "components", label_ids(tx, "components", opening.components))
    for name, value in opening.values.items():
        set_value(tx, dialog_id, name, value)
    return dialogs.by_id(tx, dialog_id)
