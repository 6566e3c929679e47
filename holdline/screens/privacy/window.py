"""The window of a customer's personal data: what an export is, with its buttons."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.keyboards import callback_button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say


def personal_data_screen(tx: Tx, manager: Manager, *, customer_id: int) -> Screen:
    language, customer = manager.language, customers.load(tx, customer_id)
    head = say("privacy.title", language, name=inline(ellipsize(customer.name)))
    rows = [
        [callback_button(say("privacy.export_button", language), DeskVerb.EXPORT_CUSTOMER, customer_id, 0)],
        [
            callback_button(
                say("privacy.export_notes_button", language), DeskVerb.EXPORT_CUSTOMER, customer_id, 1
            )
        ],
    ]
    return screen_with_title(head, "", say("privacy.export_explained", language), rows=rows)
