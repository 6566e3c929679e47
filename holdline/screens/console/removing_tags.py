"""🤖 refund ✖ on the card: removes an automatic tag with one tap."""

from holdline.desk.tagging.removing import take_tag_off
from holdline.dialogs.manager import Manager
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.screen import UiResponse
from holdline.store.tx import Tx
from holdline.texts import say


def remove_tag(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The card is redrawn through the outbox. The answer says how to set another tag."""
    name = take_tag_off(tx, manager=manager, dialog_id=pressed.number(), tag_id=pressed.number(1))
    if name is None:
        return UiResponse(say("robots.off_already", manager.language))
    return UiResponse(say("robots.taken_off", manager.language, tag=name))
