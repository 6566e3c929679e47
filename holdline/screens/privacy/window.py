"""The window of a customer's personal data: what an export and an erasure are, with their buttons."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.keyboards import callback_button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.people import customers
from holdline.store.privacy import copies
from holdline.store.privacy.counting import count_talk
from holdline.store.privacy.person import PersonIds
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
    erase = say("privacy.erase_button", language)
    rows.append([callback_button(erase, DeskVerb.ASK_TO_ERASE, customer_id)])
    return screen_with_title(head, "", say("privacy.export_explained", language), rows=rows)


def erasure_question(tx: Tx, manager: Manager, *, customer_id: int) -> Screen:
    """The effects of an erasure in figures, with the button that starts it. Counts only what is quick, because
    nothing else is written meanwhile.
    """
    language, customer = manager.language, customers.load(tx, customer_id)
    person = PersonIds(customer.id, customer.telegram_id)
    found = copies.messages_of(tx, person, with_cards=False)
    old = sum(not row["is_deletable"] for row in found)
    dialogs, messages = count_talk(tx, person)
    figures = {"dialogs": dialogs, "messages": messages, "copies": len(found) - old, "old": old}
    head = say("privacy.erase_title", language, name=inline(ellipsize(customer.name)))
    yes = callback_button(say("privacy.erase_yes", language), DeskVerb.ERASE_CUSTOMER, customer_id)
    return screen_with_title(head, "", say("privacy.erase_explained", language, **figures), rows=[[yes]])
