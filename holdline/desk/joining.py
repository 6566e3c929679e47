"""Somebody joins the desk who is a customer in an active dialog: colleagues hear of it, the dialog stays with them."""

from holdline.desk import views
from holdline.desk.roles import EDITORS
from holdline.dialogs.manager import Manager
from holdline.store import customers, dialogs, managers
from holdline.store.tx import Tx


def tell_of_own_dialog(tx: Tx, *, joined: Manager, by: Manager | None) -> None:
    """The assignee and whoever added them; where a program did, everybody who may edit managers."""
    customer = customers.by_telegram_id(tx, joined.telegram_id)
    dialog = dialogs.active_of(tx, customer.id) if customer is not None else None
    if dialog is None:
        return
    added_by = [by] if by is not None else managers.with_permission(tx, EDITORS)
    told = {person.telegram_id for person in added_by}
    if dialog.assignee is not None:
        told.add(dialog.assignee.telegram_id)
    words = {"id": dialog.id, "title": dialog.title, "name": joined.name}
    for telegram_id in sorted(told - {joined.telegram_id}):
        views.tell_manager(tx, telegram_id, "desk_notices.customer_joined", words, dialog_id=dialog.id)
