"""Presses on the card of a broadcast: pause and resume act at once; what cannot be undone needs a second tap.

The question is a message below, because the card is redrawn every few seconds, which would remove it.
"""

from collections.abc import Callable

from holdline.desk.broadcasts.by_managers import (
    changeable_broadcast,
    export_recipients,
    move_broadcast,
    take_back,
)
from holdline.desk.broadcasts.cards import show_card
from holdline.desk.broadcasts.reading import progress_of
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import (
    CHANGEABLE_FOR,
    BroadcastRefused,
    BroadcastUnchangeable,
    BroadcastVerb,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.broadcasts import plan_form, words_form
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.forms import show_form
from holdline.screens.console.reply_position import show
from holdline.screens.keyboards import Button, callback_button
from holdline.screens.screen import Screen, UiResponse
from holdline.store.tx import Tx
from holdline.texts import say


def press_broadcast(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The card is updated through the outbox. Acts that end in ? ask first; `keep` changes nothing."""
    broadcast_id, act, language = pressed.number(), pressed.word(1), manager.language
    try:
        if act in _ACTS:
            return _ACTS[act](tx, manager, pressed, broadcast_id)
        verb = next((each for each in BroadcastVerb if each == act), None)
        if verb is None:
            raise NotFound("button", act)
        moved = move_broadcast(tx, manager=manager, broadcast_id=broadcast_id, verb=verb)
    except (BroadcastRefused, BroadcastUnchangeable) as refused:
        return UiResponse(truncate(refused.sentence(language), TOAST_LIMIT), alert=True)
    done = say(f"composing.done_{verb}", language, id=moved.broadcast.id)
    return UiResponse(done, window=Screen(done) if verb is BroadcastVerb.CANCEL else None)


def _show(tx: Tx, manager: Manager, pressed: ButtonPress, broadcast_id: int) -> UiResponse:
    spot = pressed.spot
    show_card(tx, broadcast_id=broadcast_id, to=Address(spot.chat_id, spot.thread_id), cause=spot.cause)
    return UiResponse()


def _ask_cancel(tx: Tx, manager: Manager, pressed: ButtonPress, broadcast_id: int) -> UiResponse:
    left = progress_of(tx, broadcast_id=broadcast_id).figures
    text = say("composing.ask_cancel", manager.language, id=broadcast_id, count=left.waiting + left.held)
    return _ask(tx, manager, pressed, text, "cancel")


def _ask_delete(tx: Tx, manager: Manager, pressed: ButtonPress, broadcast_id: int) -> UiResponse:
    """Says beforehand which messages will stay."""
    changeable_broadcast(tx, manager=manager, broadcast_id=broadcast_id)
    figures = progress_of(tx, broadcast_id=broadcast_id).figures
    words = {
        "id": broadcast_id,
        "sent": figures.sent,
        "waiting": figures.waiting + figures.held,
        "at": moment_text(tx.at - CHANGEABLE_FOR, time_zone_of(tx, manager)),
    }
    return _ask(tx, manager, pressed, say("composing.ask_delete", manager.language, **words), "delete")


def _ask(tx: Tx, manager: Manager, pressed: ButtonPress, text: str, act: str) -> UiResponse:
    broadcast_id, language = pressed.number(), manager.language
    question = [
        _button(say(f"composing.sure_{act}", language), broadcast_id, act),
        _button(say("manager.keep", language), broadcast_id, "keep"),
    ]
    show(tx, pressed.spot, Screen(text, [question]))
    return UiResponse()


def _keep(tx: Tx, manager: Manager, pressed: ButtonPress, broadcast_id: int) -> UiResponse:
    return UiResponse(window=Screen(say("composing.kept", manager.language, id=broadcast_id)))


def _delete(tx: Tx, manager: Manager, pressed: ButtonPress, broadcast_id: int) -> UiResponse:
    take_back(tx, manager=manager, broadcast_id=broadcast_id)
    done = say("composing.done_delete", manager.language, id=broadcast_id)
    return UiResponse(done, window=Screen(done))


def _edit(tx: Tx, manager: Manager, pressed: ButtonPress, broadcast_id: int) -> UiResponse:
    form = words_form.begin(tx, manager, broadcast_id=broadcast_id, spot=pressed.form_spot)
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def _replan(tx: Tx, manager: Manager, pressed: ButtonPress, broadcast_id: int) -> UiResponse:
    form = plan_form.begin(
        tx, manager, broadcast_id=broadcast_id, step=pressed.word(1), spot=pressed.form_spot
    )
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def _export(tx: Tx, manager: Manager, pressed: ButtonPress, broadcast_id: int) -> UiResponse:
    to, key = Address(pressed.chat_id, pressed.thread_id), f"export:{pressed.spot.cause}"
    export_recipients(tx, manager=manager, broadcast_id=broadcast_id, to=to, key=key)
    return UiResponse(say("composing.done_export", manager.language))


_ACTS: dict[str, Callable[[Tx, Manager, ButtonPress, int], UiResponse]] = {
    "show": _show,
    "cancel?": _ask_cancel,
    "delete?": _ask_delete,
    "keep": _keep,
    "delete": _delete,
    "edit": _edit,
    plan_form.WHEN: _replan,
    plan_form.AUDIENCE: _replan,
    "export": _export,
}


def _button(text: str, broadcast_id: int, act: str) -> Button:
    return callback_button(text, DeskVerb.MOVE_BROADCAST, broadcast_id, act)
