"""/new_dialog: choose the customer from recent ones or by name, then the wizard opens in the same window (R-06)."""

from holdline.desk.dialogs.opening import refuse_if_active
from holdline.desk.reading.search import find_customers
from holdline.dialogs.customer import Customer
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.forms import open_wizard
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    footer_rows,
    open_form,
    save_form,
)
from holdline.screens.keyboards import Button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.conversation import messages
from holdline.store.dialogs import dialogs, inbox_items
from holdline.store.people import customers
from holdline.store.screens import form_messages
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "whom"
_MOST = 10
_NAME = 28


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, sought: str = "") -> Form:
    """`sought` is the text typed after the command."""
    require_allowed(manager, Act.OPEN_DIALOG)
    form = open_form(tx, manager, FormKind(KIND), spot=spot, values={"sought": sought})
    form.awaits = True
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, sought = manager.language, form.values["sought"]
    found, problem = _people(tx, manager, sought)
    rows = [[_person_button(tx, form, person, language)] for person in found]
    if sought:
        rows.append([form.button(say("lists.lately", language), "lately")])
    head = say("lists.whom_head", language)
    key = "nobody" if not found else "found" if sought else "lately"
    heading = problem or say(f"lists.whom_{key}", language, text=inline(ellipsize(sought)))
    asks = say("lists.whom_ask", language)
    return screen_with_title(head, heading, asks, rows=[*rows, *footer_rows(form, manager)])


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    match action:
        case "cancel":
            return cancel_form(form, manager)
        case "lately":
            form.values["sought"] = ""
        case "whom":
            return _begin_wizard(tx, form, manager, customer_id=parse_number(arg))
        case _:
            raise NotFound("button", action)
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    form.values["sought"] = content.text
    return screen(tx, form, manager)


def _begin_wizard(tx: Tx, form: Form, manager: Manager, *, customer_id: int) -> Screen:
    """The wizard takes over the window. Refused, with a link, if the customer has an active dialog."""
    customers.load(tx, customer_id)
    refuse_if_active(tx, customer_id)
    waiting = inbox_items.lock_new(tx, customer_id)
    wizard = open_wizard.begin(
        tx,
        manager,
        spot=FormPosition(form.chat_id, form.thread_id),
        customer_id=customer_id,
        item_id=waiting.id if waiting else None,
    )
    wizard.tg_message_id = form.tg_message_id
    form_messages.hand_over(tx, form.id, wizard.id)
    shown = open_wizard.screen(tx, wizard, manager)
    form.awaits, form.done = False, True
    save_form(tx, wizard)
    return shown


def _people(tx: Tx, manager: Manager, sought: str) -> tuple[list[Customer], str]:
    """Customers who match, or who wrote recently; and the problem with the search text, if any."""
    if not sought:
        ids = messages.customers_who_wrote_lately(tx, limit=_MOST)
        return [customers.load(tx, customer_id) for customer_id in ids], ""
    try:
        return find_customers(tx, manager=manager, text=sought, limit=_MOST), ""
    except BadInput as refused:
        return [], f"⚠️ {refused.sentence(manager.language)}"


def _person_button(tx: Tx, form: Form, customer: Customer, language: str) -> Button:
    """For a customer with an active dialog it is a link to that dialog. A paused one is named; the wizard offers to
    resume it.
    """
    name = ellipsize(customer.name, _NAME)
    active = dialogs.active_id(tx, customer.id)
    if active is not None:
        return dialog_link_button(tx, active, f"▶️ {name} · #{active}")
    username = f" @{customer.username}" if customer.username else ""
    paused = dialogs.list_paused(tx, customer.id, limit=1)
    state = f"⏸ {name} · #{paused[0].id}" if paused else f"👤 {name}{username}"
    return form.button(state, "whom", customer.id)
