"""Presses to merge two dialogs, or undo a merge. Each opens a form whose question is the second tap."""

from holdline.dialogs.manager import Manager
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.forms import show_form
from holdline.screens.dialogs import merge_form
from holdline.screens.screen import UiResponse
from holdline.store.tx import Tx


def begin_to_merge(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    form = merge_form.begin(tx, manager, spot=pressed.form_spot, dialog_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def begin_to_undo_merge(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    form = merge_form.begin_to_undo(tx, manager, spot=pressed.form_spot, dialog_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()
