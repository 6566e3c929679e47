"""Presses in the window of a customer's personal data."""

from holdline.desk.people.managers import require_permission
from holdline.desk.privacy.asking import ask_to_erase_as
from holdline.desk.privacy.exports import send_export
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.reply_position import show
from holdline.screens.privacy.window import erasure_question, personal_data_screen
from holdline.screens.screen import Screen, UiResponse
from holdline.store.tx import Tx
from holdline.texts import say


def show_personal_data(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🔐 Shows, below the card, what can be done and what happens then."""
    require_permission(tx, manager, Act.HANDLE_PERSONAL_DATA)
    show(tx, pressed.spot, personal_data_screen(tx, manager, customer_id=pressed.number()))
    return UiResponse()


def export(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """📦 Sends the file to the manager's own chat."""
    send_export(
        tx,
        manager=manager,
        customer_id=pressed.number(),
        key=str(pressed.spot.cause),
        with_notes=bool(pressed.number(1)),
    )
    return UiResponse(say("privacy.export_follows", manager.language), alert=True)


def ask_to_erase(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🧹 Shows in place what an erasure does, before it starts."""
    require_permission(tx, manager, Act.HANDLE_PERSONAL_DATA)
    return UiResponse(window=erasure_question(tx, manager, customer_id=pressed.number()))


def erase(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🧹 Starts the erasure and removes the name from the window."""
    erasure = ask_to_erase_as(tx, manager=manager, customer_id=pressed.number())
    words = say("privacy.erase_begun", manager.language, id=erasure.customer_id)
    return UiResponse(words, alert=True, window=Screen(words))
