"""Presses in the windows of funnels. Each shows the new state in place."""

from holdline.desk.funnels.definitions import delete_funnel as delete
from holdline.desk.funnels.definitions import switch_funnel as switch
from holdline.desk.funnels.enrolments import enrol, leave_enrolment
from holdline.desk.funnels.pictures import send_funnel_picture
from holdline.desk.people.managers import require_permission
from holdline.dialogs.address import Address
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.reply_position import show
from holdline.screens.funnels.of_customer import customer_funnels_screen
from holdline.screens.funnels.window import (
    deletion_screen,
    funnel_screen,
    funnels_screen,
    numbers_screen,
    people_screen,
)
from holdline.screens.screen import UiResponse
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say


def list_funnels(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    require_permission(tx, manager, Act.RUN_FUNNELS)
    return UiResponse(window=funnels_screen(tx, manager, after=pressed.number()))


def show_funnel(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    require_permission(tx, manager, Act.RUN_FUNNELS)
    return UiResponse(window=funnel_screen(tx, manager, funnel_id=pressed.number()))


def show_numbers(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    require_permission(tx, manager, Act.RUN_FUNNELS)
    version = pressed.number(1) if len(pressed.button.args) > 1 else None
    return UiResponse(window=numbers_screen(tx, manager, funnel_id=pressed.number(), version=version))


def send_picture(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Sends the picture below. It is drawn on sending, with the numbers of that moment."""
    to, key = Address(pressed.chat_id, pressed.thread_id), f"funnel_picture:{pressed.spot.cause}"
    send_funnel_picture(tx, manager=manager, funnel_id=pressed.number(), to=to, key=key)
    return UiResponse(say("funnel_windows.picture_follows", manager.language))


def list_enrolled(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    require_permission(tx, manager, Act.RUN_FUNNELS)
    window = people_screen(tx, manager, funnel_id=pressed.number(), after=pressed.number(1))
    return UiResponse(window=window)


def switch_funnel(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """⏸ and ▶️."""
    funnel_id, active = pressed.number(), bool(pressed.number(1))
    switch(tx, funnel_id=funnel_id, active=active, manager=manager)
    toast = say("funnel_windows.resumed" if active else "funnel_windows.now_paused", manager.language)
    return UiResponse(toast, window=funnel_screen(tx, manager, funnel_id=funnel_id))


def delete_funnel(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Asks first; then shows the list of the others."""
    require_permission(tx, manager, Act.RUN_FUNNELS)
    funnel_id = pressed.number()
    if len(pressed.button.args) == 1:
        return UiResponse(window=deletion_screen(tx, manager, funnel_id=funnel_id))
    delete(tx, funnel_id=funnel_id, manager=manager)
    return UiResponse(say("funnel_windows.deleted", manager.language), window=funnels_screen(tx, manager))


def show_funnels_of(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Shown below the card where the button was pressed."""
    require_permission(tx, manager, Act.RUN_FUNNELS)
    show(tx, pressed.spot, customer_funnels_screen(tx, manager, customer_id=pressed.number()))
    return UiResponse()


def enrol_customer(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """A manager enrols deliberately, so a customer who finished the funnel before starts it again."""
    customer = customers.load(tx, pressed.number())
    telegram_id, funnel_id = customer.telegram_id, pressed.number(1)
    enrol(tx, funnel_id=funnel_id, telegram_id=telegram_id, again=True, manager=manager)
    return _after(tx, manager, customer.id, "let_in_done")


def end_enrolment(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Waiting messages of the enrolment are never sent."""
    enrolment = leave_enrolment(tx, enrolment_id=pressed.number(), manager=manager)
    return _after(tx, manager, enrolment.customer_id, "taken_out")


def _after(tx: Tx, manager: Manager, customer_id: int, said: str) -> UiResponse:
    window = customer_funnels_screen(tx, manager, customer_id=customer_id)
    return UiResponse(say(f"funnel_windows.{said}", manager.language), window=window)
