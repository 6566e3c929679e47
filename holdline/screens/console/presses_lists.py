"""Presses under lists of dialogs: filters, acts on a row, answers."""

from holdline.desk.customers.muting import unmute_customer
from holdline.dialogs.manager import Manager
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.forms import show_form
from holdline.screens.lists import answer_form, mute_form
from holdline.screens.lists.filters import filter_screen
from holdline.screens.lists.row import change_row, row_screen
from holdline.screens.lists.view import list_view, parse_view
from holdline.screens.lists.window import list_screen
from holdline.screens.marketing import profile_form
from holdline.screens.screen import UiResponse
from holdline.store.tx import Tx
from holdline.texts import say


def choose_filter(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Shows the values of one filter, in place."""
    view = parse_view(pressed.word(1))
    return UiResponse(window=filter_screen(tx, manager, field=pressed.word(), view=view))


def show_row(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """⚡ Shows the acts for one dialog, in place."""
    view = parse_view(pressed.word(2))
    return UiResponse(
        window=row_screen(tx, manager, dialog_id=pressed.number(), choice=pressed.word(1), view=view)
    )


def set_from_row(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Performs the act and shows the updated list."""
    view = parse_view(pressed.word(2))
    done = change_row(tx, manager, dialog_id=pressed.number(), change=pressed.word(1))
    return UiResponse(done, window=list_screen(tx, manager, view, result=done))


def answer_from_list(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """✍️ Opens the form for the answer below the list."""
    form = answer_form.begin(tx, manager, spot=pressed.form_spot, dialog_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def show_profile(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """📋 Shows what is stored about the customer, below their card."""
    form = profile_form.begin(tx, manager, spot=pressed.form_spot, customer_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def begin_to_mute(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🔇 Asks for the duration and the reason, below the customer's card."""
    form = mute_form.begin(tx, manager, spot=pressed.form_spot, customer_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def unmute(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🔔 Unmutes at once and updates the card."""
    customer = unmute_customer(tx, manager=manager, customer_id=pressed.number())
    card = list_screen(tx, manager, list_view("customer", about=customer.id))
    return UiResponse(say("mute.undone", manager.language, name=customer.name), window=card)
