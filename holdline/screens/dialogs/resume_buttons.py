"""Buttons that resume a customer's paused dialogs, offered where somebody would otherwise open another one."""

from holdline.dialogs.verbs import DialogVerb
from holdline.screens.keyboards import Button, callback_button
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

_MOST = 3


def resume_buttons(tx: Tx, customer_id: int, language: str) -> list[Button]:
    """One for each of the customer's paused dialogs; empty if there is none."""
    return [
        callback_button(say("cards.resume_dialog", language, id=dialog.id), DialogVerb.RESUME, dialog.id)
        for dialog in dialogs.list_paused(tx, customer_id, limit=_MOST)
    ]
