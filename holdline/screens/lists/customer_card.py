"""A customer's card, around the list of their dialogs: the first dialog, or one that goes on (W-02)."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.keyboards import ButtonRows, arrange_in_rows, callback_button
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say

_PAUSED = 3


def customer_lines(tx: Tx, customer_id: int) -> list[str]:
    """“@anna · id 510000001”."""
    customer = customers.load(tx, customer_id)
    username = f"@{customer.username} · " if customer.username else ""
    return [f"{username}id {customer.telegram_id}"]


def customer_rows(tx: Tx, manager: Manager, customer_id: int) -> ButtonRows:
    """The dialog that is active goes on; else one that was paused, or a new one. Only what one may do."""
    language = manager.language
    active = dialogs.active_id(tx, customer_id)
    past = callback_button(say("past.button", language), DeskVerb.SHOW_OVERVIEW, customer_id)
    if active is not None:
        go = dialog_link_button(tx, active, say("lists.go_on", language, id=active))
        return [[go], [past]]
    ways = []
    if is_allowed(manager, Act.OPEN_DIALOG):
        new = say("manager.new_dialog", language)
        ways.append(callback_button(new, DeskVerb.OPEN_FOR_CUSTOMER, customer_id))
    if is_allowed(manager, Act.REPLY):
        answer = say("cards.button_answer", language)
        ways.append(callback_button(answer, DeskVerb.ANSWER_CUSTOMER, customer_id))
    paused = dialogs.list_paused(tx, customer_id, limit=_PAUSED)
    on = [
        callback_button(say("lists.go_on", language, id=dialog.id), DialogVerb.RESUME, dialog.id)
        for dialog in (paused if is_allowed(manager, Act.MOVE_DIALOG) else [])
    ]
    return [*arrange_in_rows(on), *arrange_in_rows(ways), [past]]
