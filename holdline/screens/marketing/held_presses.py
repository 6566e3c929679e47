"""Presses in the window of held messages. The first tap asks, the second one acts."""

from holdline.desk.marketing.held import drop_held, require_held, send_held
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound, NotHeld
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.reply_position import show
from holdline.screens.marketing.held_window import CONFIRMED, DROP, KEEP, SEND, gate_queue_screen
from holdline.screens.screen import UiResponse
from holdline.store.delivery import outbound
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.telegram.chats import is_group
from holdline.texts import say


def show_held(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """📥 Shows the window below the card. A press on its page buttons replaces the window."""
    turns_page = len(pressed.button.args) > 1
    after, is_shared = pressed.number(1) if turns_page else 0, is_group(pressed.chat_id)
    window = gate_queue_screen(tx, manager, dialog_id=pressed.number(), is_shared=is_shared, after=after)
    if turns_page:
        return UiResponse(window=window)
    show(tx, pressed.spot, window)
    return UiResponse()


def decide_on_held(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Updates the window, also if the message has left in the meantime."""
    item_id, act = pressed.number(), pressed.word(1)
    after = pressed.number(2) if len(pressed.button.args) > 2 else 0
    toast, alert, asked = "", False, None
    try:
        if act == SEND + CONFIRMED:
            send_held(tx, manager=manager, outbox_id=item_id)
            toast = say("held.sent", manager.language)
        elif act == DROP + CONFIRMED:
            drop_held(tx, manager=manager, outbox_id=item_id)
            toast = say("held.dropped", manager.language)
        elif act in (SEND, DROP):
            require_held(tx, manager=manager, outbox_id=item_id)
            asked, toast = (item_id, act), say("manager.tap_again", manager.language)
        elif act != KEEP:
            raise NotFound("button", act)
    except NotHeld as refused:
        toast, alert = truncate(refused.sentence(manager.language), TOAST_LIMIT), True
    dialog_id = _dialog_of(tx, item_id)
    if dialog_id is None:
        return UiResponse(toast, alert=alert, rows=[])
    is_shared = is_group(pressed.chat_id)
    window = gate_queue_screen(
        tx, manager, dialog_id=dialog_id, is_shared=is_shared, after=after, asked=asked
    )
    return UiResponse(toast, alert=alert, window=window)


def _dialog_of(tx: Tx, item_id: int) -> int | None:
    """The dialog whose gate holds the item, if there is one."""
    parts = outbound.parts_of(tx, item_id)
    return dialogs.active_id(tx, parts[0]["customer_id"]) if parts else None
