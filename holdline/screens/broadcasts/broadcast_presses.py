"""Presses on the card of a broadcast: pause and resume at once, cancel with a second tap.

The question stands below: the card is drawn anew every few seconds, and would take it away.
"""

from holdline.desk.broadcasts.by_managers import move_broadcast
from holdline.desk.broadcasts.cards import show_card
from holdline.desk.broadcasts.reading import progress_of
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import BroadcastRefused, BroadcastVerb
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.reply_position import show
from holdline.screens.keyboards import Button, callback_button
from holdline.screens.screen import Screen, UiResponse
from holdline.store.tx import Tx
from holdline.texts import say


def press_broadcast(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The card itself follows through the outbox; `cancel?` asks, `keep` leaves everything as it is."""
    broadcast_id, act, language = pressed.number(), pressed.word(1), manager.language
    if act == "show":
        spot = pressed.spot
        show_card(tx, broadcast_id=broadcast_id, to=Address(spot.chat_id, spot.thread_id), cause=spot.cause)
        return UiResponse()
    if act == "cancel?":
        question = [
            _button(say("composing.sure_cancel", language), broadcast_id, BroadcastVerb.CANCEL),
            _button(say("manager.keep", language), broadcast_id, "keep"),
        ]
        left = progress_of(tx, broadcast_id=broadcast_id).figures
        text = say("composing.ask_cancel", language, id=broadcast_id, count=left.waiting + left.held)
        show(tx, pressed.spot, Screen(text, [question]))
        return UiResponse()
    if act == "keep":
        return UiResponse(window=Screen(say("composing.kept", language, id=broadcast_id)))
    verb = next((each for each in BroadcastVerb if each == act), None)
    if verb is None:
        raise NotFound("button", act)
    try:
        moved = move_broadcast(tx, manager=manager, broadcast_id=broadcast_id, verb=verb)
    except BroadcastRefused as refused:
        return UiResponse(truncate(refused.sentence(language), TOAST_LIMIT), alert=True)
    done = say(f"composing.done_{verb}", language, id=moved.broadcast.id)
    return UiResponse(done, window=Screen(done) if verb is BroadcastVerb.CANCEL else None)


def _button(text: str, broadcast_id: int, act: str) -> Button:
    return callback_button(text, DeskVerb.MOVE_BROADCAST, broadcast_id, str(act))
