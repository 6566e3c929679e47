"""A customer who is a colleague too: the desk is notified of their open dialogs, so that none of these is forgotten."""

from dataclasses import dataclass

from holdline.desk.notices import views
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import CustomerNeverWrote
from holdline.dialogs.rights import Act
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.dialogs import dialogs, inbox_items, places
from holdline.store.people import customers, managers
from holdline.store.tx import Tx

PAUSED_DIALOGS = 5


@dataclass(frozen=True, slots=True)
class OpenWithCustomer:
    """Dialogs that are not closed, the active one first, and the number of messages that wait in the Inbox."""

    dialogs: tuple[Dialog, ...] = ()
    waiting: int = 0

    def __bool__(self) -> bool:
        return bool(self.dialogs or self.waiting)


def open_with(tx: Tx, telegram_id: int) -> OpenWithCustomer:
    """What is open with that person as a customer; empty if they never were one."""
    customer = customers.by_telegram_id(tx, telegram_id)
    if customer is None:
        return OpenWithCustomer()
    active = dialogs.active_of(tx, customer.id)
    paused = dialogs.list_paused(tx, customer.id, limit=PAUSED_DIALOGS)
    unclosed = (*([active] if active else []), *paused)
    return OpenWithCustomer(unclosed, inbox_items.count_unanswered_messages(tx, customer.id))


def refuse_colleague(tx: Tx, telegram_id: int) -> None:
    """Refuses marketing to a person of the desk, who may have written to the bot as a customer before."""
    colleague = managers.by_telegram_id(tx, telegram_id)
    if colleague is not None and colleague.active:
        raise CustomerNeverWrote(telegram_id, is_colleague=True)


def notify_of_own_dialogs(tx: Tx, *, joined: Manager, by: Manager | None) -> None:
    """Notifies the places of each dialog of which they are the customer; in their own chats, the assignee and the
    manager who added them.
    """
    for dialog in open_with(tx, joined.telegram_id).dialogs:
        words = _notify_places(tx, dialog, joined.name)
        told_chats = {joined.telegram_id, *(place["chat_id"] for place in places.of_dialog(tx, dialog.id))}
        for telegram_id in sorted(_ids_to_tell(tx, dialog, by) - told_chats):
            views.notify_manager(tx, telegram_id, "desk_notices.customer_joined", words, dialog_id=dialog.id)


def notify_if_customer_is_colleague(tx: Tx, event: Event) -> None:
    """Notifies the places of a dialog that was opened or resumed if its customer is a colleague."""
    customer = customers.of_event(tx, event)
    colleague = managers.by_telegram_id(tx, customer.telegram_id)
    if colleague is not None and colleague.active:
        _notify_places(tx, dialogs.of_event(tx, event), colleague.name)


def _notify_places(tx: Tx, dialog: Dialog, name: str) -> dict[str, object]:
    """Shows it in the dialog's places; returns the text for people who are notified elsewhere."""
    words = {"id": dialog.id, "title": dialog.title, "name": name}
    close = {"key": "desk_notices.close_button", "data": button_data(DialogVerb.CLOSE, dialog.id)}
    views.notify_dialog(tx, dialog, "desk_notices.customer_joined", words, buttons=[[close]])
    return words


def _ids_to_tell(tx: Tx, dialog: Dialog, by: Manager | None) -> set[int]:
    """The assignee and the manager who added the person; if a program added them, everybody who may edit managers."""
    added_by = [by] if by is not None else managers.list_permitted(tx, Act.EDIT_PEOPLE)
    assignee = {dialog.assignee.telegram_id} if dialog.assignee else set()
    return {person.telegram_id for person in added_by} | assignee
