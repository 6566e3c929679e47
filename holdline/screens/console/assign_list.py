"""The list of people and teams to assign a dialog to, opened by /assign or from the card."""

from holdline.desk.dialogs.assign_lists import KIND
from holdline.dialogs.manager import Manager
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.reply_position import ReplyPosition, show
from holdline.screens.forms.assign_people import assignee_choice_screen
from holdline.screens.forms.form import FormKind, FormPosition, open_form
from holdline.screens.screen import UiResponse
from holdline.store.screens import form_messages
from holdline.store.tx import Tx


def show_assign_list(
    tx: Tx, manager: Manager, *, dialog_id: int, spot: ReplyPosition, called: str = ""
) -> None:
    """The list ends if a colleague assigns the dialog first. `called` is a name that was not clear."""
    screen = assignee_choice_screen(tx, manager, dialog_id=dialog_id, called=called)
    form_spot = FormPosition(spot.chat_id, spot.thread_id)
    form = open_form(tx, manager, FormKind(KIND), spot=form_spot, values={"dialog_id": dialog_id})
    show(tx, spot, screen, key=form_messages.key_of(form.id), dialog_id=dialog_id)


def choose_assignee(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    show_assign_list(tx, manager, dialog_id=pressed.number(), spot=pressed.spot)
    return UiResponse()
